/** What was measured, kept beside the benchmarks: the docs and the charts are made of it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * @typedef {object} Result
 * @property {ReturnType<typeof import('./machine.mjs').machine>} machine
 * @property {Record<string, string>} versions by library
 * @property {any} rows
 */

/** What holdline's row with a session is called, beside the one without. */
export const IN_SESSION = 'holdline, with a session';

/** @param {string} part */
const path = (part) => new URL(`results/${part}.json`, import.meta.url);

/** Four figures are more than the noise leaves. @type {(key: string, value: unknown) => unknown} */
const short = (_key, value) => (typeof value === 'number' ? Number(value.toPrecision(5)) : value);

/** @param {string} part @param {Result} result */
export function keep(part, result) {
  mkdirSync(new URL('results/', import.meta.url), { recursive: true });
  writeFileSync(path(part), `${JSON.stringify(result, short, 2)}\n`);
}

/** @param {string} part @returns {Result | undefined} */
export function kept(part) {
  try {
    return JSON.parse(readFileSync(path(part), 'utf8'));
  } catch {
    return undefined;
  }
}
