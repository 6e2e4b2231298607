import { expect, test } from 'vitest';
import { explore } from './explore.mjs';
import { GUARDS } from './removals.js';
import { isFull } from './scale.js';

/** In milliseconds: most take a second or two on a machine that is not busy. */
const timeout = 600_000;
/** Always the same histories: else what is rare would come late at times. */
const SEED = 1;

test.each(GUARDS.filter(({ isRare }) => isFull || !isRare))(
  'without this the model fails: $name',
  { timeout },
  async ({ removals, breaks, runs, steps }) => {
    const { failure } = await explore({ runs, steps, seed: SEED, shrink: 0 }, removals);
    expect(failure).toMatch(breaks);
  },
);
