import process from 'node:process';
import { expect, test } from 'vitest';
import { explore } from './explore.mjs';
import { GUARDS } from './removals.js';

/** In milliseconds: most take a few seconds on a machine that is not busy. */
const timeout = 600_000;

/** Those whose loss is noticed at once; all of them, by `npm run model:full`. */
const isFull = process.env['MODEL'] === 'full';
const guards = GUARDS.filter(({ runs, steps }) => isFull || runs * steps <= 25_000);

test.each(guards)(
  'without this the model fails: $name',
  { timeout },
  async ({ removals, runs, steps }) => {
    const { failure } = await explore({ runs, steps }, removals);
    expect(failure).toBeDefined();
  },
);
