/** What may happen to the page, the network or the machine. */
export type LifecycleEvent =
  /** There is a network again. */
  | 'online'
  /** There is none, says the browser. */
  | 'offline'
  /** A frozen page was resumed, or it came back from the back/forward cache. */
  | 'awake'
  /** The tab was brought to the front. */
  | 'shown'
  | 'hidden'
  /** The page is about to go: a link was followed, or the tab is being closed. */
  | 'leaving';

/** The page's comings and goings; a server or a worker has few of them, or none. */
export interface Lifecycle {
  /** `false` when the browser is sure that there is no network; `true` proves nothing. */
  isOnline(): boolean;
  /** Whether nobody sees the page; then its timers may be late. */
  isHidden(): boolean;
  /**
   * Calls `listener` with whatever happens from now on; what it says before it has returned is passed over.
   *
   * @returns what stops that
   */
  watch(listener: (event: LifecycleEvent) => void): () => void;
}

const watchers = /* @__PURE__ */ new Set<(event: LifecycleEvent) => void>();

/**
 * By the events of the window. `focus` stands in for a `visibilitychange` that some Chromium versions lose;
 * `beforeunload` is left alone, since it keeps pages out of the back/forward cache.
 */
const OF_WINDOW: Readonly<Record<string, LifecycleEvent>> = {
  online: 'online',
  offline: 'offline',
  focus: 'shown',
  pageshow: 'awake',
  pagehide: 'leaving',
};

/** What is read of the events that are listened to; each has some of it. */
interface PageEvent extends Event {
  readonly persisted?: boolean;
  readonly hashChange?: boolean;
  readonly downloadRequest?: string | null;
  readonly destination?: { readonly sameDocument?: boolean };
}

const isHidden = (): boolean =>
  (globalThis as Partial<typeof globalThis>).document?.visibilityState === 'hidden';

function meaningOf(event: PageEvent): LifecycleEvent | undefined {
  const { type, persisted, hashChange, downloadRequest, destination } = event;
  if (type === 'navigate') {
    const stays = hashChange || destination?.sameDocument || typeof downloadRequest === 'string';
    return stays ? undefined : 'leaving';
  }
  // A page that was only loaded has not been away.
  if (type === 'pageshow' && !persisted) return undefined;
  if (type === 'resume') return 'awake';
  return OF_WINDOW[type] ?? (isHidden() ? 'hidden' : 'shown');
}

function notice(event: Event): void {
  const meaning = meaningOf(event);
  if (meaning) for (const watcher of [...watchers]) watcher(meaning);
}

/** One set of listeners for the whole page, however many sockets watch; none when none does. */
function listen(method: 'addEventListener' | 'removeEventListener'): void {
  const page = globalThis as Partial<typeof globalThis> & { readonly navigation?: EventTarget };
  // Some environments have no more than a part of a page.
  const change = (target: Partial<EventTarget> | undefined, type: string): void =>
    target?.[method]?.(type, notice);
  for (const type of Object.keys(OF_WINDOW)) change(page, type);
  for (const type of ['visibilitychange', 'resume']) change(page.document, type);
  // Firefox closes with 1001 when a link is followed, long before `pagehide`.
  change(page.navigation, 'navigate');
}

export const pageLifecycle: Lifecycle = {
  isOnline: () => (globalThis as Partial<typeof globalThis>).navigator?.onLine !== false,
  isHidden,
  watch(listener) {
    if (watchers.size === 0) listen('addEventListener');
    watchers.add(listener);
    return () => {
      if (watchers.delete(listener) && watchers.size === 0) listen('removeEventListener');
    };
  },
};
