import { WINDOW } from '../session/wire/bounds.js';
import type { Failure } from '../session/wire/frames.js';
import type { LogEntry, NewSession } from './store.js';

/** For how long after a takeover they who claimed messages may still settle them, in milliseconds. */
const DOUBT = 3_000;

/** A session as it lies in memory, be nobody connected to it. */
export class KeptSession {
  readonly key: string;
  readonly principal: string;
  n: number;
  owner: string;
  connection: string | undefined;
  expiresAt: number;
  done = 0;
  claimed = 0;
  fails: readonly Failure[] = [];
  /** The number of the last of the server's messages. */
  tx = 0;
  /** Who has claimed last. */
  #claimant: string | undefined;
  /** Since when what is claimed is in doubt. */
  #doubtedAt: number | undefined;
  /** What the client has not acknowledged; most have nothing. */
  #log: LogEntry[] | undefined;

  constructor({ key, principal, n, owner }: NewSession, expiresAt: number) {
    this.key = key;
    this.principal = principal;
    this.n = n;
    this.owner = owner;
    this.expiresAt = expiresAt;
  }

  /** Up to which number the log is gone. */
  get trimmed(): number {
    return this.tx - (this.#log?.length ?? 0);
  }

  get log(): readonly LogEntry[] {
    return this.#log ? [...this.#log] : [];
  }

  /** Another node holds it from now on; what the one before has claimed is in doubt. */
  moveTo(owner: string, now: number): void {
    this.owner = owner;
    // What is in doubt already stays so from its first takeover on.
    if (!this.isDoubted) this.#doubtedAt = this.claimed > this.done ? now : undefined;
  }

  /** For how long others may still settle, in milliseconds. */
  doubtAt(now: number): number {
    if (this.#doubtedAt === undefined || this.claimed <= this.done) return 0;
    return Math.max(0, this.#doubtedAt + DOUBT - now);
  }

  get isDoubted(): boolean {
    return this.#doubtedAt !== undefined && this.claimed > this.done;
  }

  /** What was in doubt is the owner's from now on. */
  resolve(): void {
    this.#claimant = this.owner;
    this.#doubtedAt = undefined;
  }

  claim(to: number): void {
    this.claimed = Math.max(this.claimed, to);
    this.resolve();
  }

  /** Whether `owner` may say what came of messages: who holds the session or, for a while, has claimed them. */
  maySettle(owner: string, now: number): boolean {
    if (owner === this.owner) return true;
    const isClaimant = owner === this.#claimant;
    return isClaimant && this.doubtAt(now) > 0;
  }

  /** Nobody gives back what another has claimed. */
  release(owner: string, to: number): void {
    if (owner !== this.#claimant) return;
    this.claimed = Math.max(this.done, Math.min(this.claimed, to));
  }

  settle(to: number, fails: readonly Failure[]): void {
    if (fails.length > 0) {
      // A client knows of all but the last window of them.
      const news = fails.filter(([s]) => s > this.done && s <= to);
      this.fails = [...this.fails, ...news].slice(-WINDOW);
    }
    this.raise(to);
  }

  /** The client knows that everything up to `done` is settled. */
  raise(done: number): void {
    this.done = Math.max(this.done, done);
    this.claimed = Math.max(this.claimed, this.done);
  }

  /** The client has told that it has everything up to `a`. */
  trim(a: number): void {
    if (this.#log && a > this.trimmed) {
      const rest = this.#log.filter(({ s }) => s > a);
      this.#log = rest.length > 0 ? rest : undefined;
    }
    this.tx = Math.max(this.tx, a);
  }

  /** @returns whether nothing is missing before it */
  append(entries: readonly LogEntry[]): boolean {
    for (const entry of entries) {
      if (entry.s <= this.tx) continue;
      if (entry.s > this.tx + 1) return false;
      (this.#log ??= []).push(entry);
      this.tx = entry.s;
    }
    return true;
  }
}
