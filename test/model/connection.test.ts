import fc from 'fast-check';
import { test } from 'vitest';
import {
  reactions,
  Run,
  settings,
  type Setting,
  type Step,
  steps,
} from '../support/connection-model.js';

async function live(setting: Setting, happenings: readonly Step[]): Promise<void> {
  const run = new Run(setting);
  for (const step of happenings) await run.take(step);
  await run.end();
}

const RUNS = { numRuns: 5_000 };
const TIMEOUT = 30_000;

test(
  'whatever happens to a line, in whatever order, it keeps its promises',
  async () => {
    await fc.assert(fc.asyncProperty(settings, steps, live), RUNS);
  },
  TIMEOUT,
);

test(
  'whatever the application does in its listeners meanwhile, it keeps them',
  async () => {
    const acting = fc
      .tuple(settings, reactions)
      .map(([setting, given]): Setting => ({ ...setting, reactions: given }));
    await fc.assert(fc.asyncProperty(acting, steps, live), RUNS);
  },
  TIMEOUT,
);
