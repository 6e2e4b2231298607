import fc from 'fast-check';
import { test } from 'vitest';
import { live, reactions, settings, steps } from '../support/connection-happenings.js';
import type { Setting } from '../support/connection-run.js';

const RUNS = { numRuns: 5_000 };
/** In milliseconds; it takes a few seconds on a machine that is not busy. */
const TIMEOUT = 60_000;

test(
  'whatever happens to a line, in whatever order, it keeps its promises',
  { timeout: TIMEOUT },
  async () => {
    await fc.assert(fc.asyncProperty(settings, steps, live), RUNS);
  },
);

test(
  'whatever the application does in its listeners meanwhile, it keeps them',
  { timeout: TIMEOUT },
  async () => {
    const acting = fc
      .tuple(settings, reactions)
      .map(([setting, given]): Setting => ({ ...setting, reactions: given }));
    await fc.assert(fc.asyncProperty(acting, steps, live), RUNS);
  },
);
