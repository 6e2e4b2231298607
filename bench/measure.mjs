import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The end of the task, and of its microtasks. */
export const nextTask = () => new Promise((resolve) => setImmediate(resolve));

/** @param {number} milliseconds */
export const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * @typedef {object} Summary
 * @property {number} min
 * @property {number} median
 * @property {number} max
 */

/**
 * Runs a file on its own, so that no case is optimised, or spoiled, by what another one did.
 *
 * @param {string} url the file's `import.meta.url`
 * @param {string[]} args
 * @param {number} [timeout] in milliseconds
 * @returns {any} what it reported; `undefined` where it took too long
 */
export function inProcess(url, args, timeout = 120_000) {
  const command = ['--expose-gc', '--max-old-space-size=8192', fileURLToPath(url), ...args];
  try {
    // What it reports is the last line: some libraries print, too.
    const output = execFileSync(process.execPath, command, {
      encoding: 'utf8',
      timeout,
      killSignal: 'SIGKILL',
      stdio: 'pipe',
    });
    return JSON.parse(output.trim().split('\n').at(-1) ?? '');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ETIMEDOUT') return undefined;
    throw error;
  }
}

/**
 * Ends a process that {@link inProcess} started; open sockets would keep it alive.
 *
 * @param {unknown} result
 * @returns {never}
 */
export function report(result) {
  console.log(`\n${JSON.stringify(result)}`);
  process.exit();
}

/** @param {number[]} values @returns {Summary} */
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
 * Adds what one more process measured.
 *
 * @param {Record<string, number[]>} into
 * @param {Record<string, number | number[]>} samples
 */
export function gather(into, samples) {
  for (const [key, values] of Object.entries(samples)) (into[key] ??= []).push(...[values].flat());
}

/**
 * Every list of samples within, summed up.
 *
 * @param {any} value
 * @returns {any}
 */
export function summarised(value) {
  if (Array.isArray(value)) return summary(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, summarised(of)]));
}
