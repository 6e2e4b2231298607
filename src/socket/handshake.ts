import { SocketError } from '../base/errors.js';
import { isFunction, number, refuse } from '../base/rules.js';
import type { Codec } from '../codecs/codec.js';
import type { ConnectContext } from '../connection/address.js';
import { type Pace, paced, settlePace } from '../heartbeat/pace.js';
import { checkSize } from '../outbox/payload.js';
import { type NativeSocket, OPEN } from '../platform/websocket.js';
import { encode } from './encode.js';

/** A connection that is open for the handshake only. */
export interface HandshakeLink<In, Out> {
  /** Sends at once, before anything that is queued. */
  send(message: Out): void;
  /**
   * The next inbound message; rejects when the connection is lost.
   *
   * @param match - only one for which it holds; what does not match stays for the listeners, in order
   */
  receive<Match extends In = In>(
    match?: ((message: In) => message is Match) | ((message: In) => boolean),
  ): Promise<Match>;
  /** Aborted when the connection is lost or the attempt takes too long. */
  readonly signal: AbortSignal;
  /** Which retry in a row this is; 0 when it is none. */
  readonly attempt: number;
  /** How many connections there have been before: 0 at the first one ever. */
  readonly connects: number;
  /**
   * What the server has said of its heartbeat: goes in place of the socket's, for this connection.
   *
   * @throws {@link SocketError} `options`
   */
  heartbeat(pace: Pace): void;
  /**
   * What the server takes as one message at most, in bytes, on this connection: to send a larger one throws
   * `encode`, and one that waits already is dropped as `refused`. Of a message in several frames it holds for
   * each frame, since that is what a server counts.
   *
   * @defaultValue Infinity
   */
  maxMessageBytes: number;
}

/**
 * Runs on each new connection before the queue is flushed: to authenticate, to subscribe, to resume.
 * Rejecting fails the attempt, which is then retried; `throw new SocketError('rejected', …)` is final. It may
 * return nothing. Inbound messages that it did not take are delivered to listeners afterwards, in order.
 */
export type Handshake<In, Out> = (link: HandshakeLink<In, Out>) => unknown;

/** How many messages may pile up in a handshake that does not take them. */
const MAX_LEFTOVER = 1_000;
/** How large their frames may be together; the first may be of any size, since it is here already. */
const MAX_LEFTOVER_SIZE = 1_048_576;

/** Who waits for a message during a handshake. */
interface Taker {
  readonly match: (message: unknown) => boolean;
  readonly resolve: (message: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** What arrived during a handshake and was not taken. */
export interface Leftover {
  readonly message: unknown;
  /** Of its frame. */
  readonly size: number;
}

/** How a handshake has ended. */
export interface HandshakeEnd {
  /** What arrived and was not taken. */
  readonly leftover: readonly Leftover[];
  readonly pace?: Pace | undefined;
  readonly maxMessageBytes?: number | undefined;
}

/** holdline's end of a {@link HandshakeLink}, for as long as the handshake lasts. */
export interface HandshakeGate {
  readonly link: HandshakeLink<unknown, unknown>;
  /**
   * Hands `message` to the handshake.
   *
   * @param size - of the frame that it came in
   * @returns whether there is room for it: a server that talks on and on must not fill our memory
   */
  takes(message: unknown, size: number): boolean;
  /** Sends the answer to a ping of the server's, if it still can. */
  answer(message: unknown): void;
  /** Done, or its connection lost. */
  end(): HandshakeEnd;
}

export function openGate(
  codec: Codec<unknown, unknown>,
  native: NativeSocket,
  { signal, attempt }: ConnectContext,
  connects: number,
): HandshakeGate {
  const leftover: Leftover[] = [];
  let leftoverSize = 0;
  const takers = new Set<Taker>();
  let pace: Pace | undefined;
  let maxMessageBytes = Infinity;
  const isOver = (): SocketError => new SocketError('aborted', 'the handshake is over');
  let isLive = true;

  /** Gives `message` to the first who waits for its like. @returns whether anybody did */
  function isTaken(message: unknown): boolean {
    for (const taker of takers) {
      try {
        if (!taker.match(message)) continue;
        takers.delete(taker);
        taker.resolve(message);
        return true;
      } catch (error) {
        // It has taken nothing: the message is there for the next.
        takers.delete(taker);
        taker.reject(error as Error);
      }
    }
    return false;
  }

  const link: HandshakeLink<unknown, unknown> = {
    signal,
    attempt,
    connects,
    send(message) {
      if (!isLive || native.readyState !== OPEN) throw isOver();
      const data = encode(codec, message);
      checkSize(data, maxMessageBytes);
      for (const frame of [data].flat()) native.send(frame);
    },
    receive(match = () => true) {
      if (!isFunction(match)) refuse('match', match);
      const received = new Promise((resolve, reject) => {
        if (!isLive) return reject(isOver());
        const first = leftover.find(({ message }) => match(message));
        if (!first) return takers.add({ match, resolve, reject });
        // Looked for only now: to match may have been to receive another.
        leftover.splice(leftover.indexOf(first), 1);
        leftoverSize -= first.size;
        resolve(first.message);
      });
      // Nobody may be waiting any more when it rejects.
      received.catch(() => undefined);
      return received as Promise<never>;
    },
    heartbeat(given) {
      if (!isLive) throw isOver();
      pace = paced(pace, settlePace(given, 'link.heartbeat'));
    },
    get maxMessageBytes() {
      return maxMessageBytes;
    },
    set maxMessageBytes(given) {
      if (!isLive) throw isOver();
      maxMessageBytes = number(Infinity)(given, 'link.maxMessageBytes');
    },
  };

  return {
    link,
    answer(message) {
      if (native.readyState === OPEN) link.send(message);
    },
    takes(message, size) {
      if (isTaken(message)) return true;
      leftoverSize += size;
      const count = leftover.push({ message, size });
      return count <= MAX_LEFTOVER && (count === 1 || leftoverSize <= MAX_LEFTOVER_SIZE);
    },
    end() {
      isLive = false;
      for (const { reject } of takers) reject(isOver());
      return { leftover, pace, maxMessageBytes };
    },
  };
}
