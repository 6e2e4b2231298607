/** @typedef {(now: number) => void} Draw called with the milliseconds since the epoch */

/** Often enough for a picture that moves some pixels a second, and next to nothing for a processor. */
const PERIOD = 500;
/** For those who want no motion. */
const CALM_PERIOD = 1_000;

/** @type {Draw[]} */
const draws = [];
const prefersStill = matchMedia('(prefers-reduced-motion: reduce)');

/**
 * Calls `draw` some times a second, as long as somebody can see the page.
 *
 * @param {Draw} draw
 */
export function everyTick(draw) {
  draws.push(draw);
  if (draws.length > 1) return;
  schedule();
  document.addEventListener('visibilitychange', drawAll);
}

function schedule() {
  setTimeout(
    () => {
      drawAll();
      schedule();
    },
    prefersStill.matches ? CALM_PERIOD : PERIOD,
  );
}

function drawAll() {
  if (document.hidden) return;
  const now = Date.now();
  for (const draw of draws) draw(now);
}
