/**
 * Other settings than the defaults: what pulls against what.
 *
 * @typedef {import('./worker.mjs').Job} Job
 */

/** One changed at a time, in the storm that they are chosen by. @param {number} clients @returns {Job[]} */
export function sweeps(clients) {
  const settings = [
    ...[500, 1_000, 1_500, 1_850, 2_000, 2_500, 3_000, 4_000].map((baseDelay) => ({ baseDelay })),
    ...[6_000, 8_000, 10_000, 13_000, 15_000, 20_000, 30_000].map((maxDelay) => ({ maxDelay })),
    ...[1.3, 1.5, 1.6, 1.8, 2, 2.5, 3].map((factor) => ({ factor })),
  ];
  return settings.map((options) => ({ scenario: 'limited', policy: 'holdline', clients, options }));
}

/** Of the first window, the growth and the cap: those around ours, and those that were ours before. */
export const choices = [
  [1_850, 1.6, 15_000],
  [1_870, 1.6, 15_000],
  [1_850, 1.5, 15_000],
  [1_850, 1.7, 15_000],
  [1_850, 1.8, 15_000],
  [1_850, 2, 15_000],
  [1_850, 1.6, 10_000],
  [1_850, 1.6, 13_000],
  [1_850, 1.6, 20_000],
  [1_850, 2, 13_000],
].map(([baseDelay, factor, maxDelay]) => ({ baseDelay, factor, maxDelay }));

/** The last one trades how many come at a time for how soon. @param {number} clients @returns {Job[]} */
export const spreads = (clients) =>
  [1_850, 3_000, 4_000, 5_000, 6_000, 8_000].map((spread) => ({
    ...{ scenario: 'rolling', policy: 'holdline', clients },
    options: { spread },
  }));
