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

/** A policy below the other, with its name above it: beside it there is no room on a phone. @param {string[]} domain */
const named = (domain) => ({ fy: { domain, label: null, axis: null, padding: 0.22 } });

/** @param {string[]} domain */
const names = (domain) =>
  Plot.text(domain, {
    ...{ fy: (/** @type {string} */ name) => name, text: (/** @type {string} */ name) => name },
    ...{ frameAnchor: 'top-left', lineAnchor: 'bottom', dy: -4, fontWeight: 600 },
    fill: (/** @type {string} */ name) => colour(name),
  });

/** Around ours; the table has those who are further away. */
const FAR = 10;
const CLOSE = { attempts: [4, FAR], p99: [48, 76] };

/**
 * Where the names stand: beside their dots, or above, where another is there already. Ours stands at the left, since
 * its line goes to the right; on a phone those at the right do, too.
 *
 * @param {{ name: string; attempts: number; p99: number }[]} policies
 * @param {boolean} isNarrow
 */
function labelled(policies, isNarrow) {
  const [height, letter] = [1.3, isNarrow ? 0.12 : 0.06];
  /** @type {{ name: string; attempts: number; at: number; isLeft: boolean; from: number; to: number }[]} */
  const placed = [];
  for (const { name, attempts, p99: at } of policies) {
    const isLeft = name === 'holdline' || (isNarrow && attempts > 8);
    const width = letter * name.length;
    const [from, to] = isLeft ? [attempts - width, attempts] : [attempts, attempts + width];
    const label = { name, attempts, at, isLeft, from, to };
    const isTaken = (/** @type {typeof label} */ other) =>
      other.from < to && from < other.to && Math.abs(other.at - label.at) < height;
    while (placed.some(isTaken)) label.at += height / 4;
    placed.push(label);
  }
  return placed;
}

/** @type {(limited: Record<string, any>, points: any[], foot: string) => void} */
function frontier(limited, points, foot) {
  const policies = Object.entries(limited)
    .map(([name, { attempts, p99, gaveUp }]) => ({ name, attempts, p99, gaveUp }))
    .filter(({ gaveUp, attempts }) => gaveUp === 0 && attempts < FAR)
    // Those at the right have the place beside them, and those before them go above.
    .sort((a, b) => b.attempts - a.attempts);
  const swept = points.filter(({ maxDelay }) => maxDelay);
  const place = { x: 'attempts', y: 'p99' };
  const placeOfSwept = {
    ...{ ...place, fontSize: 10, fill: colour('holdline') },
    text: (/** @type {{ maxDelay: number }} */ { maxDelay }) => `${maxDelay / 1_000} s`,
  };
  // Where the line rises its labels stand beside it.
  const isLong = (/** @type {{ maxDelay: number }} */ { maxDelay }) => maxDelay > 15_000;
  const isShort = (/** @type {{ maxDelay: number }} */ { maxDelay }) => !isLong({ maxDelay });
  const title = 'Attempts and recovery: further down and to the left is better';
  draw('storm-frontier', title, foot, (isNarrow) => ({
    height: 460,
    marginLeft: 50,
    marginRight: isNarrow ? 20 : 120,
    x: { domain: CLOSE.attempts, label: 'attempts per client', grid: true },
    y: { domain: CLOSE.p99, label: '99 % are back after, s', grid: true },
    marks: [
      Plot.line(swept, { ...place, stroke: colour('holdline'), strokeOpacity: 0.4 }),
      Plot.dot(swept, { ...place, r: 2, fill: colour('holdline') }),
      Plot.text(swept.filter(isLong), { ...placeOfSwept, dx: -6, textAnchor: 'end' }),
      Plot.text(swept.filter(isShort), { ...placeOfSwept, dy: 12 }),
      Plot.dot(policies, { ...place, r: 5, fill: inColour }),
      ...labelled(policies, isNarrow).map(({ name, attempts, at, isLeft }) =>
        Plot.text([{ name }], {
          ...{ x: () => attempts, y: () => at, text: 'name', fill: inColour },
          ...(isLeft ? { dx: -9, textAnchor: 'end' } : { dx: 9, textAnchor: 'start' }),
        }),
      ),
    ],
  }));
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
    () => ({
      height: 100 * DRAWN.length,
      marginLeft: 50,
      x: { label: 'seconds after the cut' },
      y: {
        type: 'sqrt',
        label: null,
        grid: true,
        ticks: [1_000, 10_000, 100_000],
        tickFormat: '~s',
      },
      ...named(DRAWN),
      marks: [
        names(DRAWN),
        Plot.areaY(data, {
          ...{ fy: 'name', x: 'at', y: 'count', curve: 'step' },
          fill: inColour,
        }),
        Plot.ruleX([10], { stroke: colour('native'), strokeDasharray: '3,3' }),
      ],
    }),
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
  draw('storm-first-second', title, foot, (isNarrow) => ({
    marginLeft: 74,
    marginRight: isNarrow ? 50 : 120,
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
      ...[true, false].map((isOurs) =>
        Plot.text(
          data.filter(({ baseDelay }) => (baseDelay === 1_850) === isOurs),
          {
            ...{ x: 'median', y: 'firstSecond' },
            ...(isOurs
              ? { dx: -9, dy: 9, textAnchor: 'end', fill: colour('holdline') }
              : { dx: 9, dy: -8, textAnchor: 'start' }),
            text: (/** @type {{ baseDelay: number }} */ { baseDelay }) => `${baseDelay / 1_000} s`,
          },
        ),
      ),
    ],
  }));
}

/** @type {(medians: any[], foot: string) => void} */
function outages(medians, foot) {
  // An axis of logarithms, since Plot leaves out some labels of a logarithmic one.
  const place = (/** @type {number} */ length) => Math.log10(length / 1_000);
  const data = medians.map(({ name, length, p50 }) => ({ name, away: place(length), p50 }));
  const title = 'Half are back after, by how long the server was away; everybody is let in';
  draw('storm-outages', title, foot, (isNarrow) => ({
    height: 120 * CURVES.length,
    marginLeft: 50,
    x: {
      label: 'away, s',
      // On a phone there is room for every other one.
      ticks: LENGTHS.filter((_, at) => !isNarrow || at % 2 === 0).map(place),
      tickFormat: (/** @type {number} */ power) => `${Number((10 ** power).toPrecision(3))}`,
    },
    y: { label: 's', grid: true, zero: true, ticks: 4 },
    ...named(CURVES),
    marks: [
      names(CURVES),
      Plot.ruleX(LENGTHS, { x: place, stroke: colour('native'), strokeOpacity: 0.15 }),
      Plot.lineY(data, {
        ...{ fy: 'name', x: 'away', y: 'p50', z: 'name', strokeWidth: 2 },
        stroke: inColour,
      }),
    ],
  }));
}
