import { everyTick } from './ticks.js';

/** @typedef {{ width: number, height: number, now: number }} Frame sizes in CSS pixels */

/** All pictures of the line show this much of it, in milliseconds. */
export const SPAN = 60_000;

/**
 * Draws at every tick for as long as the picture is on the screen.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {(context: CanvasRenderingContext2D, frame: Frame) => void} draw
 */
export function paint(canvas, draw) {
  const context = canvas.getContext('2d');
  if (!context) return;
  let width = 0;
  let height = 0;
  let isSeen = false;
  // Asked for at each tick, the size would cost a layout each time.
  new ResizeObserver(([entry]) => {
    ({ width = 0, height = 0 } = entry?.contentRect ?? {});
    canvas.width = Math.round(width * devicePixelRatio);
    canvas.height = Math.round(height * devicePixelRatio);
    redraw(Date.now());
  }).observe(canvas);
  new IntersectionObserver((entries) => {
    isSeen = entries.at(-1)?.isIntersecting ?? false;
    redraw(Date.now());
  }).observe(canvas);

  /** @param {number} now */
  function redraw(now) {
    if (!isSeen || !context) return;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, width, height);
    draw(context, { width, height, now });
  }
  everyTick(redraw);
}

/** @type {Map<string, string>} */
const colors = new Map();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => colors.clear());

/**
 * A colour of the style sheet.
 *
 * @param {string} name
 */
export function color(name) {
  let value = colors.get(name);
  if (value === undefined) {
    value = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
    colors.set(name, value);
  }
  return value;
}
