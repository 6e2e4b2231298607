import { SocketError } from './errors.js';
import { abortSignal, isFunction, oneOf, refuse, section } from './rules.js';

/** How long a listener stays. */
export interface ListenOptions {
  /** Removes the listener when aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Removes the listener before its first call. @defaultValue false */
  readonly once?: boolean | undefined;
}

const settleListen = /* @__PURE__ */ section<ListenOptions>(() => ({
  signal: abortSignal,
  once: oneOf(false, true),
}));

interface Entry<T> {
  /** Gone once the listener is removed. */
  call?: ((payload: T) => void) | undefined;
}

/** The listeners of one event. */
export class Listeners<T> {
  /** Replaced, never changed: a dispatch walks the array that it began with. */
  #entries: readonly Entry<T>[] = [];
  readonly #report: (error: unknown) => void;

  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  add(listener: (payload: T) => void, options?: ListenOptions): () => void {
    const { signal, once } = settleListen(options);
    if (!isFunction(listener)) refuse('listener', listener);
    const entry: Entry<T> = {};
    const remove = (): void => {
      entry.call = undefined;
      this.#entries = this.#entries.filter((other) => other !== entry);
      signal?.removeEventListener('abort', remove);
    };
    entry.call = once ? (payload) => (remove(), listener(payload)) : listener;
    this.#entries = [...this.#entries, entry];
    signal?.addEventListener('abort', remove);
    if (signal?.aborted) remove();
    return remove;
  }

  /** Calls every listener; one that throws is reported, and starves nobody. */
  emit(payload: T): void {
    for (const entry of this.#entries) {
      try {
        entry.call?.(payload);
      } catch (error) {
        this.#report(error);
      }
    }
  }
}

/** Listeners by event name, and the order in which they hear of things. */
export class Emitter<Events extends { error: SocketError }> {
  readonly #lists = new Map<unknown, Listeners<never>>();
  readonly #pending: (() => void)[] = [];
  /** How many changes and deliveries are under way. */
  #depth = 0;
  readonly #report: (error: unknown) => void;

  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  /** The listeners of `name`. */
  of<Name extends keyof Events>(name: Name): Listeners<Events[Name]> {
    const list = this.#lists.get(name) ?? new Listeners<never>(this.#report);
    this.#lists.set(name, list);
    return list as unknown as Listeners<Events[Name]>;
  }

  /** Tells the listeners of `name`, in its turn. */
  emit<Name extends keyof Events>(name: Name, payload: Events[Name]): void {
    this.later(() => this.#lists.get(name)?.emit(payload as never));
  }

  /** Calls back into the application, in its turn. */
  later(callback: () => void): void {
    this.batch(() => this.#pending.push(callback));
  }

  /** Asks one of the application's functions, now; what it throws is an `error` event. */
  ask<T>(name: string, question: () => T | undefined, fallback: T): T {
    try {
      return question() ?? fallback;
    } catch (cause) {
      this.blame(name, cause);
      return fallback;
    }
  }

  /** Says that one of the application's functions threw. */
  blame(name: string, cause: unknown): void {
    this.emit('error', new SocketError('callback', `${name} threw`, { cause }));
  }

  /**
   * Makes a change as a whole: what it emits is heard once it is complete, after everything that was
   * emitted before. So no listener ever meets a half-made change, whatever it does itself.
   */
  batch<T>(change: () => T): T {
    this.#depth++;
    try {
      const result = change();
      if (this.#depth > 1 || this.#pending.length === 0) return result;
      // More may be added on the way.
      for (const call of this.#pending) {
        try {
          call();
        } catch (error) {
          this.#report(error);
        }
      }
      this.#pending.length = 0;
      return result;
    } finally {
      this.#depth--;
    }
  }
}
