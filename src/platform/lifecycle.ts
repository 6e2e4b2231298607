/**
 * Why the page may have been away: the network returned, the tab was brought to the front, a frozen
 * page was resumed, or the page came back from the back/forward cache.
 */
export type Wake = 'online' | 'visible' | 'resumed' | 'restored';

/** The page's comings and goings; a server or a worker has few of them, or none. */
export interface Lifecycle {
  /** `false` when the browser is sure that there is no network; `true` proves nothing. */
  isOnline(): boolean;
  /** Calls `listener` at every {@link Wake}, until the returned function is called. */
  watch(listener: (wake: Wake) => void): () => void;
}

const watchers = /* @__PURE__ */ new Set<(wake: Wake) => void>();

function notice(event: Event): void {
  const wake = wakeOf(event);
  if (wake !== undefined) for (const watcher of [...watchers]) watcher(wake);
}

function wakeOf(event: Event): Wake | undefined {
  switch (event.type) {
    case 'online':
      return 'online';
    case 'resume':
      return 'resumed';
    case 'pageshow':
      return (event as PageTransitionEvent).persisted ? 'restored' : undefined;
    default:
      // `focus` stands in for a `visibilitychange` that some Chromium versions lose after a freeze.
      return document.visibilityState === 'visible' ? 'visible' : undefined;
  }
}

/** One set of listeners for the whole page, however many sockets watch; none when none does. */
function listen(method: 'addEventListener' | 'removeEventListener'): void {
  if (typeof globalThis[method] === 'function') globalThis[method]('online', notice);
  if (typeof document === 'undefined') return;
  for (const type of ['focus', 'pageshow']) globalThis[method](type, notice);
  for (const type of ['visibilitychange', 'resume']) document[method](type, notice);
}

export const pageLifecycle: Lifecycle = {
  isOnline: () => typeof navigator === 'undefined' || (navigator.onLine as unknown) !== false,
  watch(listener) {
    if (watchers.size === 0) listen('addEventListener');
    watchers.add(listener);
    return () => {
      if (watchers.delete(listener) && watchers.size === 0) listen('removeEventListener');
    };
  },
};
