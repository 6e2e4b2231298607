import { SocketError } from '../base/errors.js';
import type { MessageOf, MessageType } from '../socket/events.js';
import type { Overflow } from '../outbox/queue-options.js';
import { abortSignal, number, oneOf, rule, section } from '../base/rules.js';
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
export function messages<In, Out>(
  socket: Socket<In, Out>,
  options?: MessagesOptions,
): AsyncIterableIterator<In> {
  const { type, signal, limit, overflow } = settle(options);
  const iteration = new Iteration<In>(limit, overflow);
  const { done } = iteration;
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
  socket.on(event as 'message', (message: In) => iteration.push(message), {
    signal: done,
  });
  socket.on('status', whenClosed, { signal: done });
  done.addEventListener('abort', onAbort(signal, abort));
  whenClosed();
  if (signal?.aborted) abort();
  return iteration;
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
  #waiting: (T | undefined)[] = [];
  #first = 0;
  #takers: Taker<T>[] = [];
  #failure: SocketError | undefined;
  readonly #limit: number;
  readonly #overflow: Overflow;

  constructor(limit: number, overflow: Overflow) {
    this.#limit = limit;
    this.#overflow = overflow;
  }

  push(value: T): void {
    const taker = this.#takers.shift();
    if (taker) return taker.resolve({ value, done: false });
    if (this.#waiting.length - this.#first >= this.#limit) {
      if (this.#overflow === 'drop-newest') return;
      if (this.#overflow === 'throw') {
        return this.end(new SocketError('queue-full', `more than ${this.#limit} messages wait`));
      }
      this.#take();
    }
    this.#waiting.push(value);
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
    this.#waiting.length = this.#first = 0;
    this.end();
    return Promise.resolve({ value: undefined, done: true });
  }

  #take(): T {
    const value = this.#waiting[this.#first] as T;
    this.#waiting[this.#first++] = undefined;
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
