/**
 * @typedef {object} Table
 * @property {string} title
 * @property {string[]} head
 * @property {string[][]} rows
 * @property {string} [note] what it says, in words
 */

/** @param {Table} table @returns {string} for a terminal */
export function plain({ title, head, rows, note = '' }) {
  const widths = head.map((_, at) =>
    Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0)),
  );
  const lines = [head, ...rows].map((row) =>
    row
      // The first column is words, the others are figures.
      .map((cell, at) => (at ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('   '),
  );
  return `\n${title}\n${lines.join('\n')}\n${note}`.trimEnd();
}

/** @param {Table} table @returns {string} for the docs */
export function markdown({ title, head, rows, note }) {
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, at) => (at ? '--:' : ':--'));
  const told = note ? ['', note] : [];
  return [`**${title}**`, '', ...[head, rule, ...rows].map(line), ...told].join('\n');
}

/**
 * A figure as short as it can be said.
 *
 * @param {number} value
 */
export function figure(value) {
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return Number(value.toFixed(digits)).toLocaleString('en');
}

/** @param {import('./measure.mjs').Summary} summary */
export function range({ min, median, max }) {
  return `${figure(median)} (${figure(min)}…${figure(max)})`;
}
