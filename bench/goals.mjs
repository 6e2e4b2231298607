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

/** @type {(step: 'enqueue' | 'drain') => Goal} */
const queue = (step) => ({
  part: 'queue',
  what: `${step} of a million, ns each: three times partysocket's`,
  of({ holdline, partysocket }) {
    const [ours, theirs] = [holdline, partysocket].map((row) => row['1000000']?.[step]?.median);
    return ours && { measured: ours, most: 3 * theirs };
  },
});

/** @type {Goal[]} */
const goals = [
  message('text received', 'over', 25),
  message('text sent', 'over', 15),
  message('JSON received', 'ratio', 1.05),
  message('JSON sent', 'ratio', 1.05),
  queue('enqueue'),
  queue('drain'),
  {
    part: 'queue',
    what: 'longest block while a million drain, ms',
    of: ({ holdline: { 1000000: cell } }) => cell && { measured: cell.block.median, most: 16 },
  },
  {
    part: 'idle',
    what: 'heap of an idle socket, B over the fake',
    of: ({ holdline }) => ({ measured: holdline.over.median, most: 2_000 }),
  },
  {
    part: 'size',
    what: 'createSocket, B gzip',
    of: ({ holdline }) => ({ measured: holdline.gzip, most: 4_000 }),
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
