import { expect, test } from 'vitest';
import { explore } from './explore.mjs';
import { GUARDS } from './removals.js';

/** In milliseconds: most take a few seconds on a machine that is not busy. */
const timeout = 600_000;

test.each(GUARDS)(
  'without this the model fails: $name',
  { timeout },
  async ({ removals, runs, steps }) => {
    const { failure } = await explore({ runs, steps }, removals);
    expect(failure).toBeDefined();
  },
);
