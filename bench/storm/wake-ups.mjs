/**
 * What `online` does, and what else it could do: a wait ends, and an attempt begins. Should that one
 * fail, the next wait is that of the retry `attempt`, drawn by the library's own `nextDelay`.
 *
 * @typedef {object} Consequence
 * @property {string} name
 * @property {number} [attempt] missing where the count of retries stays as it was
 * @property {boolean} [isFloored] in the upper half of its window, though it is the first
 *
 * @typedef {Consequence & import('./fleet.mjs').WakeUp} Rule
 */

/** @type {Rule} */
const onlyTheWait = { name: 'only the wait ends', replaces: false, within: 0 };

/** @type {Rule} */
export const holdlinesRule = { name: 'holdline', attempt: 1, replaces: true, within: 0 };

/** @type {Rule[]} */
export const rules = [
  onlyTheWait,
  { ...onlyTheWait, name: 'the count of retries falls back, too', attempt: 1 },
  holdlinesRule,
  { ...holdlinesRule, name: 'with the next retry in the upper half', isFloored: true },
  { ...holdlinesRule, name: 'with the next retry as the second', attempt: 2 },
  { ...holdlinesRule, name: 'with the attempt itself spread over 0.5 s', within: 500 },
  { ...holdlinesRule, name: 'with the attempt itself spread over 1 s', within: 1_000 },
];
