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
  call?: Listener | undefined;
}

/** Those who listen to one thing. */
export class Listeners {
  /** Replaced, never changed: a call walks the list that it began with. */
  #entries: readonly Entry[] = [];
  readonly #report: (error: unknown) => void;

  /** @param report - told what a listener throws */
  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /**
   * @param removed - called once the listener is no longer one
   * @returns what removes it
   * @throws {@link SocketError} `options`
   */
  add(listener: Listener, options: ListenOptions | undefined, removed: () => void): () => void {
    const { signal, once } = settleListen(options);
    if (!isFunction(listener)) refuse('listener', listener);
    const entry: Entry = {};
    const remove = (): void => {
      entry.call = undefined;
      this.#entries = this.#entries.filter((other) => other !== entry);
      stop();
      removed();
    };
    entry.call = once ? (payload) => (remove(), listener(payload)) : listener;
    this.#entries = this.#entries.concat(entry);
    const stop = onAbort(signal, remove);
    if (signal?.aborted) remove();
    return remove;
  }

  /** Calls them now; one that throws is reported, and starves nobody. */
  call(payload: unknown): void {
    for (const entry of this.#entries) {
      try {
        entry.call?.(payload);
      } catch (error) {
        this.#report(error);
      }
    }
  }
}
