import { figure } from '../table.mjs';
import { LENGTHS } from './outages.mjs';
import { EARLY, scenarios, wakeUps } from './scenarios.mjs';

/** @typedef {import('../table.mjs').Table} Table */

/** @param {number | null} seconds */
const time = (seconds) => (seconds === null ? 'never' : figure(seconds));
/** @param {number} count */
const whole = (count) => Math.round(count).toLocaleString('en');

/**
 * A table for each scenario.
 *
 * @param {Record<string, Record<string, import('./summary.mjs').Summary>>} rows
 * @param {number} clients
 * @returns {Table[]}
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
      note: inWords(rows[name] ?? {}),
    }));

/**
 * Who makes fewer attempts than holdline, and who is back sooner, of those who do not give up.
 *
 * @param {Record<string, import('./summary.mjs').Summary>} row
 */
function inWords({ holdline: ours, ...others }) {
  if (!ours) return '';
  const those = Object.entries(others).filter(([, { gaveUp }]) => !gaveUp);
  const said = (/** @type {string[]} */ names) => names.join(', ') || 'nobody';
  const fewer = those
    .filter(([, { attempts }]) => Number(attempts.toFixed(2)) < Number(ours.attempts.toFixed(2)))
    .map(([name, { attempts }]) => `${name} (${attempts.toFixed(2)})`);
  const sooner = those
    .filter(([, { p99 }]) => p99 !== null && p99 < (ours.p99 ?? 0) && time(p99) !== time(ours.p99))
    .map(([name, { p99 }]) => `${name} (${time(p99)} s)`);
  return (
    `Of those who do not give up, fewer attempts than holdline (${ours.attempts.toFixed(2)}): ${said(fewer)}. ` +
    `99 % back sooner (${time(ours.p99)} s): ${said(sooner)}.`
  );
}

const away = LENGTHS.map((length) => `${length / 1_000} s`);

/** By how much a median must be shorter to be ahead: less is chance. */
const AHEAD = 0.97;

/** @param {any[]} policies @param {number} clients @returns {Table[]} */
function outageTables(policies, clients) {
  const [ours, ...others] = policies;
  /** @param {number} at @param {(cell: any, own: any) => boolean} isIt */
  const those = (at, isIt) =>
    others
      .filter((other) => isIt(other.away[at], ours.away[at]))
      .sort((a, b) => a.away[at].p50 - b.away[at].p50)
      .map((other) => `${other.name} (${time(other.away[at].p50)})`)
      .join(', ') || 'nobody';
  /** @type {(cell: any, own: any) => boolean} */
  const isAhead = (cell, own) => cell.p50 !== null && cell.p50 < AHEAD * own.p50;
  return [
    {
      title: `${whole(clients)} clients, everybody let in on return: seconds until half are back (attempts), by how long the server was away`,
      head: ['', ...away],
      rows: policies.map(({ name, away: cells }) => [
        name,
        ...cells.map(
          (/** @type {any} */ { p50, attempts }) => `${time(p50)} (${attempts.toFixed(1)})`,
        ),
      ]),
    },
    {
      title:
        'Who is back sooner than holdline, by more than 3 %; in brackets after how many seconds',
      head: ['away', 'holdline', 'with more attempts', 'with no more attempts'],
      rows: away.map((length, at) => [
        length,
        time(ours.away[at].p50),
        those(at, (cell, own) => isAhead(cell, own) && cell.attempts > own.attempts),
        those(at, (cell, own) => isAhead(cell, own) && cell.attempts <= own.attempts),
      ]),
    },
  ];
}

const SPANS = [
  [0.5, 2],
  [2, 10],
  [10, 30],
  [30, 120],
].map(([from = 0, to = 0]) => ({
  from: 1_000 * from,
  to: 1_000 * to,
  title: `${from} to ${to} s`,
}));

/** One length may suit one policy by luck, all of them do not. @param {any[]} curves @returns {Table} */
function averageTable(curves) {
  const names = [...new Set(curves.map(({ name }) => name))];
  return {
    title: 'The mean of these medians over all lengths in between, as drawn in the chart',
    head: ['', ...SPANS.map(({ title }) => title)],
    rows: names.map((name) => [
      name,
      ...SPANS.map(({ from, to }) => {
        const some = curves.filter(
          (point) => point.name === name && point.length >= from && point.length <= to,
        );
        return time(some.reduce((sum, { p50 }) => sum + p50, 0) / some.length);
      }),
    ]),
  };
}

/** @param {any[]} choices @param {number} clients @returns {Table} */
const choiceTable = (choices, clients) => ({
  title: `Other numbers: ${whole(clients)} clients after 10 s with 2,000 let in a second, and seconds until half are back where everybody is let in, by how long the server was away`,
  head: [
    'baseDelay, factor, maxDelay',
    'attempts',
    'p99',
    'first second',
    'busiest second',
    ...away,
  ],
  rows: choices.map((choice) => [
    `${whole(choice.baseDelay)}, ${choice.factor}, ${whole(choice.maxDelay)}`,
    choice.attempts.toFixed(2),
    time(choice.p99),
    whole(choice.firstSecond),
    whole(choice.busiestSecond),
    ...choice.medians.map(time),
  ]),
});

/** @param {any[]} spreads @param {number} clients @returns {Table} */
const spreadTable = (spreads, clients) => ({
  title: `Other values of \`spread\`, where ${whole(clients)} clients are told of a restart`,
  head: ['spread', 'attempts per loss', 'back after, p50 s', 'p99', 'busiest second'],
  rows: spreads.map((point) => [
    whole(point.spread),
    (point.attempts / point.losses).toFixed(3),
    time(point.p50),
    time(point.p99),
    whole(point.busiestSecond),
  ]),
});

/** @param {Record<string, Record<string, any>>} rows @param {number} clients @returns {Table[]} */
function wakeUpTables(rows, clients) {
  const [online, ...early] = wakeUps;
  const of = (/** @type {string | undefined} */ name) => rows[name ?? ''] ?? {};
  return [
    {
      title: `${whole(clients)} clients: ${online?.title}`,
      head: ['what `online` does', 'attempts', 'back after, p50 s', 'p99', 'max', 'busiest second'],
      rows: Object.entries(of(online?.name)).map(([rule, summary]) => [
        rule,
        summary.attempts.toFixed(2),
        time(summary.p50),
        time(summary.p99),
        time(summary.max),
        whole(summary.busiestSecond),
      ]),
    },
    {
      title:
        'A lone client that hears `online` before its network carries anything: seconds until it is back, median (99 %), by how much too early that is',
      head: ['what `online` does', ...EARLY.map((tooEarly) => `${tooEarly / 1_000} s`)],
      rows: Object.keys(of(online?.name)).map((rule) => [
        rule,
        ...early.map(({ name }) => {
          const { p50, p99 } = of(name)[rule];
          return `${time(p50)} (${time(p99)})`;
        }),
      ]),
    },
  ];
}

/** @param {any} rows what was kept @returns {Table[]} */
export const allTables = ({
  clients,
  storms,
  outages,
  curves,
  choices,
  spreads,
  wakeUps: woken,
}) => [
  ...stormTables(storms, clients),
  ...outageTables(outages, clients),
  averageTable(curves),
  choiceTable(choices, clients),
  spreadTable(spreads, clients),
  ...wakeUpTables(woken, clients),
];
