// Not vitest's expect: it is asked millions of times.
import assert from 'node:assert/strict';
import type { SendResult } from '../../src/outbox/contract.js';
import type { DropReason, Outcome } from '../../src/outbox/send-options.js';

/** What may become of a message next, beside being dropped; nothing follows what is final. */
const NEXT: Readonly<Record<string, readonly string[] | undefined>> = {
  new: ['queued', 'sent'],
  queued: ['sent'],
  // It came back from a line that died, or nobody can tell whether it had left that.
  sent: ['queued', 'unknown'],
};
const isDrop = (outcome: Outcome): boolean => !['queued', 'sent', 'unknown'].includes(outcome);

interface Fate {
  last: 'new' | Outcome;
  /** Only its events tell what becomes of it. */
  readonly isWatched: boolean;
  drop: DropReason | undefined;
  isUnknown: boolean;
}

/** Every message of a socket by its number, and what was told of it: one thing is the last, and only one. */
export class Fates {
  /** What has become of some. */
  readonly seen = new Set<string>();
  readonly #fates: Fate[] = [];

  /** Another message. */
  add(isWatched: boolean): { n: number; told: ((outcome: Outcome) => void) | undefined } {
    const n = this.#fates.length;
    this.#fates.push({ last: 'new', isWatched, drop: undefined, isUnknown: false });
    return { n, told: isWatched ? (outcome) => this.#told(n, outcome) : undefined };
  }

  /** What `send` gave back. */
  returned(n: number, result: SendResult): void {
    const fate = this.#of(n);
    if (!fate.isWatched && result !== 'dropped' && fate.last === 'new') fate.last = result;
  }

  /** The `drop` event. */
  dropped(n: number, reason: DropReason): void {
    const fate = this.#of(n);
    assert.ok(fate.drop === undefined, `message ${n} was dropped twice`);
    assert.ok(!fate.isUnknown, `message ${n} was dropped after it was unknown`);
    fate.drop = reason;
    this.seen.add(reason);
    if (fate.isWatched) assert.equal(fate.last, reason, `message ${n}: the event and the outcome`);
    fate.last = reason;
  }

  /** The `unknown` event. */
  unknown(n: number): void {
    const fate = this.#of(n);
    assert.ok(!fate.isUnknown, `message ${n} was unknown twice`);
    assert.ok(fate.drop === undefined, `message ${n} was unknown after it was dropped`);
    fate.isUnknown = true;
    this.seen.add('unknown');
    if (fate.isWatched)
      assert.equal(fate.last, 'unknown', `message ${n}: the event and the outcome`);
    fate.last = 'unknown';
  }

  /** It has arrived: nothing else may have been said of it. */
  arrived(n: number): void {
    const { last, isWatched } = this.#of(n);
    const isFine = last === 'sent' || last === 'unknown' || (last === 'queued' && !isWatched);
    assert.ok(isFine, `message ${n} arrived, and was ${last}`);
    this.seen.add('received');
    if (last === 'unknown') this.seen.add('unknown and received');
  }

  /** How many there are. */
  get count(): number {
    return this.#fates.length;
  }

  /**
   * The socket is closed: nobody waits any more.
   *
   * @param hasCircled - so many outcomes have led to others that not all of them were told
   */
  end(hasCircled = false): void {
    this.#fates.forEach(({ last, isWatched }, n) => {
      const isOver = last !== 'queued' && last !== 'new';
      assert.ok(isOver || hasCircled || !isWatched, `message ${n} is still ${last}`);
    });
  }

  #told(n: number, outcome: Outcome): void {
    const fate = this.#of(n);
    const next = NEXT[fate.last];
    const isFine = next && (isDrop(outcome) || next.includes(outcome));
    assert.ok(isFine, `message ${n} was ${fate.last}, and then ${outcome}`);
    if (fate.last === 'sent' && outcome === 'queued') this.seen.add('returned');
    fate.last = outcome;
  }

  #of(n: number): Fate {
    const fate = this.#fates[n];
    if (!fate) throw new Error(`there is no message ${n}`);
    return fate;
  }
}
