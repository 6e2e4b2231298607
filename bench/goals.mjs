/** What is asked of holdline, and whether it holds. */
import { figure } from './table.mjs';

/**
 * @typedef {object} Goal
 * @property {string} part
 * @property {string} what
 * @property {(rows: Record<string, any>) => { measured: number, most: number } | undefined} of
 */

/** @type {(column: string, key: 'over' | 'ratio', most: number) => Goal} */
const message = (column, key, most) => ({
  part: 'overhead',
  what: `${column}, ${key === 'over' ? 'ns over native' : 'times native'}`,
  of: ({ holdline }) => ({ measured: holdline[column][key].median, most }),
});

/** A message costs the same, however long the queue is. @type {(step: 'enqueue' | 'drain') => Goal} */
const linear = (step) => ({
  part: 'queue',
  what: `${step} of a million, each: times that of 10,000`,
  of({ holdline }) {
    const [many, few] = ['1000000', '10000'].map((size) => holdline[size]?.[step]?.median);
    return many && { measured: many / few, most: 2 };
  },
});

/** @type {Goal[]} */
const goals = [
  message('text received', 'over', 25),
  message('text sent', 'over', 15),
  message('JSON received', 'ratio', 1.05),
  message('JSON sent', 'ratio', 1.05),
  {
    part: 'events',
    what: 'the drop-in class: text received in Chromium, times partysocket',
    of(rows) {
      const [ours, theirs] = ['holdline/websocket', 'partysocket'].map((name) => rows[name]);
      return ours && { measured: ours.received.time.median / theirs.received.time.median, most: 1 };
    },
  },
  {
    part: 'events',
    what: 'the drop-in class: text sent in Chromium, ns over native',
    of: ({ 'holdline/websocket': ours }) => ours && { measured: ours.sent.over.median, most: 60 },
  },
  linear('enqueue'),
  linear('drain'),
  {
    part: 'queue',
    what: 'longest block while a million drain, ms',
    of: ({ holdline: { 1000000: cell } }) => cell && { measured: cell.block.median, most: 16 },
  },
  ...['sent', 'received'].map((direction) => ({
    part: 'sessions',
    what: `a message ${direction} over a real line with a session, times one without`,
    of: (/** @type {Record<string, any>} */ { line }) => ({
      measured: 1 / line.session[direction].ratio.median,
      most: 1 / 0.85,
    }),
  })),
  {
    part: 'sessions',
    what: 'heap of a session whose client is away, B at the server',
    of: ({ memory }) => ({ measured: memory.bytes.median, most: 2_000 }),
  },
];

/** @param {Record<string, any>} results rows by part @returns {import('./table.mjs').Table} */
export const verdicts = (results) => ({
  title: 'What is asked of holdline',
  head: ['', 'measured', 'at most', 'holds'],
  rows: goals.flatMap(({ part, what, of }) => {
    const goal = results[part] && of(results[part]);
    if (!goal) return [];
    const { measured, most } = goal;
    return [[what, figure(measured), figure(most), measured <= most ? 'yes' : 'NO']];
  }),
});
