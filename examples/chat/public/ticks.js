/** @typedef {(now: number) => void} Draw called with the milliseconds since the epoch */

/** While something happens: a picture that moves a few pixels at a time. */
const LIVELY = 250;
/** At rest, and for those who want no motion: next to nothing for a processor. */
const CALM = 1_000;
/** How long something goes on happening, in milliseconds. */
const AFTERMATH = 10_000;

/** @type {Draw[]} */
const draws = [];
const prefersStill = matchMedia('(prefers-reduced-motion: reduce)');
let livelyUntil = 0;

/** Something happens. */
export function liven() {
  livelyUntil = Date.now() + AFTERMATH;
}

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
  const isLively = Date.now() < livelyUntil && !prefersStill.matches;
  setTimeout(
    () => {
      drawAll();
      schedule();
    },
    isLively ? LIVELY : CALM,
  );
}

function drawAll() {
  if (document.hidden) return;
  const now = Date.now();
  for (const draw of draws) draw(now);
}
