/**
 * Runs the assertions on a class.
 *
 * @import { Assertion, Finding } from './assertion.mjs'
 * @import { WebSocketClass } from './trial.mjs'
 */
import { nameOf, plain } from './assertion.mjs';
import { Trial } from './trial.mjs';

/** So many at once: enough to be quick, too few to be in each other's way. */
const AT_ONCE = 5;

/** An event that never comes is a finding, too. Nothing else takes this long. */
const PATIENCE = 5_000;

const SILENCE = 'nothing happened';

/**
 * @param {WebSocketClass} WebSocket
 * @param {string} origin of the server
 * @param {readonly Assertion[]} assertions
 * @returns {Promise<Finding[]>} in the order of the assertions
 */
export async function run(WebSocket, origin, assertions) {
  /** @type {Finding[]} */
  const findings = [];
  let next = 0;
  const work = async () => {
    for (;;) {
      const at = next++;
      const assertion = assertions[at];
      if (!assertion) return;
      const { section, title, expected } = assertion;
      const observed = await observe(WebSocket, origin, assertion);
      findings[at] = { section, title, expected: plain(expected), observed };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return findings;
}

/**
 * @param {WebSocketClass} WebSocket
 * @param {string} origin
 * @param {Assertion} assertion
 */
async function observe(WebSocket, origin, assertion) {
  const trial = new Trial(WebSocket, origin);
  const observed = await Promise.race([
    Promise.resolve(trial)
      .then(assertion.observe)
      // As JSON has it at once: what the end brings is not meant.
      .then(plain, (error) => `threw ${nameOf(error)}`),
    silence(),
  ]);
  if (observed !== SILENCE) await Promise.race([trial.end(), silence()]);
  return observed;
}

/** @returns {Promise<string>} */
function silence() {
  return new Promise((resolve) => void setTimeout(resolve, PATIENCE, SILENCE));
}
