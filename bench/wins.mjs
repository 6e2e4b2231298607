/**
 * The chart of the README: three figures beside four others, from what was kept of the black hole, the kills and the
 * storm. Plain SVG that follows the reader's colours.
 */
import { writeFileSync } from 'node:fs';
import { stamp } from './plot.mjs';
import { IN_SESSION, kept } from './results.mjs';

const PEERS = ['socket.io-client', 'reconnecting-websocket', 'partysocket', '@vueuse/core'];

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1f2937 }
  .title { font-weight: 600; font-size: 14px }
  .foot { font-size: 10px; fill: #64748b }
  .ours { fill: #c2410c }
  .theirs { fill: #94a3b8 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e5e7eb }
    .foot { fill: #94a3b8 }
    .ours { fill: #fb923c }
    .theirs { fill: #64748b }
  }`;
const PANEL = { width: 312, left: 166, bar: 84, row: 22, top: 74 };

/**
 * @typedef {object} Bar
 * @property {string} name
 * @property {number} value
 * @property {string} label
 */

const figure = (/** @type {number} */ value) =>
  value < 100 ? value.toFixed(1).replace('.0', '') : Math.round(value).toLocaleString('en');

/** @param {string} part */
function rowsOf(part) {
  const result = kept(part);
  if (!result) throw new Error(`bench/results has no ${part}`);
  return result.rows;
}

/** @returns {Bar[]} */
function blackHole() {
  const rows = rowsOf('black-hole');
  return ['holdline', ...PEERS].map((name) => {
    const { seconds, never } = rows[name];
    return { name, value: seconds ?? never, label: seconds ? figure(seconds) : `over ${never}` };
  });
}

/** @returns {Bar[]} */
function kills() {
  const rows = rowsOf('kills');
  return [IN_SESSION, 'holdline', ...PEERS].map((name) => {
    const { lost, sent } = rows[name];
    const value = (100 * lost) / sent;
    return { name, value, label: `${lost === 0 ? '0' : value < 0.1 ? '< 0.1' : figure(value)} %` };
  });
}

/** @returns {Bar[]} */
function storm() {
  const rows = Object.entries(rowsOf('storm').storms.limited);
  return ['holdline', ...PEERS].map((name) => {
    // Those with one policy share a row.
    const [, row] = rows.find(([names]) => names.split(', ').includes(name)) ?? [];
    if (!row) throw new Error(`the storm has no ${name}`);
    return { name, value: row.attempts, label: figure(row.attempts) };
  });
}

const escaped = (/** @type {string} */ text) => text.replace('&', '&amp;').replace('<', '&lt;');

/** @param {number} at @param {string} title @param {string} measure @param {Bar[]} bars */
function panel(at, title, measure, bars) {
  const { width, left, bar, row, top } = PANEL;
  const most = Math.max(...bars.map(({ value }) => value));
  const lines = bars.map(({ name, value, label }, index) => {
    const y = top + index * row;
    const length = Math.max(1, (value / most) * bar);
    const whose = name.startsWith('holdline') ? 'ours' : 'theirs';
    return [
      `<text x="${left - 8}" y="${y + 12}" text-anchor="end">${escaped(name.replace('-client', ''))}</text>`,
      `<rect class="${whose}" x="${left}" y="${y}" width="${length.toFixed(1)}" height="16" rx="2"/>`,
      `<text x="${(left + length + 5).toFixed(1)}" y="${y + 12}">${escaped(label)}</text>`,
    ].join('');
  });
  return `<g transform="translate(${at * width} 0)">
<text class="title" x="8" y="24">${title}</text>
<text x="8" y="44">${measure}</text>
${lines.join('\n')}
</g>`;
}

export function drawWins() {
  const storms = kept('storm');
  const killed = kept('kills');
  if (!storms || !killed) return;
  const height = PANEL.top + 6 * PANEL.row + 34;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${3 * PANEL.width} ${height}" width="${3 * PANEL.width}" height="${height}" role="img">
<style>${STYLE}
</style>
${panel(0, 'The line turns into a black hole', 'seconds to a new one, in Chromium', blackHole())}
${panel(1, 'Six kills in full flow', 'of what a page sent: never arrived', kills())}
${panel(2, '100,000 clients lose their server', 'attempts each, until all are back', storm())}
<text class="foot" x="8" y="${height - 10}">${escaped(stamp(killed))}; less is better</text>
</svg>
`;
  writeFileSync(new URL('../docs/charts/wins.svg', import.meta.url), svg);
}
