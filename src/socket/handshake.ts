import { SocketError } from '../base/errors.js';
import type { Codec } from '../codecs/codec.js';
import type { ConnectContext } from '../connection/address.js';
import { type NativeSocket, OPEN } from '../platform/websocket.js';
import { encode } from './encode.js';

/** A connection that is open for the handshake only. */
export interface HandshakeLink<In, Out> {
  /** Sends at once, before anything that is queued. */
  send(message: Out): void;
  /** The next inbound message; rejects when the connection is lost. */
  receive(): Promise<In>;
  /** Aborted when the connection is lost or the attempt takes too long. */
  readonly signal: AbortSignal;
  /** Which retry in a row this is; 0 when it is none. */
  readonly attempt: number;
}

/**
 * Runs on each new connection before the queue is flushed: to authenticate, to subscribe, to resume.
 * Rejecting fails the attempt, which is then retried; `throw new SocketError('rejected', …)` is final.
 * Inbound messages that it did not take are delivered to listeners afterwards, in order.
 */
export type Handshake<In, Out> = (link: HandshakeLink<In, Out>) => Promise<unknown>;

/** How many messages may pile up in a handshake that does not take them. */
const MAX_LEFTOVER = 1_000;
/** How large their frames may be together; the first may be of any size, since it is here already. */
const MAX_LEFTOVER_SIZE = 1_048_576;

/** What arrived during a handshake and was not taken. */
export interface Leftover {
  readonly message: unknown;
  /** Of its frame. */
  readonly size: number;
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
  /** Done, or its connection lost. @returns what arrived and was not taken */
  end(): readonly Leftover[];
}

export function openGate(
  codec: Codec<unknown, unknown>,
  native: NativeSocket,
  { signal, attempt }: ConnectContext,
): HandshakeGate {
  const leftover: Leftover[] = [];
  let leftoverSize = 0;
  const takers: { resolve: (message: unknown) => void; reject: (error: SocketError) => void }[] =
    [];
  const isOver = (): SocketError => new SocketError('aborted', 'the handshake is over');
  let isLive = true;
  return {
    link: {
      signal,
      attempt,
      send(message) {
        if (!isLive || native.readyState !== OPEN) throw isOver();
        native.send(encode(codec, message));
      },
      receive() {
        const received = new Promise((resolve, reject) => {
          if (!isLive) return reject(isOver());
          const first = leftover.shift();
          if (!first) return takers.push({ resolve, reject });
          leftoverSize -= first.size;
          resolve(first.message);
        });
        // Nobody may be waiting any more when it rejects.
        received.catch(() => undefined);
        return received;
      },
    },
    takes(message, size) {
      const taker = takers.shift();
      taker?.resolve(message);
      if (taker) return true;
      leftoverSize += size;
      const count = leftover.push({ message, size });
      return count <= MAX_LEFTOVER && (count === 1 || leftoverSize <= MAX_LEFTOVER_SIZE);
    },
    end() {
      isLive = false;
      for (const { reject } of takers) reject(isOver());
      return leftover;
    },
  };
}
