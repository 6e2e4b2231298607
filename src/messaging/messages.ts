import { SocketError } from '../base/errors.js';
import type { MessageOf, MessageType } from '../socket/message-type.js';
import type { Overflow } from '../outbox/queue-options.js';
import { abortSignal, number, oneOf, rule, section } from '../base/rules.js';
import { frameSize, type Measuring } from '../socket/frame-size.js';
import type { MessageSource } from '../socket/message-source.js';
import type { Socket } from '../socket/socket-interface.js';
import { onAbort } from '../base/abort.js';

/** Options of {@link messages}. */
export interface MessagesOptions<Type extends string = string> {
  /** Only messages with this `type`. */
  readonly type?: Type | undefined;
  /** Aborting it ends the iteration with {@link SocketError} `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** How many messages may wait for a slow loop. @defaultValue 1_000 */
  readonly limit?: number | undefined;
  /**
   * How large the frames that they came in may be together, in bytes, or characters of text. A larger
   * message than that cannot wait at all. With a stand-in for a socket there is no such bound.
   *
   * @defaultValue 16_777_216
   */
  readonly maxBytes?: number | undefined;
  /**
   * What happens to further ones; `'throw'` ends the iteration with {@link SocketError} `queue-full`.
   *
   * @defaultValue 'drop-oldest'
   */
  readonly overflow?: Overflow | undefined;
}

const settle = /* @__PURE__ */ section(() => ({
  type: rule<string | undefined>((type) => typeof type === 'string'),
  signal: abortSignal,
  limit: number(1_000),
  maxBytes: number(16_777_216),
  overflow: oneOf('drop-oldest', 'drop-newest', 'throw'),
}));

/**
 * The messages that arrive from now on, as an async iterable with a bounded buffer. The iteration is
 * over when the socket is closed for good; leaving the loop unsubscribes.
 *
 * ```ts
 * for await (const message of messages(socket, { type: 'chat' })) show(message);
 * ```
 *
 * @throws {@link SocketError} `options`
 */
export function messages<In, Out>(
  socket: Socket<In, Out>,
  options?: MessagesOptions & { readonly type?: undefined },
): AsyncIterableIterator<In>;
export function messages<In, Out, Type extends MessageType<In>>(
  socket: Socket<In, Out>,
  options: MessagesOptions<Type> & { readonly type: Type },
): AsyncIterableIterator<MessageOf<In, Type>>;
/** The same of a socket of which only some messages are known. */
export function messages<In, Types extends string, Type extends Types>(
  source: MessageSource<In, Types>,
  options: MessagesOptions<Type> & { readonly type: Type },
): AsyncIterableIterator<MessageOf<In, Type>>;
export function messages(
  socket: MessageSource<unknown>,
  options?: MessagesOptions,
): AsyncIterableIterator<unknown> {
  const { type, signal, ...bounds } = settle(options);
  const iteration = new Iteration<unknown>(bounds);
  const { done } = iteration;
  const { [frameSize]: sizeNow = () => 0 } = socket as Partial<Measuring>;
  const abort = (): void => {
    iteration.end(
      new SocketError('aborted', 'the signal was aborted', {
        cause: signal?.reason,
      }),
    );
  };
  const whenClosed = (): void => {
    if (socket.status === 'closed') iteration.end();
  };
  const event = type === undefined ? 'message' : `message:${type}`;
  socket.on(event as `message:${string}`, (message) => iteration.push(message, sizeNow()), {
    signal: done,
  });
  socket.on('status', whenClosed, { signal: done });
  done.addEventListener('abort', onAbort(signal, abort));
  whenClosed();
  if (signal?.aborted) abort();
  return iteration;
}

interface Bounds {
  readonly limit: number;
  readonly maxBytes: number;
  readonly overflow: Overflow;
}

interface Waiting<T> {
  readonly value: T;
  readonly size: number;
}

interface Taker<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (error: SocketError) => void;
}

/** A bounded buffer between those who push and those who pull. */
class Iteration<T> implements AsyncIterableIterator<T, undefined> {
  readonly #stop = new AbortController();
  /** Aborted when nothing more is wanted. */
  readonly done = this.#stop.signal;
  /** From `first` on: to shift a long array would move all of it. */
  #waiting: (Waiting<T> | undefined)[] = [];
  #first = 0;
  /** How large those that wait are together. */
  #size = 0;
  #takers: Taker<T>[] = [];
  #failure: SocketError | undefined;
  readonly #bounds: Bounds;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  push(value: T, size: number): void {
    const taker = this.#takers.shift();
    if (taker) return taker.resolve({ value, done: false });
    const { limit, maxBytes, overflow } = this.#bounds;
    const isFull = (): boolean =>
      this.#waiting.length - this.#first >= limit || this.#size + size > maxBytes;
    if (isFull()) {
      if (overflow === 'throw') {
        const said = `more than ${limit} messages, or ${maxBytes} bytes, wait`;
        return this.end(new SocketError('queue-full', said));
      }
      if (overflow === 'drop-newest' || size > maxBytes) return;
      while (isFull()) this.#take();
    }
    this.#waiting.push({ value, size });
    this.#size += size;
  }

  /** No more will come; what waits can still be had, and then `failure`, if any. */
  end(failure?: SocketError): void {
    if (this.done.aborted) return;
    this.#stop.abort();
    this.#failure = failure;
    for (const taker of this.#takers.splice(0)) void this.next().then(taker.resolve, taker.reject);
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#waiting.length > this.#first) {
      return Promise.resolve({ value: this.#take(), done: false });
    }
    if (!this.done.aborted) {
      return new Promise((resolve, reject) => this.#takers.push({ resolve, reject }));
    }
    const failure = this.#failure;
    this.#failure = undefined;
    return failure ? Promise.reject(failure) : Promise.resolve({ value: undefined, done: true });
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#waiting.length = this.#first = this.#size = 0;
    this.end();
    return Promise.resolve({ value: undefined, done: true });
  }

  #take(): T {
    const { value, size } = this.#waiting[this.#first] as Waiting<T>;
    this.#waiting[this.#first++] = undefined;
    this.#size -= size;
    if (this.#first * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#first);
      this.#first = 0;
    }
    return value;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
