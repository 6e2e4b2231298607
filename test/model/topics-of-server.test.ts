import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { areMany, histories } from '../support/histories.js';
import { happenings, TopicHistory } from '../support/topic-history.js';
import * as parts from '../support/topic-parts.js';
import { type Removal, withoutGuard } from '../support/without-guard.js';

const SHORT = 1_500;
/** The rarest is found within a few hundred. */
const MOST = 10_000;
const timeout = 60_000 + 20 * histories(SHORT).numRuns;

/** How many entries a log keeps. */
const rooms = fc.constantFrom(3, 1_000);

function keepsPromises(
  tried: typeof parts,
  ignoresNumbers = false,
  ended?: (history: TopicHistory) => void,
) {
  return fc.asyncProperty(happenings, rooms, async (all, maxEntries) => {
    const history = new TopicHistory(tried, maxEntries, ignoresNumbers);
    for (const happening of all) await history.happen(happening);
    await history.end();
    ended?.(history);
  });
}

test(
  'whatever happens, a subscriber gets each entry once and in order, or is told of a gap',
  { timeout },
  async () => {
    const counts = new Map<string, number>();
    const property = keepsPromises(parts, false, ({ clients }) => {
      for (const { seen } of clients) {
        for (const [what, count] of Object.entries(seen)) {
          counts.set(what, (counts.get(what) ?? 0) + count);
        }
      }
    });
    await fc.assert(property, histories(SHORT));
    if (!areMany(SHORT)) return;
    for (const [what, count] of counts) expect(count, what).toBeGreaterThan(100);
  },
);

/** What keeps these promises: without any one of them, they are broken. */
const guards: Readonly<Record<string, Removal>> = {
  "the node's cursor": {
    file: 'server/topics/follower.ts',
    guard: 'if (o <= this.#cursor) continue;',
    instead: '',
  },
  'a hole': {
    file: 'server/topics/follower.ts',
    guard: 'o > this.#cursor + 1 || ',
    instead: '',
  },
  'the life of the log': {
    file: 'server/topics/follower.ts',
    guard: 'if (epoch !== this.#epoch) return true;',
    instead: '',
  },
  'what was trimmed': {
    file: 'server/topics/follower.ts',
    guard: 'if (trimmed > this.#cursor) return true;',
    instead: '',
  },
  'what is beyond the end': {
    file: 'server/topics/follower.ts',
    guard: 'return end < this.#cursor && turn > this.#turn;',
    instead: 'return false;',
  },
  'a subscription that is over': {
    file: 'server/topics/follower.ts',
    guard: 'return !this.#isOver && ',
    instead: 'return ',
  },
  'a number that is given once': {
    file: 'server/topics/subscriptions.ts',
    guard: 'if (i <= this.#highest)',
    instead: 'if (i < 0)',
  },
  'a topic that was given up while the application was asked': {
    file: 'server/topics/subscriptions.ts',
    guard: 'this.#open.get(i) !== subscription',
    instead: 'this.#isOver',
  },
  "a publisher's count": {
    file: 'server/topics/topic-log.ts',
    guard: 'if (count > last)',
    instead: '',
  },
  'an epoch at the start of a store': {
    file: 'server/topics/memory-topic-store.ts',
    guard: 'return draw() + draw();',
    instead: "return draw() && 'same';",
  },
  'a wake-up that is only a hint': {
    file: 'server/topics/topics.ts',
    guard: 'reader.wake();',
    instead: ';',
  },
};

test.each(Object.entries(guards))(
  'it is noticed where %s is not heeded',
  { timeout },
  async (_, removal) => {
    const entry = join(import.meta.dirname, '../support/topic-parts.ts');
    const tried = await withoutGuard<typeof parts>(entry, removal);
    const result = await fc.check(keepsPromises(tried), { numRuns: MOST, endOnFailure: true });
    expect(result.failed, `within ${result.numRuns} histories`).toBe(true);
  },
);

test(
  'it is noticed where clients do not heed the number of a subscription',
  { timeout },
  async () => {
    const property = keepsPromises(parts, true);
    const result = await fc.check(property, { numRuns: MOST, endOnFailure: true });
    expect(result.failed, `within ${result.numRuns} histories`).toBe(true);
  },
);
