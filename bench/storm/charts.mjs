/** The storm's charts, from its result. */
import * as Plot from '@observablehq/plot';
import { colour, draw, inColour, stamp } from '../plot.mjs';
import { CURVES, LENGTHS } from './outages.mjs';

/** An attempt takes 50 ms in the mean. */
const ATTEMPT = 50;
const LIMITS = { firstSecond: 55_000, median: 1_000 };
const DRAWN = [
  'holdline',
  'reconnecting-websocket',
  'decorrelated jitter, 1 to 30 s',
  'full jitter, 1 to 30 s',
  'socket.io-client',
  'sockette, @vueuse/core, websocket-ts',
];

/** @param {import('../results.mjs').Result} result */
export function stormCharts(result) {
  const { storms, points, curves: medians } = result.rows;
  frontier(storms.limited, points, stamp(result));
  curves(storms.limited, stamp(result));
  firstSecond(points, stamp(result));
  outages(medians, stamp(result));
}

/** Around ours; the table has those who are further away. */
const FAR = 10;
const CLOSE = { attempts: [4, FAR], p99: [48, 76] };

/** @type {(limited: Record<string, any>, points: any[], foot: string) => void} */
function frontier(limited, points, foot) {
  const policies = Object.entries(limited)
    .map(([name, { attempts, p99, gaveUp }]) => ({ name, attempts, p99, gaveUp }))
    .filter(({ gaveUp, attempts }) => gaveUp === 0 && attempts < FAR)
    .sort((a, b) => a.attempts - b.attempts);
  const swept = points.filter(({ maxDelay }) => maxDelay);
  const place = { x: 'attempts', y: 'p99' };
  draw('storm-frontier', 'Attempts and recovery: further down and to the left is better', foot, {
    height: 460,
    marginLeft: 60,
    marginRight: 120,
    x: { domain: CLOSE.attempts, label: 'attempts per client', grid: true },
    y: { domain: CLOSE.p99, label: '99 % are back after, s', grid: true },
    marks: [
      Plot.line(swept, { ...place, stroke: colour('holdline'), strokeOpacity: 0.4 }),
      Plot.dot(swept, { ...place, r: 2, fill: colour('holdline') }),
      Plot.text(swept, {
        ...{ ...place, dy: 12, fontSize: 10, fill: colour('holdline') },
        text: (/** @type {{ maxDelay: number }} */ { maxDelay }) => `${maxDelay / 1_000} s`,
      }),
      Plot.dot(policies, { ...place, r: 5, fill: inColour }),
      // Neighbours are labelled at different heights.
      ...policies.map((policy, at) =>
        Plot.text([policy], {
          ...{ ...place, text: 'name', dx: 8, dy: -9 - 17 * (at % 4), textAnchor: 'start' },
          fill: inColour,
        }),
      ),
    ],
  });
}

/** @type {(limited: Record<string, any>, foot: string) => void} */
function curves(limited, foot) {
  const data = DRAWN.flatMap((name) =>
    limited[name].curve.split(' ').map((/** @type {string} */ count, /** @type {number} */ at) => ({
      name,
      at: at / 10,
      count: Number(count),
    })),
  );
  draw(
    'storm-attempts',
    'Attempts in each tenth of a second; the server is back after 10 s',
    foot,
    {
      height: 90 * DRAWN.length,
      marginLeft: 60,
      marginRight: 230,
      x: { label: 'seconds after the cut' },
      y: {
        type: 'sqrt',
        label: null,
        grid: true,
        ticks: [1_000, 10_000, 100_000],
        tickFormat: '~s',
      },
      fy: { domain: DRAWN, label: null },
      marks: [
        Plot.areaY(data, {
          ...{ fy: 'name', x: 'at', y: 'count', curve: 'step' },
          fill: inColour,
        }),
        Plot.ruleX([10], { stroke: colour('native'), strokeDasharray: '3,3' }),
      ],
    },
  );
}

/** @type {(points: any[], foot: string) => void} */
function firstSecond(points, foot) {
  const data = points
    .filter(({ baseDelay }) => baseDelay)
    .map(({ baseDelay, firstSecond }) => ({
      baseDelay,
      firstSecond,
      median: baseDelay / 2 + ATTEMPT,
    }));
  const title = 'The first window, by baseDelay: a lone client after a blip, or a fleet at once';
  draw('storm-first-second', title, foot, {
    marginLeft: 70,
    marginRight: 120,
    x: { label: 'a lone client is back after, median ms', grid: true },
    y: { label: 'of 100,000, attempts in the first second', grid: true, zero: true },
    marks: [
      Plot.ruleY([LIMITS.firstSecond], { strokeDasharray: '3,3' }),
      Plot.ruleX([LIMITS.median], { strokeDasharray: '3,3' }),
      Plot.line(data, { x: 'median', y: 'firstSecond', stroke: colour('others') }),
      Plot.dot(data, {
        ...{ x: 'median', y: 'firstSecond', r: 5 },
        fill: (/** @type {{ baseDelay: number }} */ { baseDelay }) =>
          colour(baseDelay === 1_850 ? 'holdline' : 'others'),
      }),
      Plot.text(data, {
        ...{ x: 'median', y: 'firstSecond', dx: 9, dy: -8, textAnchor: 'start' },
        text: (/** @type {{ baseDelay: number }} */ { baseDelay }) => `${baseDelay / 1_000} s`,
      }),
    ],
  });
}

/** @type {(medians: any[], foot: string) => void} */
function outages(medians, foot) {
  // An axis of logarithms, since Plot leaves out some labels of a logarithmic one.
  const place = (/** @type {number} */ length) => Math.log10(length / 1_000);
  const data = medians.map(({ name, length, p50 }) => ({ name, away: place(length), p50 }));
  const title = 'Half are back after, by how long the server was away; everybody is let in';
  draw('storm-outages', title, foot, {
    height: 110 * CURVES.length,
    marginLeft: 60,
    marginRight: 260,
    x: {
      label: 'away, s',
      ticks: LENGTHS.map(place),
      tickFormat: (/** @type {number} */ power) => `${Number((10 ** power).toPrecision(3))}`,
    },
    y: { label: 's', grid: true, zero: true, ticks: 4 },
    fy: { domain: CURVES, label: null },
    marks: [
      Plot.ruleX(LENGTHS, { x: place, stroke: colour('native'), strokeOpacity: 0.15 }),
      Plot.lineY(data, {
        ...{ fy: 'name', x: 'away', y: 'p50', z: 'name', strokeWidth: 2 },
        stroke: inColour,
      }),
    ],
  });
}
