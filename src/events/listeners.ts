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

interface Entry {
  /** Gone once the listener is removed. */
  call?: ((payload: unknown) => void) | undefined;
}

/** Those who listen, by what they listen to. */
export interface Listeners {
  /**
   * @returns what removes the listener
   * @throws {@link SocketError} `options`
   */
  add(key: string, listener: (payload: unknown) => void, options?: ListenOptions): () => void;
  /** Calls them now; one that throws is reported, and starves nobody. */
  call(key: string, payload: unknown): void;
}

export function createListeners(report: (error: unknown) => void): Listeners {
  // Each list is replaced, never changed: a call walks the one that it began with. Without a prototype,
  // or there would be keys that nobody listens to.
  const lists = Object.create(null) as Record<string, readonly Entry[] | undefined>;
  return {
    add(key, listener, options) {
      const { signal, once } = settleListen(options);
      if (!isFunction(listener)) refuse('listener', listener);
      const entry: Entry = {};
      const others = () => (lists[key] ?? []).filter((other) => other !== entry);
      const remove = (): void => {
        entry.call = undefined;
        const rest = others();
        if (rest.length > 0) lists[key] = rest;
        // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- types come and go, and must not pile up
        else delete lists[key];
        stop();
      };
      entry.call = once ? (payload) => (remove(), listener(payload)) : listener;
      lists[key] = others().concat(entry);
      const stop = onAbort(signal, remove);
      if (signal?.aborted) remove();
      return remove;
    },
    call(key, payload) {
      const entries = lists[key];
      if (!entries) return;
      for (const entry of entries) {
        try {
          entry.call?.(payload);
        } catch (error) {
          report(error);
        }
      }
    },
  };
}
