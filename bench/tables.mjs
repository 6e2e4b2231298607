/** What the results say, as tables: one function for each part. */
import { figure, range } from './table.mjs';

/**
 * @typedef {import('./table.mjs').Table} Table
 * @typedef {Record<string, any>} Rows by library
 */

/**
 * @param {string} title
 * @param {Rows} rows
 * @param {Record<string, (row: any) => string>} columns
 * @returns {Table}
 */
const tableOf = (title, rows, columns) => ({
  title,
  head: ['', ...Object.keys(columns)],
  rows: Object.entries(rows).map(([name, row]) => [
    name,
    ...Object.values(columns).map((cell) => cell(row)),
  ]),
});

/**
 * @param {string} key
 * @param {(cell: any) => string} show
 * @returns {(row: any) => string}
 */
const cell = (key, show) => (row) => (!row[key] || row[key].lacks ? '-' : show(row[key]));

/** @param {number} ratio */
const times = (ratio) => `${figure(ratio)} ×`;
/** @param {number} share */
const percent = (share) => `${Math.round(share * 100)} %`;

/** @param {string[]} keys @param {(cell: any) => string} show */
const columns = (keys, show) => Object.fromEntries(keys.map((key) => [key, cell(key, show)]));

/** @param {Rows} rows @returns {Table[]} */
const overhead = (rows) => [
  tableOf(
    'Per message over the fake socket: ns more than native, median (min…max), and times native',
    rows,
    columns(
      ['text received', 'text sent', 'JSON received', 'JSON sent'],
      ({ over, ratio }) => `${range(over)}, ${times(ratio.median)}`,
    ),
  ),
];

/** @param {Rows} rows @returns {Table[]} */
const events = (rows) => [
  tableOf(
    'Per text message in Chromium, real events included: ns, and ns more than native, median (min…max)',
    rows,
    columns(
      ['received', 'sent'],
      ({ time, over }) => `${figure(time.median)}, ${range(over)} more`,
    ),
  ),
];

/** @param {Rows} rows @returns {Table[]} */
const throughput = (rows) => [
  tableOf(
    'Messages a second over a real server, in thousands, median (min…max), and times native',
    rows,
    columns(
      ['received, Node', 'sent, Node', 'received, Chromium', 'sent, Chromium'],
      ({ rate: { min, median, max }, ratio }) =>
        `${range({ min: min / 1e3, median: median / 1e3, max: max / 1e3 })}, ${times(ratio.median)}`,
    ),
  ),
];

/** @param {Rows} rows @returns {Table[]} */
const queue = (rows) =>
  Object.keys(rows['holdline']).map((size) => {
    const able = Object.entries(rows).filter(([, row]) => row[size]?.enqueue);
    const late = Object.entries(rows).filter(([, row]) => row[size]?.lacks?.startsWith('not done'));
    const all = Object.fromEntries([...able, ...late].map(([name, row]) => [name, row[size]]));
    return tableOf(`${Number(size).toLocaleString('en')} messages queued while offline`, all, {
      'enqueue, ns each': cell('enqueue', range),
      'drain, ns each': cell('drain', range),
      'heap, B each': cell('heap', range),
      'longest block, ms': cell('block', range),
    });
  });

/** @param {Rows} rows @returns {Table[]} */
const idle = (rows) => [
  tableOf('Heap of an open, idle socket, of 10,000', rows, {
    'B over the fake': cell('over', range),
    'times native': ({ bytes }) => times(bytes.median / rows['native'].bytes.median),
  }),
];

/** @param {any} cell */
const recovered = ({ seconds, back, arrived }) =>
  [
    seconds ? `${range(seconds)}` : 'never',
    ...(seconds && back < 1 ? [`${percent(back)} are back`] : []),
    ...(arrived === undefined ? [] : [`${percent(arrived)} arrived`]),
  ].join(', ');

