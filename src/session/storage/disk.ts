import { ignore } from '../../base/abort.js';
import { SocketError } from '../../base/errors.js';
import type { Clock } from '../../platform/clock.js';
import type { Page } from '../../platform/page.js';
import type { SessionStorage } from './contract.js';
import { inTime } from './in-time.js';
import { isStored, type StoredSession } from './record.js';

/** How long a page that was reloaded may take to be gone, in milliseconds. */
const PATIENCE = 500;
/** What nobody has touched for so long, in milliseconds, belongs to a tab that will not come back. */
const STALE = 86_400_000;
const PREFIX = 'holdline:';

/** A record, but for what the disk adds to it. */
export type ToStore = Omit<StoredSession, 'version' | 'by' | 'at'>;

/** What is to be written is known only when it is written: so any number of changes are one write. */
export interface DiskOwner {
  /** What is to be kept; `undefined` where there is nothing. */
  readonly record: () => ToStore | undefined;
  /** This is on disk now; of `undefined`, nothing is. */
  readonly written: (record: ToStore | undefined) => void;
  /** Another page goes on with what this one had: nobody can tell what becomes of it. */
  readonly taken: () => void;
  readonly failed: (error: SocketError) => void;
}

/** One record, which is this page's alone, and survives a reload of it. */
export class Disk {
  readonly #storage: SessionStorage;
  readonly #page: Page;
  readonly #clock: Clock;
  readonly #owner: DiskOwner;
  readonly #newId: () => string;
  readonly #name: string;
  readonly #by: string;
  /** Where the tab's own storage says which record is its own. */
  #slot = '';
  #id = '';
  /** Lets go of the lock, while it is held. */
  #release: (() => void) | undefined;
  /** Who has written what is there, as far as we know; nobody, where nothing is. */
  #writer: string | undefined;
  #unwatch: (() => void) | undefined;
  /** Whether it is of use: it may be locked by another, refuse, or never answer. */
  #isUsable = false;
  #isAway = false;
  /** One after the other: each holds the lock for a while. */
  #returned = Promise.resolve();
  /** Called when the page is back. */
  #back: () => void = ignore;
  /** How often the page was put away. */
  #leaves = 0;
  #isDirty = false;
  #isWriting = false;
  #waiting: (() => void)[] = [];

  /**
   * @param name - what tells its records from others of this tab
   * @param newId - makes up ids that no other page makes up
   */
  constructor(
    storage: SessionStorage,
    page: Page,
    clock: Clock,
    name: string,
    newId: () => string,
    owner: DiskOwner,
  ) {
    this.#storage = storage;
    this.#page = page;
    this.#clock = clock;
    this.#owner = owner;
    this.#newId = newId;
    this.#by = newId();
    this.#name = PREFIX + name;
  }

