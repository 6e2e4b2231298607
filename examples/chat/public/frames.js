/** @typedef {(now: number) => void} Draw called with the milliseconds since the epoch */

/** @type {Draw[]} */
const draws = [];
const prefersStill = matchMedia('(prefers-reduced-motion: reduce)');

/**
 * Calls `draw` at every frame, or once a second for those who want no motion.
 *
 * @param {Draw} draw
 */
export function everyFrame(draw) {
  draws.push(draw);
  if (draws.length === 1) schedule();
}

function schedule() {
  if (prefersStill.matches) setTimeout(tick, 1_000);
  else requestAnimationFrame(tick);
}

function tick() {
  const now = Date.now();
  for (const draw of draws) draw(now);
  schedule();
}
