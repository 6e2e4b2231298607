/** Simulates one storm after the other, as it is told, beside the main thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadCore } from './core.mjs';
import { simulate } from './fleet.mjs';
import { holdline } from './holdline.mjs';
import { peers } from './peers.mjs';
import { scenarios } from './scenarios.mjs';
import { summarise } from './summary.mjs';

/**
 * @typedef {object} Job
 * @property {string} scenario
 * @property {string} policy
 * @property {number} clients
 * @property {import('../../src/connection/reconnect-options.js').ReconnectOptions} [options] holdline's
 */

const core = await loadCore(workerData);

parentPort?.on('message', (/** @type {Job} */ { scenario, policy, clients, options }) => {
  const { server } = scenarios.find(({ name }) => name === scenario) ?? {};
  const behaviour = [holdline(core, options), ...peers].find(({ name }) => name === policy);
  if (!server || !behaviour) throw new Error(`no ${scenario} or no ${policy}`);
  const outcome = simulate({
    clients,
    policy: behaviour,
    scenario: server,
    transitions: core.transitions,
  });
  parentPort?.postMessage(summarise(outcome));
});
