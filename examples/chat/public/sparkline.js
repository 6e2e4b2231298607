import { color, paint, SPAN } from './canvas.js';

/** @typedef {{ at: number, value: number, ink: string }} Point */
/** @typedef {{ x: number, y: number, ink: string }} Dot */

/**
 * The last minute of a number: dots for what happens now and then, steps for what lasts.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {{ kind: 'dots' | 'steps', floor: number }} look `floor`: the top of the scale when nothing
 *   was higher
 */
export function createSparkline(canvas, { kind, floor }) {
  /** @type {Point[]} */
  const points = [];

  paint(canvas, (context, { width, height, now }) => {
    const top = points.reduce((highest, { value }) => Math.max(highest, value), floor);
    const dots = points.map(({ at, value, ink }) => ({
      x: width - ((now - at) / SPAN) * width - 3,
      y: height - 4 - (value / top) * (height - 8),
      ink,
    }));
    context.fillStyle = color('border');
    context.fillRect(0, height - 1, width, 1);
    if (kind === 'dots') drawDots(context, dots);
    else drawSteps(context, dots, width, height - 1);
  });

  return {
    /**
     * @param {number} value
     * @param {string} ink
     */
    add(value, ink) {
      const at = Date.now();
      points.push({ at, value, ink });
      while (points[1] && points[1].at < at - SPAN) points.shift();
    },
  };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Dot[]} dots
 */
function drawDots(context, dots) {
  context.lineWidth = 1.5;
  context.strokeStyle = color('border');
  context.beginPath();
  for (const { x, y } of dots) context.lineTo(x, y);
  context.stroke();
  for (const { x, y, ink } of dots) {
    context.fillStyle = color(ink);
    context.beginPath();
    context.arc(x, y, 2.5, 0, 2 * Math.PI);
    context.fill();
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Dot[]} dots
 * @param {number} right
 * @param {number} bottom
 */
function drawSteps(context, dots, right, bottom) {
  context.globalAlpha = 0.85;
  dots.forEach(({ x, y, ink }, index) => {
    context.fillStyle = color(ink);
    const until = dots[index + 1]?.x ?? right;
    // What lasted for less than a pixel is still to be seen.
    if (y < bottom - 3) context.fillRect(x, y, Math.max(1.5, until - x), bottom - y);
  });
  context.globalAlpha = 1;
}
