import assert from 'node:assert/strict';
import type { SocketError } from '../../src/base/errors.js';
import type { CloseInfo } from '../../src/connection/close.js';
import type { LifecycleEvent } from '../../src/platform/lifecycle.js';
import type { Snapshot } from '../../src/socket/snapshot.js';

/** After these, say the documents, trying again cannot help. */
const isFinal = (code: number): boolean =>
  [1002, 1003, 1007, 1009, 1010].includes(code) ||
  (code >= 4400 && code <= 4499 && ![4401, 4408, 4425, 4429].includes(code));
const isRefusal = (code: number): boolean => code === 1008 || code === 4401;
const isLeaving = (code: number): boolean => [1001, 1012, 1013].includes(code);
const isOfTheLine = ({ cause }: CloseInfo): boolean => cause === 'server' || cause === 'network';

const LAST_REFUSAL = 3;
const LEAVE_GRACE = 3_000;
const ANEW_EVERY = 30_000;

/** What the socket was told to go by. */
export interface Terms {
  /** Whether the application itself says what is retried: all but 1008. */
  readonly choosesItself: boolean;
  readonly maxAttempts: number;
  readonly minUptime: number;
  /** Of the heartbeat. */
  readonly timeout: number;
  /** Whether the application acts in its listeners: then what is told may be over already. */
  readonly isActing: boolean;
}

/**
 * What a line may do in the course of time, held against the documents: when it may end for good, what may be
 * put down to a ping, and which waits nothing may cut.
 */
export class Rules {
  /** How often what is rare has happened. */
  readonly seen = new Set<string>();
  readonly #terms: Terms;
  readonly #now: () => number;
  #closings = 0;
  #retries = 0;
  /** Of the present connection; NaN where there is none, and where it was not pinged. */
  #openedAt = NaN;
  #pingedAt = NaN;
  /** Whether the server has ever answered: from then on less is put down to pings. */
  #isProven = false;
  /** How many connections in a row have ended right after a ping. */
  #strikes = 0;
  /** The code by which pings were stopped. */
  #silencedBy: number | undefined;
  #isBeingSilenced = false;
  /** Refusals since a connection lasted, and of those the ones since the application asked for one. */
  #refusals = 0;
  #refusalsInARow = 0;
  /** Whether the server has asked for the present wait. */
  #isOrdered = false;
  /** Until when a page that is leaving begins nothing. */
  #leavesUntil = -Infinity;
  #anewAt = -Infinity;

  constructor(terms: Terms, now: () => number) {
    this.#terms = terms;
    this.#now = now;
  }

  /** The application is about to do that. */
  acts(action: string, { status }: Snapshot): void {
    if (action === 'close' || action === 'flush') this.#closings++;
    if (action !== 'connect' && action !== 'reconnect') return;
    this.#refusalsInARow = 0;
    this.#isOrdered = false;
    if (status === 'idle') this.#leavesUntil = -Infinity;
    if (action !== 'connect' || status === 'waiting') return;
    this.#strikes = 0;
    this.#silencedBy = undefined;
  }

