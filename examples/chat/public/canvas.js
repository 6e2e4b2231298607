import { everyTick } from './ticks.js';

/** @typedef {{ width: number, height: number, now: number }} Frame sizes in CSS pixels */

/** All pictures of the line show this much of it, in milliseconds. */
export const SPAN = 60_000;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {(context: CanvasRenderingContext2D, frame: Frame) => void} draw
 */
export function paint(canvas, draw) {
  const context = canvas.getContext('2d');
  if (!context) return;
  everyTick((now) => {
    const { clientWidth: width, clientHeight: height } = canvas;
    const scale = devicePixelRatio;
    const [columns, rows] = [Math.round(width * scale), Math.round(height * scale)];
    // Setting a size clears the canvas, even when it is the same.
    if (canvas.width !== columns) canvas.width = columns;
    if (canvas.height !== rows) canvas.height = rows;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    draw(context, { width, height, now });
  });
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
