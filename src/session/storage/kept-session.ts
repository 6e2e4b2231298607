import { ignore } from '../../base/abort.js';
import { having, refuse } from '../../base/rules.js';
import type { SocketError } from '../../base/errors.js';
import { type Page, systemPage } from '../../platform/page.js';
import type { SessionContext } from '../contract.js';
import { type Letter, letterOf } from '../letter.js';
import type { Keeping, Kept, SessionKeeper } from '../keeping.js';
import type { SessionStorage } from './contract.js';
import { Disk, type ToStore } from './disk.js';
import type { StoredMessage, StoredSession } from './record.js';

/** What of a session is on disk, so that it survives a reload. */
class KeptSession implements Keeping {
  readonly #kept: Kept;
  readonly #context: SessionContext;
  readonly #disk: Disk;
  #loaded: Promise<void> | undefined;
  #closed: Promise<void> | undefined;
  #isLoaded = false;
  #isLost = false;
  /** How large what was delivered is, and not written. */
  #bytes = 0;
  /** Told once what has left the queue is off the disk. */
  #erased: ((isTaken: boolean) => void)[] = [];
  /** Of what is being written: the same two, and whether it is still of this session. */
  #writing = { bytes: 0, erased: [] as ((isTaken: boolean) => void)[], isValid: true };

  constructor(
    storage: SessionStorage,
    page: Page,
    name: string,
    context: SessionContext,
    newId: () => string,
    kept: Kept,
  ) {
    this.#kept = kept;
    this.#context = context;
    this.#disk = new Disk(storage, page, context.clock, name, newId, {
      record: () => this.#record(),
      written: (record) => this.#written(record),
      taken: () => this.#taken(),
      failed: (error) => this.#failed(error),
    });
    void this.load();
  }

  load(): Promise<void> {
    if (this.#loaded) return this.#loaded;
    const loaded = Promise.resolve(this.#closed)
      .then(() => this.#disk.open())
      .then((stored) => {
        // It may be closed meanwhile, and opened again.
        if (this.#loaded === loaded) this.#restore(stored);
      });
    this.#loaded = loaded;
    return loaded;
  }

  close(): void {
    // What was yet to be read is left as it is.
    const isLoaded = this.#isLoaded;
    this.#closed = this.#loaded?.then(() => this.#disk.close(isLoaded));
    this.#loaded = undefined;
    this.#isLoaded = false;
  }

  get isWanted(): boolean {
    return !this.#isLost;
  }

  save(): void {
    if (this.#isLoaded && !this.#isLost) this.#disk.save();
  }

  forget(): void {
    this.#writing.isValid = false;
    this.#bytes = 0;
  }

  async saved(): Promise<void> {
    if (this.isWanted) await this.#disk.saved();
  }

  delivered(bytes: number): void {
    this.#bytes += bytes;
    this.save();
  }

  whenErased(tell: (isTaken: boolean) => void): void {
    // Before it is loaded, nothing of this page is on it.
    if (!this.isWanted || !this.#isLoaded) return tell(false);
    this.#erased.push(tell);
    this.save();
  }

  #restore(stored: StoredSession | undefined): void {
    this.#isLoaded = true;
    const { opening, outbound, restore } = this.#kept;
    if (stored) {
      opening.restore({ sid: stored.sid, key: stored.key, n: stored.n });
      restore(stored.rx);
      const letters = (all: readonly StoredMessage[]): Letter[] => all.map((m) => this.#letter(m));
      outbound.restore(stored.acked, letters(stored.open), letters(stored.queue));
    }
    this.save();
  }

  /** What it was before it was encoded, only the codec knows; where that cannot read it, it stays as it is. */
  #letter({ payload, id, wasSent, expiresAt = Infinity, hasFailed }: StoredMessage): Letter {
    const terms = { expiresAt, requeue: true, ahead: false };
    const letter = letterOf(payload, payload, terms, id);
    letter.wasSent = wasSent;
    letter.hasFailed = hasFailed;
    if (typeof payload === 'string') {
      this.#context.decode(payload, (message) => (letter.message = message), ignore);
    }
    return letter;
  }

  #record(): ToStore | undefined {
    const { opening, outbound, taken } = this.#kept;
    const { waiting } = outbound;
    const { open, settled } = outbound.transmission;
    const { sid, key, n } = opening.identity;
    this.#writing = { bytes: this.#bytes, erased: this.#erased, isValid: true };
    this.#bytes = 0;
    this.#erased = [];
    if (n === 0 && waiting.length === 0) return undefined;
    return {
      sid,
      key,
      n,
      rx: taken(),
      acked: settled,
      open: open.map((letter) => stored(letter, true)),
      queue: waiting.map((letter) => stored(letter, false)),
    };
  }

  #written(record: ToStore | undefined): void {
    const { bytes, erased, isValid } = this.#writing;
    for (const tell of erased) tell(false);
    if (!record || !isValid) return;
    this.#kept.written(record.rx, bytes);
    this.#kept.outbound.written(record.acked + record.open.length);
  }

  #taken(): void {
    // What has left the queue while it was away, the other page has found there.
    for (const tell of this.#erased.splice(0)) tell(true);
    this.#kept.lost();
  }

  #failed(error: SocketError): void {
    this.#isLost = true;
    this.#context.host.failed(error);
  }
}

/**
 * Keeps sessions in a storage of your own, which the tabs of an origin share.
 *
 * ```ts
 * session({ storage: keepIn({ get, set, remove, keys }) })
 * ```
 *
 * @throws `SocketError` `options`
 */
export const keepIn = (storage: SessionStorage): SessionKeeper => keepOn(systemPage, storage);

/** {@link keepIn} on a page of one's own. */
export function keepOn(page: () => Page, storage: SessionStorage): SessionKeeper {
  if (!having('get', 'set', 'remove', 'keys')(storage)) refuse('storage', storage);
  return {
    keep: (name, context, newId, kept) =>
      new KeptSession(storage, page(), name, context, newId, kept),
  };
}

/** JSON has no form for what never comes. */
function deadlineOf({ terms }: Letter): number | undefined {
  return terms && terms.expiresAt < Infinity ? terms.expiresAt : undefined;
}

const stored = (letter: Letter, wasSent: boolean): StoredMessage => ({
  payload: letter.data as StoredMessage['payload'],
  id: letter.id,
  wasSent: wasSent || letter.wasSent,
  expiresAt: deadlineOf(letter),
  hasFailed: letter.hasFailed,
});
