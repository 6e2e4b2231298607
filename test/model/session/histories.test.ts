import { expect, test } from 'vitest';
import { areMany, histories } from '../../support/histories.js';
import { explore, told } from './explore.mjs';
import { isFull } from './scale.js';

const SHORT = isFull ? 20_000 : 2_000;
const LONG = isFull ? 500 : 50;
/** In milliseconds: half a minute, or three in full, on a machine that is not busy. */
const timeout = 900_000;

test(
  'whatever happens to both ends of a session, every message has its one true outcome',
  { timeout },
  async () => {
    // The same each time, so that a failure is the change's and not chance's: that is for `npm run model`.
    const { numRuns, seed = 1 } = histories(SHORT);
    const most = areMany(SHORT) ? LONG : Math.ceil(numRuns / 40);
    const results = await Promise.all([
      explore({ runs: numRuns, steps: 45, seed }),
      explore({ runs: most, steps: 4_000, seed }),
    ]);
    for (const result of results) expect(told(result)).toBeUndefined();
  },
);
