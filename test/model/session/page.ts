import type { LifecycleEvent } from '../../../src/platform/lifecycle.js';
import type { Page as PagePlatform } from '../../../src/platform/page.js';
import type { Platform } from '../../../src/platform/platform.js';
import type { NativeSocket, WebSocketConstructor } from '../../../src/platform/websocket.js';
import type { Chance } from './chance.js';
import type { Disk, DiskAccess } from './disk.js';
import type { Line } from './line.js';
import type { Locks } from './locks.js';
import type { ProcessClock } from './time.js';

/** What a tab keeps for itself, whatever page is in it: a duplicate begins with a copy. */
export class Tab {
  readonly number: number;
  readonly kept: Map<string, string>;
  /** The session that it had last. */
  sid: string | undefined;

  constructor(number: number, kept?: Map<string, string>) {
    this.number = number;
    this.kept = new Map(kept);
  }
}

/** What a page is made of. */
export interface PageParts {
  readonly number: number;
  readonly tab: Tab;
  readonly clock: ProcessClock;
  readonly chance: Chance;
  readonly disk: Disk;
  readonly locks: Locks;
  readonly dial: (page: Page, url: string) => Line;
  readonly report: (error: unknown) => void;
}

/** The browser's side of a page: what its scripts ask of the world, and what happens to it as a whole. */
export class Page {
  readonly number: number;
  readonly tab: Tab;
  readonly clock: ProcessClock;
  readonly access: DiskAccess;
  readonly lines = new Set<Line>();
  readonly platform: Platform;
  readonly own: PagePlatform;
  readonly #locks: Locks;
  readonly #watchers = new Set<(event: LifecycleEvent) => void>();
  readonly #watching = new Set<{ readonly away: () => void; readonly back: () => void }>();
  isDead = false;
  /** Whether it is in the back/forward cache. */
  isAway = false;
  wasAway = false;

  constructor({ number, tab, clock, chance, disk, locks, dial, report }: PageParts) {
    this.number = number;
    this.tab = tab;
    this.clock = clock;
    this.#locks = locks;
    this.access = disk.connect(`page ${number}`);
    // Whoever calls that with `new` gets what it returns.
    const connect = (url: string): NativeSocket => {
      const line = dial(this, url);
      for (const other of this.lines) if (other.isOver) this.lines.delete(other);
      this.lines.add(line);
      return line.socket;
    };
    const WebSocket = function (url: string) {
      return connect(url);
    } as unknown as WebSocketConstructor;
    this.platform = {
      clock,
      random: chance.next,
      location: () => ({ base: 'https://app.example/', isSecure: true }),
      webSocket: () => WebSocket,
      report,
      lifecycle: {
        isOnline: () => true,
        isHidden: () => false,
        watch: (watcher) => {
          this.#watchers.add(watcher);
          return () => void this.#watchers.delete(watcher);
        },
      },
    };
    this.own = {
      tab: {
        getItem: (key) => tab.kept.get(key) ?? null,
        setItem: (key, value) => void tab.kept.set(key, value),
      },
      slots: new Set(),
      canLock: true,
      lock: (name, patience) => locks.lock(this, name, patience),
      watch: (away, back) => {
        const own = { away, back };
        this.#watching.add(own);
        return () => void this.#watching.delete(own);
      },
    };
  }

  get isRunning(): boolean {
    return !this.isDead && !this.clock.isStopped;
  }

  /** How many listen to what happens to the page. */
  get watchers(): number {
    return this.#watchers.size;
  }

  /** It is left: for another page, or for the back/forward cache. */
  leave(): void {
    for (const watcher of [...this.#watchers]) watcher('leaving');
    for (const { away } of [...this.#watching]) away();
  }

  /** What was put into the back/forward cache runs no script, and has no connections. */
  freeze(): void {
    this.isAway = this.wasAway = true;
    for (const line of this.lines) if (!line.isOver) line.cut(Infinity, 0);
    this.clock.stop();
  }

  /** It runs again, wherever it was. */
  comeBack(): void {
    this.clock.resume();
    if (!this.isAway) return;
    this.isAway = false;
    for (const { back } of [...this.#watching]) back();
    for (const watcher of [...this.#watchers]) watcher('awake');
  }

  /** It is no more. @param keptUp - how many frames on each line arrive yet; `keptWrites` of its writes happen yet */
  die(keptUp: number, keptWrites: number): void {
    this.isDead = true;
    for (const line of this.lines) line.pageGone(keptUp);
    this.access.die(keptWrites);
    this.clock.die();
    this.#locks.die(this);
  }
}
