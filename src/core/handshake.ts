import type { Codec } from '../codecs/codec.js';
import { type NativeSocket, OPEN } from '../platform/websocket.js';
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
  readonly attempt: number;
  readonly signal: AbortSignal;
  /** Arrived, and not taken. */
  readonly leftover: In[] = [];
  #isOver = false;
  readonly #native: NativeSocket;
  readonly #codec: Codec<In, Out>;
  readonly #takers: Taker<In>[] = [];

  constructor(native: NativeSocket, codec: Codec<In, Out>, attempt: number, signal: AbortSignal) {
    this.attempt = attempt;
    this.signal = signal;
    this.#native = native;
    this.#codec = codec;
  }

  send(message: Out): void {
    if (this.#isOver || this.#native.readyState !== OPEN) throw over();
    this.#native.send(encode(this.#codec, message));
  }

  receive(): Promise<In> {
    if (this.#isOver) return Promise.reject(over());
    if (this.leftover.length > 0) return Promise.resolve(this.leftover.shift() as In);
    return new Promise((resolve, reject) => this.#takers.push({ resolve, reject }));
  }

  /**
   * Hands `message` to the handshake.
   *
   * @throws {@link SocketError} `handshake` when too many pile up: a server that talks on and on must
   * not fill our memory
   */
  arrive(message: In): void {
    const taker = this.#takers.shift();
    if (taker) taker.resolve(message);
    else if (this.leftover.push(message) > MAX_LEFTOVER) {
      throw new SocketError('handshake', `it left more than ${MAX_LEFTOVER} messages unread`);
    }
  }

  /** Done, or its connection lost: the link is of no use any more. */
  end(): void {
    this.#isOver = true;
    for (const taker of this.#takers.splice(0)) taker.reject(over());
  }
}

function over(): SocketError {
  return new SocketError('aborted', 'the handshake is over, or its connection lost');
}
