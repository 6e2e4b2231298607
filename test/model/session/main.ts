import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { run, namesOf } from './run.js';
import { shrunk } from './shrink.js';
import { traced } from './trace.js';

const { values } = parseArgs({
  options: {
    /** How many histories, and of how many steps each. */
    runs: { type: 'string', default: '1000' },
    steps: { type: 'string', default: '45' },
    /** No other history is begun after so many seconds. */
    seconds: { type: 'string', default: 'Infinity' },
    /** How many histories to try at most to find a shorter one that fails. */
    shrink: { type: 'string', default: '3000' },
    /** What is to be repeated. */
    seed: { type: 'string' },
    path: { type: 'string' },
    /** One history: its world and its steps, to be told in full. */
    world: { type: 'string' },
    history: { type: 'string' },
  },
});

const runs = Number(values.runs);
const length = Number(values.steps);
const begunAt = Date.now();
let lived = 0;

const anything = fc.noShrink(fc.nat(2 ** 31 - 1));
const property = fc.asyncProperty(
  anything,
  fc.array(anything, { minLength: length, maxLength: length, size: 'max' }),
  async (world, steps) => {
    await run(world, steps);
    lived++;
  },
);

const fails = async (world: number, steps: readonly number[]): Promise<string | undefined> => {
  try {
    await run(world, steps);
    return undefined;
  } catch (error) {
    return String((error as Error).stack ?? error);
  }
};

/** Two failures are one if they say the same, but for the numbers, and for what chance has named. */
const kindOf = (failure: string): string =>
  (failure.split('\n', 1)[0] as string).replace(/\S+\/\S+|[\d,]+|node\S+/g, '');

async function explore(): Promise<object> {
  const limit = Number(values.seconds) * 1_000;
  const result = await fc.check(property, {
    numRuns: runs,
    endOnFailure: true,
    ...(limit < Infinity && { interruptAfterTimeLimit: limit }),
    ...(values.seed !== undefined && { seed: Number(values.seed) }),
    ...(values.path !== undefined && { path: values.path }),
  });
  const about = {
    lived,
    steps: lived * length,
    milliseconds: Date.now() - begunAt,
    busy: Math.round(process.cpuUsage().user / 1_000),
  };
  if (!result.failed || !result.counterexample) return about;
  const { seed, counterexample } = result;
  const [world, steps] = counterexample;
  const failure = (await fails(world, steps)) ?? 'it does not fail again';
  const isSame = async (shorter: readonly number[]): Promise<boolean> => {
    const other = await fails(world, shorter);
    return other !== undefined && kindOf(other) === kindOf(failure);
  };
  const history = await shrunk(steps, isSame, Number(values.shrink));
  return {
    ...about,
    seed,
    path: result.counterexamplePath,
    failure: (await fails(world, history)) ?? failure,
    world,
    history: history.join(),
    names: namesOf(world, history),
  };
}

async function tell(world: number, history: string): Promise<object> {
  const steps = history === '' ? [] : history.split(',').map(Number);
  const lines: string[] = [];
  let failure: unknown;
  try {
    await run(world, steps, traced(lines));
  } catch (error) {
    failure = (error as Error).stack;
  }
  console.error(lines.join('\n'));
  return { failure };
}

const { world, history } = values;
const result = await (world === undefined ? explore() : tell(Number(world), history ?? ''));
console.log(JSON.stringify(result));
process.exit('failure' in result && result.failure !== undefined ? 1 : 0);
