import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The end of the task, and of its microtasks. */
export const nextTask = () => new Promise((resolve) => setImmediate(resolve));

/**
 * Runs a file on its own, so that no case is optimised, or spoiled, by what another one did.
 *
 * @param {string} url the file's `import.meta.url`
 * @param {string[]} args
 * @returns {any} what it printed, as JSON
 */
export function inProcess(url, ...args) {
  const output = execFileSync(process.execPath, ['--expose-gc', fileURLToPath(url), ...args], {
    encoding: 'utf8',
  });
  return JSON.parse(output);
}

/** @param {number[]} values */
export function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    min: sorted[0] ?? NaN,
    median: sorted[sorted.length >> 1] ?? NaN,
    max: sorted.at(-1) ?? NaN,
  };
}

/** The size of the heap in bytes, once all garbage is gone. */
export async function heap() {
  for (let round = 0; round < 4; round++) {
    await nextTask();
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}

/**
 * @param {string} title
 * @param {Record<string, string | number>[]} rows
 */
export function print(title, rows) {
  const names = Object.keys(rows[0] ?? {});
  const cells = [names, ...rows.map((row) => names.map((name) => `${row[name] ?? ''}`))];
  const widths = names.map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  const lines = cells.map((row) =>
    row
      // The first column is words, the others are figures.
      .map((cell, at) => (at ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('  '),
  );
  console.log(`\n${title}\n${lines.join('\n')}`);
}
