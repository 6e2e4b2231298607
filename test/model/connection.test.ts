import fc from 'fast-check';
import { expect, test } from 'vitest';
import { live, reactions, settings, steps, strictSteps } from '../support/connection-happenings.js';
import type { Setting } from '../support/connection-setting.js';
import { areMany, histories } from '../support/histories.js';

const SHORT = 5_000;
/** In milliseconds; it takes a few seconds on a machine that is not busy. */
const timeout = 60_000 + 20 * histories(SHORT).numRuns;

/** Lives through them, and must see in some what is `rare`: else it would prove nothing of that. */
async function lives(
  setting: fc.Arbitrary<Setting>,
  given: typeof steps,
  ...rare: string[]
): Promise<void> {
  const counts = new Map<string, number>();
  const property = fc.asyncProperty(setting, given, async (...life) => {
    for (const seen of await live(...life)) counts.set(seen, (counts.get(seen) ?? 0) + 1);
  });
  await fc.assert(property, histories(SHORT));
  if (!areMany(SHORT)) return;
  for (const seen of rare) expect(counts.get(seen) ?? 0, seen).toBeGreaterThan(0);
}

test(
  'whatever happens to a line, in whatever order, it keeps its promises',
  { timeout },
  async () => {
    const rare = ['ordered wait', 'begun anew', 'final error', 'final code', 'used up'];
    await lives(settings, steps, ...rare);
  },
);

test(
  'whatever the application does in its listeners meanwhile, it keeps them',
  { timeout },
  async () => {
    const acting = fc
      .tuple(settings, reactions)
      .map(([setting, given]): Setting => ({ ...setting, reactions: given }));
    await lives(acting, steps);
  },
);

test(
  'a server that hangs up on pings hears of no more than it should, and is given up for nothing else',
  { timeout },
  async () => {
    const own = { heartbeat: 'auto', choosesItself: false, maxAttempts: Infinity } as const;
    const rare = ['silenced', 'acquitted', 'excused', 'third refusal', 'final code'];
    const strict = settings.map((setting): Setting => ({ ...setting, ...own }));
    await lives(strict, strictSteps, ...rare);
  },
);
