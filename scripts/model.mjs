/**
 * Lives through random histories of both ends of a session, the real code over a simulated world: on and on, or for
 * `--seconds`. It says nothing until it is over, or something went wrong; then it says how to repeat that:
 * `--seed` and `--path`, or `--world` and `--history` for the fault alone, told in full.
 */
import console from 'node:console';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { explore, told } from '../test/model/session/explore.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string' },
    runs: { type: 'string' },
    steps: { type: 'string' },
    seed: { type: 'string' },
    path: { type: 'string' },
    world: { type: 'string' },
    history: { type: 'string' },
  },
});

/** How long histories are, in turns: the last flaws show in long ones only. */
const LENGTHS = [45, 400, 45, 4_000];
/** For how long one length is tried at a time, in seconds. */
const TURN = 30;

const begunAt = Date.now();
const left = () => Number(values.seconds ?? Infinity) - (Date.now() - begunAt) / 1_000;
const isOne = [values.runs, values.steps, values.seed, values.world].some(
  (given) => given !== undefined,
);
let [histories, steps] = [0, 0];
let failure;

for (let turn = 0; !failure && (turn === 0 || (!isOne && left() > 0)); turn++) {
  const result = await explore(
    isOne
      ? values
      : {
          runs: 1_000_000_000,
          steps: LENGTHS[turn % LENGTHS.length],
          seconds: Math.min(TURN, left()),
        },
  );
  histories += result.lived ?? 0;
  steps += result.steps ?? 0;
  if (result.failure !== undefined) failure = result;
}

if (failure) {
  console.error(told(failure));
  process.exitCode = 1;
}
console.log(`${histories} histories, ${steps} steps`);
