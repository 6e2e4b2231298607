const numbers = new Intl.NumberFormat('en');

/** @param {number} value */
export const count = (value) => numbers.format(value);

/** @param {number} milliseconds */
export function duration(milliseconds) {
  if (milliseconds < 1) return '< 1 ms';
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 10_000) return `${Number((milliseconds / 1_000).toFixed(1))} s`;
  if (milliseconds < 60_000) return `${Math.floor(milliseconds / 1_000)} s`;
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 60) return `${minutes} min ${Math.floor((milliseconds % 60_000) / 1_000)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** @param {number} value */
export function bytes(value) {
  return value < 1_000 ? `${value} B` : `${(value / 1_000).toFixed(1)} kB`;
}
