/** What an app makes of a burst; `bursts.mjs` reads it. */
export const burst = {
  /** Messages that the application got to see, one by one. */
  seen: 0,
  renders: 0,
  /** The number on the last message that it saw. */
  last: 0,
  frames: 0,
};

export const url = new URLSearchParams(location.search).get('line') ?? '';
export const root = /** @type {HTMLElement} */ (document.getElementById('root'));

/** @param {{ n: number }} message */
export function see({ n }) {
  burst.seen++;
  burst.last = n;
}

function countFrames() {
  burst.frames++;
  requestAnimationFrame(countFrames);
}

Object.assign(globalThis, { burst });
requestAnimationFrame(countFrames);
