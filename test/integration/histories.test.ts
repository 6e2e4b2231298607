/**
 * Random histories over real TCP: a socket on `ws`, a server, and a proxy that breaks the line, while the
 * application acts in its listeners. `npm run soak` lives through many more of them.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { areMany, histories } from '../support/histories.js';
import { type History, history, liveThrough } from '../support/tcp-history.js';

const AT_ONCE = 50;
const RARE = ['received', 'unknown', 'closed', 'server', 'network', 'heartbeat', 'timeout'];
const SHORT = 300;
const { numRuns, seed = Date.now() % 2 ** 31 } = histories(SHORT);
/** In milliseconds; each takes half a second, and most of that is waiting. */
const timeout = 60_000 + 100 * numRuns;

/** The one with that number: alone, it is the first of its own seed. */
function historyOf(index: number): History {
  const [one] = fc.sample(history, { seed: seed + index, numRuns: 1 });
  if (!one) throw new Error('no history');
  return one;
}

test('whatever happens to a line over TCP, it keeps its promises', { timeout }, async () => {
  const counts = new Map<string, number>();
  let next = 0;
  const live = async (): Promise<void> => {
    while (next < numRuns) {
      const index = next++;
      const one = historyOf(index);
      const seen = await liveThrough(one).catch((cause: unknown) => {
        next = numRuns;
        const replay = `SEED=${seed + index} HISTORIES=1`;
        throw new Error(`${replay} ${fc.stringify(one)}`, { cause });
      });
      for (const what of seen) counts.set(what, (counts.get(what) ?? 0) + 1);
    }
  };
  const lives = Array.from({ length: AT_ONCE }, live);
  const results = await Promise.allSettled(lives);
  for (const result of results) if (result.status === 'rejected') throw result.reason as Error;
  await new Promise(setImmediate);
  expect(process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP'))).toEqual([]);
  if (!areMany(SHORT)) return;
  // Histories that never came to one of these would prove nothing of it.
  for (const what of RARE) expect(counts.get(what) ?? 0, what).toBeGreaterThan(0);
});
