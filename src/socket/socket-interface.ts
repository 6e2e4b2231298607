import type { CloseOptions, FailOptions } from './close-options.js';
import type { ListenOptions } from '../events/listeners.js';
import type { SocketEvents } from './events.js';
import type { Status } from '../connection/machine.js';
import type { SendOptions } from '../outbox/send-options.js';
import type { Snapshot } from './snapshot.js';
import type { SendResult } from '../outbox/contract.js';
import type { WaitOptions } from '../events/waiters.js';

/** How much waits in the queue. */
export interface Queued {
  readonly messages: number;
  /** Of encoded messages, text counted in UTF-8. */
  readonly bytes: number;
}

/**
 * A WebSocket that holds the line. It throws {@link SocketError} for misuse only; whatever the network
 * does is an event. Its methods need no `this`.
 */
export interface Socket<out In = unknown, Out = In> {
  /**
   * Encodes `message` now, and sends it as soon as the line takes it.
   *
   * @returns `'sent'` when it was handed to the browser, `'queued'` when it waits, `'dropped'` when it
   * never will be sent; a `drop` event says why
   * @throws {@link SocketError} `encode`, `options`, or `queue-full` where `overflow` is `'throw'`
   */
  readonly send: (message: Out, options?: SendOptions) => SendResult;

  /**
   * Settles when the queue is empty and `bufferedAmount` below the high-water mark; rejects with
   * {@link SocketError} `closed` when the socket is closed before that.
   */
  readonly drained: (options?: WaitOptions) => Promise<void>;

  /**
   * Calls `listener` at every `event`. One that throws is reported with the global `reportError`.
   *
   * @returns a function that removes the listener
   */
  on<Event extends keyof SocketEvents<In, Out>>(
    event: Event,
    listener: (payload: SocketEvents<In, Out>[Event]) => void,
    options?: ListenOptions,
  ): () => void;

  /**
   * Connects unless the line is open or being opened. Acts now, from every state: it cuts a wait short
   * and it revives a closed socket. Only after an attempt that failed, or a connection that ended within a
   * second of opening, it begins a second after that one had, or a listener would go in circles.
   *
   * @throws {@link SocketError} `unsupported` where there is no WebSocket; `aborted` once the socket's
   * `signal` is aborted
   */
  readonly connect: () => void;

  /**
   * Replaces the connection, if any, by a new one. Acts now, from every state; or as soon as
   * {@link Socket.connect} does.
   *
   * @param reason - goes into the close frame, at most 123 bytes of UTF-8
   * @throws as {@link Socket.connect}
   */
  readonly reconnect: (reason?: string) => void;

  /**
   * Closes the socket; what is queued is dropped. The promise always settles: at the latest after the
   * `timeout`, or with `flush` after twice that. Afterwards there is no timer and no listener left.
   *
   * @throws {@link SocketError} `options`
   */
  readonly close: (options?: CloseOptions) => Promise<void>;

  /**
   * Closes the connection and keeps everything else: what is queued, the listeners, and who waits. The status is
   * `idle` until {@link Socket.connect} or {@link Socket.reconnect}; nothing else connects it. What was handed to
   * the browser still goes out, as with `close()`. On a closed socket it does nothing.
   */
  readonly pause: () => void;

  /**
   * The application's own verdict on this connection: it is given up as if it had been lost, with an `error`
   * event, backoff and a `close` event whose cause is `failed`. Where there is no connection and no attempt at
   * one, it does nothing.
   *
   * @param error - what is wrong; a {@link SocketError} `rejected` closes the socket for good, and what is no
   * SocketError becomes the cause of one with code `failed`
   * @throws {@link SocketError} `options`
   */
  readonly fail: (error: Error, options?: FailOptions) => void;

  /**
   * Settles when the line is open; rejects with {@link SocketError} `closed` when the socket is closed,
   * or is already, with what ended it as the `cause`.
   */
  readonly ready: (options?: WaitOptions) => Promise<void>;

  readonly status: Status;
  /** How much waits in the queue. */
  readonly queued: Queued;
  /** The latest round trip, in milliseconds: from the oldest ping that waited for an answer; `undefined` before the first. */
  readonly latency: number | undefined;
  /** What the latest native socket was opened with: the URL, resolved; empty before the first. */
  readonly url: string;
  /** The subprotocol that the server chose; empty until it has, and once its connection is gone. */
  readonly protocol: string;
  /** How many bytes the browser has taken and not yet sent. */
  readonly bufferedAmount: number;

  /** Calls `listener` when the snapshot has changed. @returns what removes it */
  readonly subscribe: (listener: () => void) => () => void;
  /** The state as one frozen object, the same one until something changes. */
  readonly getSnapshot: () => Snapshot;
  /** What a server renders. */
  readonly getServerSnapshot: () => Snapshot;

  /** `close()`, for `using`. */
  [Symbol.dispose](): void;
  /** `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
