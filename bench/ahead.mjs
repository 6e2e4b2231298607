/** Every row in which a peer is ahead of holdline, and why. */
import { figure } from './table.mjs';

/**
 * @typedef {object} Measure
 * @property {string} part
 * @property {string} what
 * @property {(row: any) => number | undefined} of less is better
 * @property {string} why
 */

const nothing =
  'the smallest, such as sockette, hand your function to the native socket, or call it, and do nothing more';
const checks =
  'holdline looks at the state, the queue and `bufferedAmount` before each message, so that order and the high-water mark hold, and keeps it until it has left the machine, to send it again if it does not';
const parsing = 'as with text; beside the JSON itself it is little';
const bounded =
  'the others push into an array without bounds; holdline counts bytes, and keeps what a key, a ttl or a signal needs';
const slices =
  'the others hand everything over in one task, and the page stands still for it; holdline stops for each frame';
const standing = 'each socket carries a queue, a heartbeat, listeners to the page and a snapshot';
const sooner =
  'short delays find a lone server soonest, and bring down one that has many clients (see the storm); with longer ones it is chance when the next attempt is due';
const everything = 'the smallest have no queue, heartbeat, jitter, handshake or types';

/** @type {(part: string, column: string, key: string, why: string) => Measure} */
const median = (part, column, key, why) => ({
  part,
  what: column,
  of: (row) => row[column]?.[key]?.median,
  why,
});

/** @type {(size: number, key: string, unit: string, why: string) => Measure} */
const queued = (size, key, unit, why) => ({
  ...median('queue', `${size}`, key, why),
  what: `${key} of ${size.toLocaleString('en')} queued messages, ${unit}`,
});

/** @type {Measure[]} */
const measures = [
  ...[
    median('overhead', 'text received', 'ratio', nothing),
    median('overhead', 'text sent', 'ratio', checks),
    median('overhead', 'JSON received', 'ratio', parsing),
    median('overhead', 'JSON sent', 'ratio', parsing),
  ].map((measure) => ({ ...measure, what: `${measure.what}, times native` })),
  ...['received, Node', 'sent, Node', 'received, Chromium', 'sent, Chromium'].map((column) => ({
    ...median(
      'throughput',
      column,
      'ratio',
      'the ranges overlap: over a real line the difference drowns in noise',
    ),
    what: `time per message ${column}, times native`,
    of: (/** @type {any} */ row) => row[column]?.ratio && 1 / row[column].ratio.median,
  })),
  ...[10_000, 100_000, 1_000_000].flatMap((size) => [
    queued(size, 'enqueue', 'ns each', bounded),
    queued(size, 'drain', 'ns each', slices),
    queued(size, 'heap', 'B each', bounded),
    queued(size, 'block', 'ms', 'a queue that is emptied faster than a frame blocks for less'),
  ]),
  {
    ...median('idle', 'over', 'over', standing),
    what: 'heap of an idle socket, B',
    of: (row) => row.over?.median,
  },
  ...[500, 5_000, 30_000].map((away) => ({
    ...median('outage', `${away}`, 'seconds', sooner),
    what: `server away for ${away / 1_000} s, seconds until it is open`,
  })),
  {
    part: 'black-hole',
    what: 'black hole, seconds until it is open',
    of: (row) => row.seconds,
    why: 'chance: all that notice it do within two heartbeats',
  },
  { part: 'size', what: 'size in bytes, gzip', of: (row) => row.gzip, why: everything },
];

/** What differs by less is noise. */
const NOISE = 0.05;

/**
 * In words, by what makes the difference.
 *
 * @param {Record<string, Record<string, any>>} results rows by part
 * @returns {string} for the docs
 */
export function ahead(results) {
  /** @type {Map<string, string[]>} */
  const byReason = new Map();
  for (const { part, what, of, why } of measures) {
    const { holdline, ...others } = results[part] ?? {};
    const ours = holdline && of(holdline);
    if (ours === undefined) continue;
    const better = Object.entries(others)
      .map(([name, row]) => ({ name, value: of(row) ?? NaN }))
      // The native socket is the reference, and no peer.
      .filter(({ name, value }) => name !== 'native' && value < ours - Math.abs(ours) * NOISE)
      .sort((a, b) => a.value - b.value)
      .map(({ name, value }) => `${name} ${figure(value)}`);
    if (better.length === 0) continue;
    const line = `- **${what}**: ${better.join(', ')}; holdline ${figure(ours)}`;
    byReason.set(why, [...(byReason.get(why) ?? []), line]);
  }
  return [...byReason]
    .map(([why, lines]) => `${sentence(why)}\n\n${lines.join('\n')}`)
    .join('\n\n');
}

/** @param {string} words */
const sentence = (words) => `${words.charAt(0).toUpperCase()}${words.slice(1)}:`;
