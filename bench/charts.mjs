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
 * A column beside the other, or, where it is narrow, below it.
 *
 * @param {any[]} data
 * @param {string[]} names
 * @param {string[]} columns
 * @param {object} x
 * @param {(column: string) => string} [called] what a column is called
 * @returns {(isNarrow: boolean) => Record<string, any>}
 */
const dots = (data, names, columns, x, called) => (isNarrow) => {
  const along = isNarrow ? 'fy' : 'fx';
  const place = { [along]: 'column', y: 'name' };
  return {
    marginLeft: 164,
    height: isNarrow ? columns.length * (names.length * 20 + 36) : 60 + names.length * 22,
    x: { grid: true, ...x },
    y: { domain: names, label: null },
    [along]: { domain: columns, label: null, axis: null, padding: isNarrow ? 0.12 : 0.08 },
    marks: [
      Plot.text(columns, {
        ...{ [along]: (/** @type {string} */ column) => column, text: called },
        ...{ frameAnchor: 'top-left', lineAnchor: 'bottom', dy: -6, fontWeight: 600 },
      }),
      Plot.ruleY(data, {
        ...{ ...place, x1: 'min', x2: 'max', strokeWidth: 4, strokeOpacity: 0.35 },
        stroke: inColour,
      }),
      Plot.dot(data, { ...place, x: 'median', r: 4, fill: inColour }),
    ],
  };
};

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
  draw('queue', 'A queue of messages while offline', stamp(result), (isNarrow) => {
    const along = isNarrow ? 'fy' : 'fx';
    const place = { [along]: 'step', x: 'size', y: 'time', z: 'name' };
    return {
      height: isNarrow ? 760 : 400,
      marginLeft: 60,
      marginRight: 164,
      x: { type: 'log', label: 'messages', tickFormat: '~s', ticks: 3 },
      y: { type: 'log', label: 'ns per message', grid: true, tickFormat: '~s' },
      // Between two columns there has to be room for the names at the end of lines.
      [along]: { domain: steps, label: null, axis: null, paddingInner: isNarrow ? 0.15 : 0.6 },
      marks: [
        Plot.text(steps, {
          ...{
            [along]: (/** @type {string} */ step) => step,
            text: (/** @type {string} */ step) => step,
          },
          ...{ frameAnchor: 'top-left', lineAnchor: 'bottom', dy: -6, fontWeight: 600 },
        }),
        Plot.lineY(data, {
          ...{ ...place, marker: 'dot', stroke: inColour },
          strokeWidth: (/** @type {{ name: string }} */ { name }) =>
            name === 'holdline' ? 3 : 1.5,
        }),
        Plot.text(apart(data, steps, 330), {
          ...{ ...place, y: 'at', text: 'name', dx: 8, textAnchor: 'start', fill: inColour },
        }),
      ],
    };
  });
}

/**
 * The end of each line, with a place for its name that no other name takes.
 *
 * @param {{ name: string; step: string; size: number; time: number }[]} data
 * @param {string[]} steps
 * @param {number} height of a facet, in pixels
 */
function apart(data, steps, height) {
  const times = data.map(({ time }) => Math.log(time));
  const pixel = (Math.max(...times) - Math.min(...times)) / height;
  return steps.flatMap((step) => {
    const ends = new Map(data.filter((point) => point.step === step).map((at) => [at.name, at]));
    let lowest = -Infinity;
    return [...ends.values()]
      .sort((one, other) => one.time - other.time)
      .map((end) => {
        lowest = Math.max(Math.log(end.time), lowest + 14 * pixel);
        return { ...end, at: Math.exp(lowest) };
      });
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
  draw(file, title, stamp(result), () => ({
    marginLeft: 164,
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
  }));
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
  const called = (/** @type {string} */ away) => `away ${Number(away) / 1_000} s`;
  const x = { label: 'seconds from its return' };
  const title = 'A server that was killed and is back: how long until the line is open';
  draw('outage', title, stamp(result), dots(data, names, columns, x, called));
}

/** @type {Record<string, (result: Result) => void>} */
export const charts = { overhead, throughput, queue, idle, outage, size };
