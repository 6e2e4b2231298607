/**
 * What one assertion is: a demand of a text, and how to look whether a class meets it. It runs wherever
 * there is a WebSocket class: in a page and in Node.
 *
 * @import { Trial } from './trial.mjs'
 */

/**
 * @typedef {object} Assertion
 * @property {string} section the text and the part of it that demands this
 * @property {string} title
 * @property {unknown} expected what the text demands, as JSON has it
 * @property {(trial: Trial) => unknown} observe or a promise of it
 */

/**
 * @typedef {object} Finding
 * @property {string} section
 * @property {string} title
 * @property {unknown} expected
 * @property {unknown} observed
 */

/**
 * @param {string} section
 * @param {string} title
 * @param {unknown} expected
 * @param {(trial: Trial) => unknown} observe
 * @returns {Assertion}
 */
export const demand = (section, title, expected, observe) => ({
  section,
  title,
  expected,
  observe,
});

/**
 * Several of one section.
 *
 * @param {string} section
 * @param {[title: string, expected: unknown, observe: (trial: Trial) => unknown][]} rows
 */
export const demands = (section, rows) =>
  rows.map(([title, expected, observe]) => demand(section, title, expected, observe));

/**
 * What `action` throws, by its name.
 *
 * @param {() => unknown} action
 * @returns {string} `nothing` if it does not throw
 */
export function thrown(action) {
  try {
    action();
    return 'nothing';
  } catch (error) {
    return nameOf(error);
  }
}

/** @param {unknown} error */
export function nameOf(error) {
  if (error instanceof DOMException) return `DOMException ${error.name}`;
  return error instanceof Error ? error.name : String(error);
}

/**
 * The value as JSON can hold it, so that it means the same when it has left the page.
 *
 * @param {unknown} value
 * @returns {unknown}
 */
export function plain(value) {
  if (value === undefined || Number.isNaN(value)) return String(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}
