/**
 * Other settings than the defaults, one changed at a time: what pulls against what.
 *
 * @param {number} clients
 * @returns {import('./worker.mjs').Job[]}
 */
export function sweeps(clients) {
  const settings = [
    ...[500, 1_000, 1_500, 1_850, 2_000, 2_500, 3_000, 4_000].map((baseDelay) => ({ baseDelay })),
    ...[6_000, 8_000, 10_000, 13_000, 15_000, 20_000, 30_000].map((maxDelay) => ({ maxDelay })),
    ...[1.3, 1.5, 2, 2.5, 3].map((factor) => ({ factor })),
  ];
  return settings.map((options) => ({ scenario: 'limited', policy: 'holdline', clients, options }));
}
