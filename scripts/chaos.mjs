/**
 * Sessions while lines break all the time: `npm run chaos`, with `--seconds`, `--clients` and `--seed`. It says what has
 * become of everything, and fails on whatever was lost, came twice, or was acknowledged falsely. With `--hostile`, a
 * server is told a million hostile frames instead, or as many as `--frames` says.
 */
import console from 'node:console';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { attack } from '../test/support/chaos-hostile.mjs';
import { liveInChaos } from '../test/support/chaos.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    clients: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    hostile: { type: 'boolean', default: false },
    frames: { type: 'string', default: '1000000' },
  },
});
const seconds = Number(values.seconds);
const clients = Number(values.clients);
const seed = Number(values.seed);
const frames = Number(values.frames);
/** How much the heap may grow in the second half of an attack, in MB: all that is bounded is full by then. */
const MOST_GROWTH = 16;

const entries = ['index', 'session', 'topics', 'server'];
const built = await Promise.all(
  entries.map((name) => import(new URL(`../dist/${name}.js`, import.meta.url).href)),
);
const library = Object.assign({}, ...built);
console.log(`--seed=${seed}`);
const violations = values.hostile ? await underAttack() : await inChaos();
if (violations.length > 0) process.exitCode = 1;

async function inChaos() {
  const tally = await liveInChaos(library, { seconds, clients, seed });
  console.log(`${tally}`);
  return tally.violations;
}

async function underAttack() {
  // Only what nobody needs any more is to be gone.
  setFlagsFromString('--expose-gc');
  globalThis.gc = runInNewContext('gc');
  const report = await attack(library, { frames, seed });
  const { violations, heap } = report;
  const growth = (heap.at(-1) ?? NaN) - (heap[4] ?? NaN);
  if (!(growth <= MOST_GROWTH)) violations.push(`the heap grows: ${growth.toFixed(1)} MB`);
  console.log(report);
  return violations;
}
