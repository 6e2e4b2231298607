import type { Page } from '../../src/platform/page.js';
import type { SessionStorage } from '../../src/session/storage/contract.js';
import { turn } from './world.js';

/** What the tabs of an origin share: a storage whose every step the test may hold up, and locks. */
export class Origin {
  readonly disk = new Map<string, unknown>();
  readonly #locked = new Map<string, Tab>();
  readonly #waiting: (() => void)[] = [];
  /** Whether what is asked of the storage waits until it is let go on. */
  isHeld = false;
  /** What the storage does instead of what it is asked to. */
  fails: Error | undefined;
  /** What has been written, in order. */
  readonly writes: unknown[] = [];

  get storage(): SessionStorage {
    const step = <T>(action: () => T): Promise<T> =>
      new Promise((resolve, reject) => {
        const run = (): void => {
          if (this.fails) reject(this.fails);
          else resolve(action());
        };
        if (this.isHeld) this.#waiting.push(run);
        else run();
      });
    return {
      get: (key) => step(() => structuredClone(this.disk.get(key))),
      set: (key, value) => {
        const copy: unknown = structuredClone(value);
        return step(() => {
          this.writes.push(copy);
          this.disk.set(key, copy);
        });
      },
      remove: (key) => step(() => void this.disk.delete(key)),
      keys: () => step(() => [...this.disk.keys()]),
    };
  }

  /** Lets one step of the storage go on, or so many. */
  async letGo(steps = 1): Promise<void> {
    for (; steps > 0; steps--) {
      this.#waiting.shift()?.();
      await turn();
    }
  }

  get locks(): string[] {
    return [...this.#locked.keys()];
  }

  lock(name: string, tab: Tab): (() => void) | undefined {
    if (this.#locked.has(name)) return undefined;
    this.#locked.set(name, tab);
    return () => {
      if (this.#locked.get(name) === tab) this.#locked.delete(name);
    };
  }

  /** The page of a tab is gone, and its locks with it. */
  unlock(tab: Tab): void {
    for (const [name, holder] of this.#locked) if (holder === tab) this.#locked.delete(name);
  }
}

/** A tab, and the page in it. */
export class Tab implements Page {
  readonly origin: Origin;
  readonly items: Map<string, string>;
  readonly canLock: boolean = true;
  readonly slots = new Set<string>();
  #watchers: { away: () => void; back: () => void }[] = [];

  constructor(origin: Origin, items: ReadonlyMap<string, string> = new Map()) {
    this.origin = origin;
    this.items = new Map(items);
  }

  readonly tab = {
    getItem: (key: string): string | null => this.items.get(key) ?? null,
    setItem: (key: string, value: string): void => void this.items.set(key, value),
  };

  readonly lock = (name: string): Promise<(() => void) | undefined> =>
    Promise.resolve(this.origin.lock(name, this));

  readonly watch = (away: () => void, back: () => void): (() => void) => {
    const watcher = { away, back };
    this.#watchers.push(watcher);
    return () => (this.#watchers = this.#watchers.filter((other) => other !== watcher));
  };

  get watchers(): number {
    return this.#watchers.length;
  }

  away(): void {
    for (const { away } of this.#watchers) away();
  }

  back(): void {
    for (const { back } of this.#watchers) back();
  }

  /** The page is loaded anew. @returns the tab with its next page */
  reload(): Tab {
    this.origin.unlock(this);
    return new Tab(this.origin, this.items);
  }

  duplicate(): Tab {
    return new Tab(this.origin, this.items);
  }
}
