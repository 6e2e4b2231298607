/** The page's comings and goings; a server or a worker has few of them, or none. */
export interface Lifecycle {
  /** `false` when the browser is sure that there is no network; `true` proves nothing. */
  isOnline(): boolean;
  /**
   * Calls `listener` whenever the page may have been away: the network returned, the tab was brought
   * to the front, a frozen page was resumed, or the page came back from the back/forward cache.
   *
   * @returns what stops that
   */
  watch(listener: () => void): () => void;
}

const watchers = /* @__PURE__ */ new Set<() => void>();

function notice({ type, persisted }: Event & { persisted?: boolean }): void {
  // A page that was only loaded, or hidden.
  if (persisted === false || (type === 'visibilitychange' && document.hidden)) return;
  for (const watcher of [...watchers]) watcher();
}

/** One set of listeners for the whole page, however many sockets watch; none when none does. */
function listen(method: 'addEventListener' | 'removeEventListener'): void {
  const { document, [method]: change } = globalThis as Partial<typeof globalThis>;
  // `focus` stands in for a `visibilitychange` that some Chromium versions lose after a freeze.
  for (const type of ['online', 'focus', 'pageshow']) change?.(type, notice);
  for (const type of ['visibilitychange', 'resume']) document?.[method](type, notice);
}

export const pageLifecycle: Lifecycle = {
  isOnline: () => (globalThis as Partial<typeof globalThis>).navigator?.onLine !== false,
  watch(listener) {
    if (watchers.size === 0) listen('addEventListener');
    watchers.add(listener);
    return () => {
      if (watchers.delete(listener) && watchers.size === 0) listen('removeEventListener');
    };
  },
};
