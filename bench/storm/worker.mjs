/** Simulates one storm after the other, as it is told, beside the main thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadCore } from './core.mjs';
import { simulate } from './fleet.mjs';
import { holdline } from './holdline.mjs';
import { peers } from './peers.mjs';
import { scenarioOf } from './scenarios.mjs';
import { summarise } from './summary.mjs';
import { rules } from './wake-ups.mjs';

/**
 * @typedef {object} Job
 * @property {string} scenario
 * @property {string} policy
 * @property {number} clients
 * @property {import('../../src/connection/reconnect-options.js').ReconnectOptions} [options] holdline's
 * @property {string} [rule] what `online` does to holdline, if not what it does
 */

const core = await loadCore(workerData);

parentPort?.on('message', (/** @type {Job} */ { scenario, policy, clients, options, rule }) => {
  const { server } = scenarioOf(scenario) ?? {};
  const wakeUp = rules.find(({ name }) => name === rule);
  const behaviour = [holdline(core, options, wakeUp), ...peers].find(({ name }) => name === policy);
  if (!server || !behaviour) throw new Error(`no ${scenario} or no ${policy}`);
  const outcome = simulate({
    clients,
    policy: behaviour,
    scenario: server,
    transitions: core.transitions,
  });
  parentPort?.postMessage(summarise(outcome));
});
