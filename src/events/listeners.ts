import { onAbort } from '../base/abort.js';
import { abortSignal, isFunction, oneOf, refuse, section } from '../base/rules.js';

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

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what it is called with, it has said it takes
export type Listener = (payload: any) => void;

interface Entry {
  /** Gone once the listener is removed. */
  call: Listener | undefined;
}

/** Made here, so that whoever can remove a listener does not hold it in memory. */
const onceOnly =
  (listener: Listener, remove: () => void): Listener =>
  (payload) => (remove(), listener(payload));

/** Those who listen to one thing. Adding and removing one takes as long however many there are. */
export class Listeners {
  /**
   * In their order, with those that are gone until these are the most. A call walks the list that it began
   * with, as far as it went then: it only grows, until it is replaced.
   */
  #entries: Entry[] = [];
  #count = 0;
  readonly #report: (error: unknown) => void;

  /** @param report - told what a listener throws */
  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /**
   * @param removed - called once the listener is no longer one
   * @returns what removes it
   * @throws {@link SocketError} `options`
   */
  add(listener: Listener, options: ListenOptions | undefined, removed: () => void): () => void {
    const { signal, once } = settleListen(options);
    if (!isFunction(listener)) refuse('listener', listener);
    const remove = (): void => {
      if (!entry.call) return;
      entry.call = undefined;
      this.#count--;
      if (this.#entries.length > 2 * this.#count) {
        this.#entries = this.#entries.filter(({ call }) => call);
      }
      stop();
      removed();
    };
    const entry: Entry = { call: once ? onceOnly(listener, remove) : listener };
    this.#entries.push(entry);
    this.#count++;
    const stop = onAbort(signal, remove);
    if (signal?.aborted) remove();
    return remove;
  }

  /** Calls them now; one that throws is reported, and starves nobody. */
  call(payload: unknown): void {
    const entries = this.#entries;
    const { length } = entries;
    for (let at = 0; at < length; at++) {
      try {
        entries[at]?.call?.(payload);
      } catch (error) {
        this.#report(error);
      }
    }
  }
}
