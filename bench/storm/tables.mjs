import { figure } from '../table.mjs';
import { scenarios } from './scenarios.mjs';

/** @param {number | null} seconds */
const time = (seconds) => (seconds === null ? 'never' : figure(seconds));
/** @param {number} count */
const whole = (count) => Math.round(count).toLocaleString('en');

/**
 * A table for each scenario.
 *
 * @param {Record<string, Record<string, import('./summary.mjs').Summary>>} rows
 * @param {number} clients
 * @returns {import('../table.mjs').Table[]}
 */
export const stormTables = (rows, clients) =>
  scenarios
    .filter(({ name }) => rows[name])
    .map(({ name, title }) => ({
      title: `${whole(clients)} clients: ${title}`,
      head: [
        '',
        'attempts per client',
        'back after, p50 s',
        'p99',
        'max',
        'gave up',
        'attempts in the first second',
        'busiest second',
        'busiest 100 ms',
      ],
      rows: Object.entries(rows[name] ?? {}).map(([policy, summary]) => [
        policy,
        summary.attempts.toFixed(2),
        time(summary.p50),
        time(summary.p99),
        time(summary.max),
        summary.gaveUp ? `${figure(100 * summary.gaveUp)} %` : '',
        whole(summary.firstSecond),
        whole(summary.busiestSecond),
        whole(summary.busiestTenth),
      ]),
    }));
