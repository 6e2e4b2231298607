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
  readonly call: Listener;
  /** Where it stands in the list. */
  at: number;
}

/** Apart from the one who removes it, so that whoever can remove a listener does not hold it in memory. */
const onceOnly =
  (listener: Listener, remove: () => void): Listener =>
  (payload) => (remove(), listener(payload));

/** Those who listen to one thing. To add and to remove one takes the same time however many there are. */
export class Listeners {
  /** In their order. Who is removed leaves a gap, and gaps are closed when they are the most. */
  readonly #entries: (Entry | undefined)[] = [];
  #count = 0;
  /** How many calls are walking the list, one within the other: where an entry stands must not change. */
  #walks = 0;
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
    let entry: Entry | undefined;
    const remove = (): void => {
      if (!entry) return;
      this.#entries[entry.at] = undefined;
      entry = undefined;
      this.#count--;
      this.#closeGaps();
      stop();
      removed();
    };
    const call = once ? onceOnly(listener, remove) : listener;
    entry = { call, at: this.#entries.length };
    this.#entries.push(entry);
    this.#count++;
    const stop = onAbort(signal, remove);
    if (signal?.aborted) remove();
    return remove;
  }

  /** Calls them now, but none that is added meanwhile; one that throws is reported, and starves nobody. */
  call(payload: unknown): void {
    const entries = this.#entries;
    const { length } = entries;
    this.#walks++;
    try {
      for (let at = 0; at < length; at++) this.#callOne(entries[at], payload);
    } finally {
      this.#walks--;
      this.#closeGaps();
    }
  }

  #callOne(entry: Entry | undefined, payload: unknown): void {
    try {
      entry?.call(payload);
    } catch (error) {
      this.#report(error);
    }
  }

  #closeGaps(): void {
    const entries = this.#entries;
    if (this.#walks > 0 || entries.length <= 2 * this.#count) return;
    let at = 0;
    for (const entry of entries) {
      if (!entry) continue;
      entry.at = at;
      entries[at++] = entry;
    }
    entries.length = at;
  }
}
