import type { Codec } from '../codecs/codec.js';
import { type NativeSocket, OPEN } from '../platform/websocket.js';
import type { ConnectContext } from './address.js';
import { SocketError } from './errors.js';
import { encode } from './payload.js';

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

interface Taker<In> {
  readonly resolve: (message: In) => void;
  readonly reject: (error: SocketError) => void;
}

/** holdline's end of a {@link HandshakeLink}. */
export class HandshakeSession<In, Out> implements HandshakeLink<In, Out> {
  readonly signal: AbortSignal;
  readonly attempt: number;
  /** Arrived, and not taken. */
  readonly leftover: In[] = [];
  readonly #takers: Taker<In>[] = [];
  readonly #codec: Codec<In, Out>;
  /** Gone once the handshake is over. */
  #native: NativeSocket | undefined;

  constructor(native: NativeSocket, codec: Codec<In, Out>, context: ConnectContext) {
    this.signal = context.signal;
    this.attempt = context.attempt;
    this.#codec = codec;
    this.#native = native;
  }

  send(message: Out): void {
    if (this.#native?.readyState !== OPEN) throw isOver();
    this.#native.send(encode(this.#codec, message));
  }

  receive(): Promise<In> {
    const received = new Promise<In>((resolve, reject) => {
      if (!this.#native) reject(isOver());
      else if (this.leftover.length > 0) resolve(this.leftover.shift() as In);
      else this.#takers.push({ resolve, reject });
    });
    // Nobody may be waiting any more when it rejects.
    received.catch(() => undefined);
    return received;
  }

  /**
   * Hands `message` to the handshake.
   *
   * @returns whether there is room for it: a server that talks on and on must not fill our memory
   */
  takes(message: In): boolean {
    const taker = this.#takers.shift();
    taker?.resolve(message);
    return !!taker || this.leftover.push(message) <= MAX_LEFTOVER;
  }

  /** Done, or its connection lost. */
  end(): void {
    this.#native = undefined;
    for (const taker of this.#takers) taker.reject(isOver());
  }
}

function isOver(): SocketError {
  return new SocketError('aborted', 'the handshake is over');
}
