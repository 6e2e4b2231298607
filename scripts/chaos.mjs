/**
 * Sessions while lines break all the time: `npm run chaos`, with `--seconds`, `--clients` and `--seed`. It says what has
 * become of everything, and fails on whatever was lost, came twice, or was acknowledged falsely.
 */
import console from 'node:console';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { liveInChaos } from '../test/support/chaos.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    clients: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
});
const seconds = Number(values.seconds);
const clients = Number(values.clients);
const seed = Number(values.seed);

const entries = ['index', 'session', 'topics', 'server'];
const built = await Promise.all(
  entries.map((name) => import(new URL(`../dist/${name}.js`, import.meta.url).href)),
);
console.log(`--seed=${seed}`);
const tally = await liveInChaos(Object.assign({}, ...built), { seconds, clients, seed });
console.log(`${tally}`);
if (tally.violations.length > 0) process.exitCode = 1;