  /** A ping goes out. */
  pings(): void {
    if (this.#isStrict) assert.equal(this.#silencedBy, undefined, 'a ping that is not borne');
    this.#pingedAt = this.#now();
  }

  /** A ping was answered. */
  answers(): void {
    this.#isProven = true;
  }

  /** The page is about to tell that. @returns what to check once it has */
  wakes(event: LifecycleEvent, before: Snapshot): (after: Snapshot) => void {
    const now = this.#now();
    // Where there is no connection to be had, nobody watches the page.
    const isWatching = before.status !== 'idle' && before.status !== 'closed';
    if (event === 'leaving' && isWatching) this.#leavesUntil = now + LEAVE_GRACE;
    else if (event !== 'leaving' && event !== 'hidden' && event !== 'offline')
      this.#leavesUntil = -Infinity;
    const isOrdered = this.#isOrdered && before.status === 'waiting';
    return (after) => {
      if (this.#terms.isActing) return;
      if (isOrdered) {
        assert.equal(after.status, 'waiting', 'a wait of the server’s that was cut');
        this.seen.add('ordered wait');
      }
      if (before.status !== 'connecting' || after.lastClose === before.lastClose) return;
      // A stalled attempt was begun anew.
      assert.ok(now - this.#anewAt >= ANEW_EVERY, 'begun anew twice in 30 s');
      this.#anewAt = now;
      this.seen.add('begun anew');
    };
  }

  failed({ code, message }: SocketError): void {
    const [, blamed] = /closed with (\d+) after a ping/.exec(message) ?? [];
    if (code !== 'heartbeat' || blamed === undefined) return;
    this.seen.add('silenced');
    this.#isBeingSilenced = true;
    assert.match(message, /heartbeat: false/, 'what to set');
    if (!this.#isStrict) return;
    assert.ok(this.#isAfterPing, 'blamed on a ping, and there was none');
    assert.equal(this.#strikes, 1, 'how often in a row before');
    this.#silencedBy = Number(blamed);
  }

  closed(close: CloseInfo): void {
    const { code, willReconnect } = close;
    const hasOpened = !Number.isNaN(this.#openedAt);
    if (hasOpened && isOfTheLine(close)) this.#died(code);
    this.#isBeingSilenced = false;
    if (this.#now() - this.#openedAt >= this.#terms.minUptime) {
      this.#refusals = this.#refusalsInARow = 0;
    }
    if (isRefusal(code)) this.#refusals++;
    if (isRefusal(code) && isOfTheLine(close)) this.#refusalsInARow++;
    this.#isOrdered = isLeaving(code) && isOfTheLine(close) && willReconnect;
    if (!willReconnect || this.#terms.choosesItself || this.#terms.isActing) return;
    const isHopeless = isFinal(code) || this.#refusalsInARow >= LAST_REFUSAL;
    if (!isHopeless || !isOfTheLine(close) || (!isFinal(code) && !isRefusal(code))) return;
    assert.ok(this.#isAfterPing, `a retry after ${code}`);
    this.seen.add('excused');
  }

  changed({ status, error, lastClose }: Snapshot): void {
    if (status === 'closed') this.#ended(error?.code, lastClose?.code);
    if (status === 'connecting') {
      const isAway = this.#now() < this.#leavesUntil && !this.#terms.isActing;
      assert.ok(!isAway, 'an attempt of a page that is leaving');
    }
    this.#openedAt = status === 'open' ? this.#now() : NaN;
    this.#pingedAt = NaN;
  }

  retries(): void {
    this.#retries++;
  }

  /** It is over for good: because the application wants it, or since nothing else can help. */
  #ended(error: string | undefined, code = 0): void {
    const { choosesItself, maxAttempts } = this.#terms;
    if (error === undefined) return assert.ok(this.#closings > 0, 'closed by itself');
    if (error === 'url' || error === 'rejected') return void this.seen.add('final error');
    assert.equal(error, 'gave-up');
    if (this.#retries >= maxAttempts) return void this.seen.add('used up');
    if (choosesItself) return assert.equal(code, 1008, 'the application wanted to go on');
    const isHopeless = isFinal(code) || (isRefusal(code) && this.#refusals >= LAST_REFUSAL);
    assert.ok(isHopeless, `closed after ${code}`);
    if (this.#isStrict) assert.ok(!this.#isAfterPing, `${code} after a ping is no end`);
    this.seen.add(isRefusal(code) ? 'third refusal' : 'final code');
  }

  /** A connection has died. */
  #died(code: number): void {
    if (this.#isBeingSilenced || !this.#isStrict) {
      this.#strikes = 0;
    } else if (this.#silencedBy !== undefined) {
      if (code !== this.#silencedBy) return;
      // It was not the ping.
      this.#silencedBy = undefined;
      this.seen.add('acquitted');
    } else {
      this.#strikes = this.#isAfterPing && !isLeaving(code) ? this.#strikes + 1 : 0;
      assert.ok(this.#strikes < 2, 'two strikes, and nothing was said');
    }
  }

  /** Whether it is certain what may be put down to pings. */
  get #isStrict(): boolean {
    return !this.#isProven && !this.#terms.isActing;
  }

  get #isAfterPing(): boolean {
    return this.#now() - this.#pingedAt <= this.#terms.timeout;
  }
}
