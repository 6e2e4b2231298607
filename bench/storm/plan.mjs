/** Everything that is simulated, and what is kept of it. */
import { chosen, curves, LENGTHS, rowsOf } from './outages.mjs';
import { peers } from './peers.mjs';
import { simulateAll } from './pool.mjs';
import { scenarios, wakeUps } from './scenarios.mjs';
import { choices, spreads, sweeps } from './sweeps.mjs';
import { rules } from './wake-ups.mjs';

/**
 * @typedef {import('./worker.mjs').Job} Job
 * @typedef {import('./summary.mjs').Summary} Summary
 */

const policies = ['holdline', ...peers.map(({ name }) => name)];

/** @type {(kinds: import('./scenarios.mjs').Scenario[], clients: number) => Job[]} */
const storm = (kinds, clients) =>
  kinds.flatMap(({ name }) => policies.map((policy) => ({ scenario: name, policy, clients })));

/** The first scenario alone, for a fleet larger than the usual one. @param {number} clients */
export async function simulateFirst(clients) {
  const jobs = storm(scenarios.slice(0, 1), clients);
  return byScenario(jobs, await simulateAll(jobs), ({ policy }) => policy);
}

/** @param {number} clients */
export async function simulateEverything(clients) {
  const jobs = {
    storms: storm(scenarios, clients),
    points: sweeps(clients),
    spreads: spreads(clients),
    outages: rowsOf(policies, clients),
    curves: curves(),
    choices: chosen(clients),
    wakeUps: wakeUps.flatMap(({ name }) =>
      rules.map(({ name: rule }) => ({ scenario: name, policy: 'holdline', clients, rule })),
    ),
  };
  const summaries = await simulateAll(Object.values(jobs).flat());
  /** @param {Job[]} some @returns {Summary[]} in the order of the groups above */
  const take = (some) => summaries.splice(0, some.length);
  return {
    clients,
    storms: byScenario(jobs.storms, take(jobs.storms), ({ policy }) => policy),
    points: pointsOf(jobs.points, take(jobs.points)),
    spreads: pointsOf(jobs.spreads, take(jobs.spreads)),
    outages: chunks(take(jobs.outages)).map((row, at) => ({
      name: policies[at],
      away: row.map(({ p50, attempts, gaveUp }) => ({ p50, attempts, gaveUp })),
    })),
    curves: take(jobs.curves).map(({ p50 }, at) => {
      const { policy, length } = jobs.curves[at] ?? {};
      return { name: policy, length, p50 };
    }),
    choices: chunks(take(jobs.choices), LENGTHS.length + 1).map(([limited, ...away], at) => ({
      ...choices[at],
      ...short(limited),
      medians: away.map(({ p50 }) => p50),
    })),
    wakeUps: byScenario(jobs.wakeUps, take(jobs.wakeUps).map(short), ({ rule }) => rule ?? ''),
  };
}

/** @type {(jobs: Job[], summaries: Partial<Summary>[], name: (job: Job) => string) => Record<string, Record<string, any>>} */
function byScenario(jobs, summaries, name) {
  /** @type {Record<string, Record<string, Partial<Summary> | undefined>>} */
  const rows = {};
  for (const [at, job] of jobs.entries()) {
    (rows[job.scenario] ??= {})[name(job)] = summaries[at];
  }
  return rows;
}

/** @type {(jobs: Job[], summaries: Summary[]) => object[]} */
const pointsOf = (jobs, summaries) =>
  jobs.map(({ options }, at) => ({ ...options, ...short(summaries[at]) }));

/** @param {Summary} [summary] */
function short(summary) {
  if (!summary) throw new Error('there are fewer results than jobs');
  const { attempts, losses, p50, p99, max, firstSecond, busiestSecond } = summary;
  return { attempts, losses, p50, p99, max, firstSecond, busiestSecond };
}

/** @type {(summaries: Summary[], size?: number) => Summary[][]} */
const chunks = (summaries, size = LENGTHS.length) =>
  Array.from({ length: summaries.length / size }, (_, at) =>
    summaries.slice(at * size, (at + 1) * size),
  );
