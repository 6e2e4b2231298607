/** The charts of the docs: one function for each part, given its result. */
import * as Plot from '@observablehq/plot';
import { draw, inColour, stamp } from './plot.mjs';

/** @typedef {import('./results.mjs').Result} Result */

/**
 * One mark for each library and column, from the least to the most, with a dot at the median.
 *
 * @param {any} result
 * @param {string[]} columns
 * @param {(cell: any) => import('./measure.mjs').Summary | undefined} of
 */
function spans({ rows }, columns, of) {
  return Object.entries(rows).flatMap(([name, row]) =>
    columns.flatMap((column) => {
      const span = row[column] && !row[column].lacks && of(row[column]);
      return span ? [{ name, column, ...span }] : [];
    }),
  );
}

/**
 * @param {any[]} data
 * @param {string[]} names
 * @param {string[]} columns
 * @param {object} x
 */
const dots = (data, names, columns, x) => ({
  marginLeft: 160,
  height: 60 + names.length * 22,
  x: { grid: true, ...x },
  y: { domain: names, label: null },
  fx: { domain: columns, label: null },
  marks: [
    Plot.ruleY(data, {
      ...{ fx: 'column', y: 'name', x1: 'min', x2: 'max', strokeWidth: 4, strokeOpacity: 0.35 },
      stroke: inColour,
    }),
    Plot.dot(data, {
      ...{ fx: 'column', y: 'name', x: 'median', r: 4 },
      fill: inColour,
    }),
  ],
});

/** @param {Result} result */
function overhead(result) {
  const columns = ['text received', 'text sent', 'JSON received', 'JSON sent'];
  const data = spans(result, columns, ({ ratio }) => ratio);
  const x = { type: 'log', label: 'times the native cost', tickFormat: '~s' };
  const title = 'What a message costs: native is 1';
  draw('overhead', title, stamp(result), dots(data, Object.keys(result.rows), columns, x));
}

/** @param {Result} result */
function throughput(result) {
  const columns = ['received, Node', 'sent, Node', 'received, Chromium', 'sent, Chromium'];
  const data = spans(result, columns, ({ ratio }) => ratio);
  const x = { label: 'times the native rate', zero: true };
  const title = 'Messages a second over a real server: native is 1';
  draw('throughput', title, stamp(result), dots(data, Object.keys(result.rows), columns, x));
}

/** @param {Result} result */
function queue(result) {
  const steps = ['enqueue', 'drain'];
  const data = Object.entries(result.rows).flatMap(([name, row]) =>
    Object.entries(row).flatMap(([size, cell]) =>
      cell.lacks
        ? []
        : steps.map((step) => ({ name, step, size: Number(size), time: cell[step].median })),
    ),
  );
  draw('queue', 'A queue of messages while offline', stamp(result), {
    marginLeft: 60,
    marginRight: 150,
    x: { type: 'log', label: 'messages', tickFormat: '~s', ticks: 3 },
    y: { type: 'log', label: 'ns per message', grid: true, tickFormat: '~s' },
    fx: { domain: steps, label: null },
    marks: [
      Plot.lineY(data, {
        ...{ fx: 'step', x: 'size', y: 'time', z: 'name', marker: true },
        stroke: inColour,
        strokeWidth: (/** @type {{ name: string }} */ { name }) => (name === 'holdline' ? 3 : 1.5),
      }),
      Plot.text(
        data,
        Plot.selectLast({
          ...{ fx: 'step', x: 'size', y: 'time', z: 'name', text: 'name' },
          ...{ dx: 8, textAnchor: 'start', fill: inColour },
        }),
      ),
    ],
  });
}

/**
 * @param {Result} result
 * @param {string} file
 * @param {string} title
 * @param {string} label
 * @param {(row: any) => number | undefined} of
 */
function bars(result, file, title, label, of) {
  const data = Object.entries(result.rows).flatMap(([name, row]) => {
    const value = of(row);
    return value === undefined ? [] : [{ name, value }];
  });
  draw(file, title, stamp(result), {
    marginLeft: 160,
    marginRight: 60,
    height: 60 + data.length * 24,
    x: { grid: true, label },
    y: { label: null },
    marks: [
      Plot.barX(data, {
        ...{ x: 'value', y: 'name', sort: { y: 'x' } },
        fill: inColour,
      }),
      Plot.text(data, {
        ...{ x: 'value', y: 'name', dx: 5, textAnchor: 'start' },
        text: (/** @type {{ value: number }} */ { value }) =>
          Math.round(value).toLocaleString('en'),
      }),
    ],
  });
}

/** @param {Result} result */
const idle = (result) =>
  bars(result, 'idle', 'Heap of an open, idle socket, over the bare one', 'bytes', (row) =>
    row.over.median > 0 ? row.over.median : undefined,
  );

/** @param {Result} result */
const size = (result) =>
  bars(
    result,
    'size',
    'What an application downloads',
    'bytes, minified and gzip',
    (row) => row.gzip,
  );

/** @param {Result} result */
function outage(result) {
  const columns = Object.keys(result.rows['holdline']);
  const data = spans(result, columns, ({ seconds }) => seconds);
  const names = Object.keys(result.rows).filter((name) => !result.rows[name][500].lacks);
  const options = dots(data, names, columns, { label: 'seconds from its return' });
  const tickFormat = (/** @type {string} */ away) => `away ${Number(away) / 1_000} s`;
  const title = 'A server that was killed and is back: how long until the line is open';
  draw('outage', title, stamp(result), { ...options, fx: { ...options.fx, tickFormat } });
}

/** @type {Record<string, (result: Result) => void>} */
export const charts = { overhead, throughput, queue, idle, outage, size };