  /** Reads what this tab has left here, if no other page goes on with it. */
  async open(): Promise<StoredSession | undefined> {
    const { tab, canLock, slots, watch } = this.#page;
    // The sockets of a page come in the same order after a reload.
    let count = 1;
    for (this.#slot = this.#name; slots.has(this.#slot);) this.#slot = `${this.#name} ${++count}`;
    slots.add(this.#slot);
    // Not before the socket is there, and its listeners.
    await Promise.resolve();
    try {
      if (!tab || !canLock) throw new Error('there are no Web Locks here, or no sessionStorage');
      this.#unwatch = watch(
        () => this.#leave(),
        () => void (this.#returned = this.#returned.then(() => this.#return())),
      );
      for (;;) {
        const leaves = this.#leaves;
        const found = await this.#find(tab.getItem(this.#slot));
        if (leaves === this.#leaves) {
          this.#isUsable = true;
          return found;
        }
        // Put away in between, it may have lost its lock to another page: again, once it is back.
        this.#unlock();
        if (this.#isAway) await new Promise<void>((resolve) => (this.#back = resolve));
      }
    } catch (cause) {
      this.#giveUp(cause);
    }
    return undefined;
  }

  /** Lets go of its record. @param isOver - whether there is nothing more to be kept of it */
  async close(isOver: boolean): Promise<void> {
    if (isOver) await this.saved();
    this.#unwatch?.();
    this.#unlock();
    this.#page.slots.delete(this.#slot);
    this.#isUsable = false;
  }

  /** Writes what there is, soon. */
  save(): void {
    this.#isDirty = true;
    if (!this.#isWriting) void this.#write();
  }

  /** Settles once what there is now is written. */
  saved(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.save();
    });
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    // All that happens in one go is one write.
    await Promise.resolve();
    while (this.#isDirty && !this.#isAway) {
      this.#isDirty = false;
      const waiting = this.#waiting;
      this.#waiting = [];
      const record = this.#owner.record();
      try {
        if (this.#isUsable) await this.#inTime(this.#put(record));
      } catch (cause) {
        this.#giveUp(cause);
      }
      this.#owner.written(record);
      for (const resolve of waiting) resolve();
    }
    this.#isWriting = false;
  }

  #put(record: ToStore | undefined): Promise<unknown> {
    const writer = record && this.#by;
    const written = record
      ? this.#storage.set(this.#id, { version: 1, by: this.#by, at: this.#clock.now(), ...record })
      : this.#storage.remove(this.#id);
    return written.then(() => (this.#writer = writer));
  }

  /** Its own record, if it has one, and nobody else has. */
  async #find(known: string | null): Promise<StoredSession | undefined> {
    if (known && (await this.#lock(known))) {
      const found = await this.#inTime(this.#storage.get(known));
      if (!isStored(found)) return undefined;
      this.#writer = found.by;
      return found;
    }
    await this.#begin();
    return undefined;
  }

  /** A record of one's own, and an end to those that nobody will come back to. */
  async #begin(): Promise<void> {
    const id = PREFIX + this.#newId();
    await this.#lock(id);
    this.#writer = undefined;
    this.#page.tab?.setItem(this.#slot, id);
    this.#sweep().catch(() => undefined);
  }

  async #sweep(): Promise<void> {
    for (const key of await this.#storage.keys()) {
      if (typeof key !== 'string' || !key.startsWith(PREFIX) || key === this.#id) continue;
      const found = await this.#storage.get(key);
      if (isStored(found) && this.#clock.now() - found.at < STALE) continue;
      const release = await this.#page.lock(key, PATIENCE);
      if (release) await this.#storage.remove(key);
      release?.();
    }
  }

  async #lock(id: string): Promise<boolean> {
    const release = await this.#page.lock(id, PATIENCE);
    if (release) this.#id = id;
    this.#release = release;
    return !!release;
  }

  #unlock(): void {
    this.#release?.();
    this.#release = undefined;
  }

  /** Without it nothing is lost for as long as the page lives. */
  #giveUp(cause: unknown): void {
    const isTaken = this.#isUsable && !this.#release;
    this.#isUsable = false;
    // Whatever the storage still has, or gets yet, is not to be taken up, be it after a reload or in a duplicate.
    try {
      this.#page.tab?.setItem(this.#slot, '');
    } catch {
      // Then it was not there either.
    }
    this.#owner.failed(
      new SocketError('storage', 'the session will not survive a reload', { cause }),
    );
    // Without the lock, another page may have gone on with it.
    if (isTaken) this.#owner.taken();
    this.#drop();
  }

  /** What is written was asked for already, and may be yet: so it goes behind that, and the lock only after it. */
  #drop(): void {
    const [id, release] = [this.#id, this.#release];
    if (!release) return;
    this.#release = undefined;
    // Where that fails as well, nobody is to have it while this page lives.
    Promise.resolve()
      .then(() => this.#storage.remove(id))
      .then(release, ignore);
  }

  #inTime<T>(answer: Promise<T>): Promise<T> {
    return inTime(this.#clock, () => this.#isAway, answer);
  }

  /** The page is put away, and whoever holds a lock is not kept in the back/forward cache. */
  #leave(): void {
    this.#isAway = true;
    this.#leaves++;
    this.#unlock();
  }

  async #return(): Promise<void> {
    const leaves = this.#leaves;
    try {
      if (this.#isUsable && !(await this.#isStillOurs())) {
        this.#unlock();
        await this.#begin();
        this.#owner.taken();
      }
    } catch (cause) {
      this.#giveUp(cause);
    }
    // It may have left again, and whoever waited for a lock meanwhile has it now.
    if (leaves !== this.#leaves) return this.#unlock();
    this.#isAway = false;
    this.#back();
    this.save();
  }

  /**
   * Whether no other page has gone on with its record meanwhile. It is looked at before as well: to wait for a lock
   * takes a page that is going into the back/forward cache out of it.
   */
  async #isStillOurs(): Promise<boolean> {
    return (await this.#isAsLeft()) && (await this.#lock(this.#id)) && this.#isAsLeft();
  }

  async #isAsLeft(): Promise<boolean> {
    const found = await this.#inTime(this.#storage.get(this.#id));
    // What was under way when it was put away may have been written, or not.
    return isStored(found) ? [this.#by, this.#writer].includes(found.by) : !this.#writer;
  }
}
