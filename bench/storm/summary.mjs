/**
 * What a simulation came to. Times are in seconds.
 *
 * @typedef {ReturnType<typeof summarise>} Summary
 *
 * @param {ReturnType<typeof import('./fleet.mjs').simulate>} outcome
 */
export function summarise({ clients, attempts, recoveries, losses, gaveUp }) {
  const windows = attempts.map((_, at) => sum(attempts.subarray(at, at + 10)));
  const back = sum(recoveries);
  // Those who gave up are never back.
  const all = back + gaveUp;
  return {
    attempts: sum(attempts) / clients,
    losses: losses / clients,
    p50: quantile(recoveries, 0.5 * all),
    p99: quantile(recoveries, 0.99 * all),
    max: quantile(recoveries, back),
    gaveUp: gaveUp / clients,
    firstSecond: windows[0] ?? 0,
    busiestSecond: most(windows),
    busiestTenth: most(attempts),
    /** Attempts in each tenth of a second, for the first seventy seconds; on one line of a file. */
    curve: attempts.subarray(0, 700).join(' '),
  };
}

/** @param {Uint32Array} values */
const sum = (values) => values.reduce((total, value) => total + value, 0);

/** @param {Uint32Array} values */
const most = (values) => values.reduce((top, value) => Math.max(top, value), 0);

/**
 * After how many seconds so many were back; `null` where they never were.
 *
 * @param {Uint32Array} recoveries
 * @param {number} count
 */
function quantile(recoveries, count) {
  let seen = 0;
  for (const [milliseconds, some] of recoveries.entries()) {
    seen += some;
    if (seen >= count && seen > 0) return milliseconds / 1_000;
  }
  return null;
}
