/** Where a page keeps what belongs to its tab, and how it says that something is its own. */
export interface Page {
  /** Kept for this tab, also across a reload; a duplicate of the tab begins with a copy. */
  readonly tab: Pick<Storage, 'getItem' | 'setItem'> | undefined;
  /** What its sockets know their own things in the tab's storage by, while they do. */
  readonly slots: Set<string>;
  /** Whether it can lock anything at all. */
  readonly canLock: boolean;
  /**
   * Holds the lock of this name for the page alone.
   *
   * @param patience - how long to wait for whoever has it, in milliseconds: a page that is reloaded may still be going
   * @returns what lets go of it; `undefined` where another page holds it
   */
  readonly lock: (name: string, patience: number) => Promise<(() => void) | undefined>;
  /** Calls back when the page is put away, for good or into the back/forward cache, and when it is back. */
  readonly watch: (away: () => void, back: () => void) => () => void;
}

/** Of the one page that there is. */
const slots = /* @__PURE__ */ new Set<string>();

type Globals = Partial<typeof globalThis>;

/** A page that is not allowed to keep anything throws when it is asked for the storage. */
function tabStorage(): Page['tab'] {
  try {
    return (globalThis as Globals).sessionStorage;
  } catch {
    return undefined;
  }
}

/**
 * What the tabs of an origin share.
 *
 * @throws where there is none, or the page may not use it
 */
export async function localStorage(): Promise<Storage> {
  const { localStorage: storage } = globalThis as Globals;
  if (!storage) throw Error('there is no localStorage here');
  return Promise.resolve(storage);
}

export function systemPage(): Page {
  const page = globalThis as Globals;
  const { locks } = (page.navigator ?? {}) as { locks?: LockManager };
  return {
    tab: tabStorage(),
    slots,
    canLock: !!locks,
    lock: (name, patience) =>
      new Promise((resolve) => {
        const controller = new AbortController();
        const timer = setTimeout(() => controller.abort(), patience);
        const hold = (): Promise<void> => {
          clearTimeout(timer);
          return new Promise((release) => resolve(() => release()));
        };
        locks?.request(name, { signal: controller.signal }, hold).catch(() => resolve(undefined));
      }),
    watch(away, back) {
      const shown = ({ persisted }: PageTransitionEvent): void => {
        if (persisted) back();
      };
      page.addEventListener?.('pagehide', away);
      page.addEventListener?.('pageshow', shown);
      return () => {
        page.removeEventListener?.('pagehide', away);
        page.removeEventListener?.('pageshow', shown);
      };
    },
  };
}