/** @param {Rows} rows @returns {Table[]} */
const outage = (rows) => [
  tableOf(
    'Server killed and back: seconds from its return to open, median (min…max), and what arrived of the messages sent meanwhile',
    rows,
    Object.fromEntries(
      Object.keys(rows['holdline']).map((away) => [
        `away ${Number(away) / 1_000} s`,
        cell(away, recovered),
      ]),
    ),
  ),
];

/** @param {Rows} rows @returns {Table[]} */
const blackHole = (rows) => [
  tableOf('Black hole, in Chromium', rows, {
    'seconds to open': ({ seconds, never }) =>
      seconds ? figure(seconds) : never ? `not within ${never}` : '-',
    'of the messages sent meanwhile': ({ arrived }) =>
      arrived === undefined ? '-' : `${percent(arrived)} arrived`,
  }),
];

/** Nothing is no share that is too small to be seen. @param {number} part */
const share = (part) => (part > 0 && part < 0.005 ? '< 1 %' : percent(part));

/** @param {Rows} rows @returns {Table[]} */
const kills = (rows) => [
  tableOf('Six kills in full flow, in Chromium', rows, {
    sent: cell('sent', figure),
    'never arrived': ({ sent, lost }) =>
      sent ? `${lost.toLocaleString('en')} (${share(lost / sent)})` : '-',
    'of these the page is told': ({ sent, told }) => (sent ? told.toLocaleString('en') : '-'),
    'refused, with an exception': ({ refused }) => (refused ? figure(refused) : '-'),
  }),
];

/** @param {Rows} rows @returns {Table[]} */
const size = (rows) => [
  tableOf('Bytes of the import that an application writes', rows, {
    minified: ({ min }) => (min ? figure(min) : '-'),
    gzip: ({ gzip }) => (gzip ? figure(gzip) : '-'),
    brotli: ({ brotli }) => (brotli ? figure(brotli) : '-'),
    'times holdline': ({ gzip }) => (gzip ? times(gzip / rows['holdline'].gzip) : '-'),
  }),
];

/** @param {number} bytes */
const megabytes = (bytes) => `${figure(bytes / 1e6)} MB`;

/** @param {Rows} rows @returns {Table[]} */
const sessions = ({ line, cost, memory, resume }) => [
  tableOf(
    'Messages a second over a real server in Node, in thousands, median (min…max), and times a socket without a session',
    line,
    columns(
      ['sent', 'received'],
      ({ rate: { min, median, max }, ratio }) =>
        `${range({ min: min / 1e3, median: median / 1e3, max: max / 1e3 })}, ${times(ratio.median)}`,
    ),
  ),
  tableOf('Both ends in one process: ns a message, sent, handled, and acknowledged', cost, {
    'without a session': cell('plain', range),
    'with one': cell('session', range),
    'that is more': cell('adds', range),
    'socket.io, acknowledged': cell('socket.io', range),
  }),
  tableOf(
    'At the server, of 10,000',
    { 'a session whose client is away': memory },
    {
      'heap, B each': cell('bytes', range),
    },
  ),
  tableOf(
    'The network is gone for 5 s, and something is said both ways: seconds until sessions are resumed',
    { [`${resume.sessions.toLocaleString('en')} sessions`]: resume },
    {
      half: ({ half }) => figure(half),
      '99 %': ({ most }) => figure(most),
      'all, and all is acknowledged': ({ settled }) => figure(settled),
      'of which the server worked': ({ worked }) => figure(worked),
      'messages that arrived': ({ handled, heard }) => figure(handled + heard),
      'the server’s heap at most': ({ peak }) => megabytes(peak),
      'its memory at most': ({ resident }) => megabytes(resident),
    },
  ),
];

/** @type {Record<string, (rows: Rows) => Table[]>} */
export const tables = {
  overhead,
  events,
  throughput,
  queue,
  idle,
  outage,
  'black-hole': blackHole,
  kills,
  size,
  sessions,
};
