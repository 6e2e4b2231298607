import { SocketError } from './errors.js';

/** How long a listener stays. */
export interface ListenOptions {
  /** Removes the listener when aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Removes the listener before its first call. @defaultValue false */
  readonly once?: boolean | undefined;
}

type Report = (error: unknown) => void;

interface Entry<T> {
  call: (payload: T) => void;
  isActive: boolean;
}

/** The listeners of one event. */
export class Listeners<T> {
  /** Replaced, never changed: a dispatch walks the array that it began with. */
  #entries: readonly Entry<T>[] = [];
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  add(listener: (payload: T) => void, { signal, once }: ListenOptions = {}): () => void {
    if (typeof listener !== 'function') {
      throw new SocketError('options', `a listener must be a function, got ${typeof listener}`);
    }
    const entry: Entry<T> = { call: listener, isActive: true };
    const remove = (): void => {
      entry.isActive = false;
      this.#entries = this.#entries.filter((other) => other !== entry);
      signal?.removeEventListener('abort', remove);
    };
    if (once) {
      entry.call = (payload) => {
        remove();
        listener(payload);
      };
    }
    if (!signal?.aborted) {
      this.#entries = [...this.#entries, entry];
      signal?.addEventListener('abort', remove);
    }
    return remove;
  }

  /** Calls every listener; one that throws is reported and starves nobody. */
  emit(payload: T): void {
    for (const entry of this.#entries) {
      // Removed by a listener before it: it asked not to be called any more.
      if (!entry.isActive) continue;
      try {
        entry.call(payload);
      } catch (error) {
        this.#report(error);
      }
    }
  }
}

/** Listeners by event name, and the order in which they hear of things. */
export class Emitter<Events extends object> {
  readonly report: Report;
  readonly #lists = new Map<keyof Events, Listeners<never>>();
  readonly #pending: (() => void)[] = [];
  /** How many changes and deliveries are under way. */
  #depth = 0;

  constructor(report: Report) {
    this.report = report;
  }

  /** The listeners of `name`, to emit to directly where it is hot. */
  of<Name extends keyof Events>(name: Name): Listeners<Events[Name]> {
    let list = this.#lists.get(name);
    if (!list) this.#lists.set(name, (list = new Listeners<never>(this.report)));
    return list as unknown as Listeners<Events[Name]>;
  }

  /** Tells the listeners of `name`, in its turn. */
  emit<Name extends keyof Events>(name: Name, payload: Events[Name]): void {
    const list = this.#lists.get(name);
    if (list) this.later(() => list.emit(payload as never));
  }

  /** Calls back into the application, in its turn; what it throws is reported. */
  later(callback: () => void): void {
    this.#pending.push(callback);
    if (this.#depth === 0) this.batch(() => undefined);
  }

  /**
   * Makes a change as a whole: what it emits is heard once it is complete, after everything that was
   * emitted before. So no listener ever meets a half-made change, whatever it does itself.
   */
  batch(change: () => void): void {
    this.#depth += 1;
    try {
      change();
      if (this.#depth > 1) return;
      for (let next; (next = this.#pending.shift());) {
        try {
          next();
        } catch (error) {
          this.report(error);
        }
      }
    } finally {
      this.#depth -= 1;
    }
  }
}
