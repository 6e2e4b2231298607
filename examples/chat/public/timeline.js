/**
 * The last minute of the line: its status as coloured bands, what was done to it above, and the codes
 * with which connections ended below.
 *
 * @import { Frame } from './canvas.js'
 * @import { Line } from './socket.js'
 */
import { color, paint, SPAN } from './canvas.js';
import { byId } from './dom.js';
import { duration } from './format.js';

/** @typedef {{ at: number, label: string, lasts: number }} Mark */
/** @typedef {ReturnType<typeof showTimeline>} Timeline */

const BAND = { top: 28, height: 34 };
/** How much of what is to come is shown, in milliseconds: the longest wait for the next attempt. */
const AHEAD = 6_000;
const FONT = '12px system-ui, sans-serif';

/** @param {Line} socket */
export function showTimeline(socket) {
  const bands = [{ from: Date.now(), status: socket.status }];
  /** @type {Mark[]} */
  const faults = [];
  /** @type {Mark[]} */
  const closes = [];

  socket.on('status', ({ status }) => {
    const now = Date.now();
    bands.push({ from: now, status });
    while (bands[1] && bands[1].from < now - SPAN) bands.shift();
  });
  socket.on('close', ({ code }) => mark(closes, String(code), 0));

  /**
   * @param {Mark[]} marks
   * @param {string} label
   * @param {number} lasts
   * @returns what ends it before its time
   */
  function mark(marks, label, lasts) {
    const now = Date.now();
    const added = { at: now, label, lasts };
    marks.push(added);
    while (marks[0] && marks[0].at < now - SPAN - marks[0].lasts) marks.shift();
    return () => {
      added.lasts = Math.min(lasts, Date.now() - now);
    };
  }

  paint(byId('timeline', HTMLCanvasElement), (context, frame) => {
    context.font = FONT;
    context.textBaseline = 'middle';
    drawAxis(context, frame);
    drawSpans(context, frame, faults);
    drawNextAttempt(context, frame, socket.getSnapshot().retryAt);
    drawBands(context, frame, bands);
    drawMarks(context, frame, faults, BAND.top - 15, 'text');
    drawMarks(context, frame, closes, BAND.top + BAND.height + 12, 'muted');
  });

  return {
    /**
     * @param {string} label
     * @param {number} [lasts] in milliseconds
     */
    mark: (label, lasts = 0) => mark(faults, label, lasts),
  };
}

/**
 * @param {Frame} frame
 * @param {number} time
 */
const xOf = ({ width, now }, time) => (1 - (now + AHEAD - time) / (SPAN + AHEAD)) * width;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Frame} frame
 */
function drawAxis(context, frame) {
  const step = frame.width < 500 ? 20 : 10;
  for (let seconds = 60; seconds >= 0; seconds -= step) {
    const x = xOf(frame, frame.now - seconds * 1_000);
    context.fillStyle = color('border');
    context.fillRect(x, BAND.top, 1, frame.height - BAND.top - 18);
    context.fillStyle = color('muted');
    context.textAlign = seconds === 60 ? 'left' : 'center';
    context.fillText(seconds === 0 ? 'now' : `−${seconds} s`, x, frame.height - 8);
  }
}

/**
 * How long a fault was said to last.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Frame} frame
 * @param {Mark[]} marks
 */
function drawSpans(context, frame, marks) {
  context.fillStyle = color('closed');
  for (const { at, lasts } of marks) {
    const x = xOf(frame, at);
    context.fillRect(x, BAND.top - 6, Math.min(frame.width, xOf(frame, at + lasts)) - x, 3);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Frame} frame
 * @param {number | undefined} at
 */
function drawNextAttempt(context, frame, at) {
  if (at === undefined) return;
  const [left, right] = [xOf(frame, frame.now), Math.min(frame.width, xOf(frame, at))];
  context.strokeStyle = color('fill-waiting');
  context.setLineDash([4, 3]);
  context.strokeRect(left, BAND.top + 1, Math.max(0, right - left), BAND.height - 2);
  context.setLineDash([]);
  context.fillStyle = color('fill-connecting');
  context.fillRect(right, BAND.top, 3, BAND.height);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Frame} frame
 * @param {{ from: number, status: string }[]} bands
 */
function drawBands(context, frame, bands) {
  const boxes = bands.map(({ from, status }, index) => {
    const until = bands[index + 1]?.from ?? frame.now;
    const left = Math.max(0, xOf(frame, from));
    return { status, left, width: xOf(frame, until) - left, lasted: until - from };
  });
  // An attempt may be too short to be seen: it comes last, and is never thinner than this.
  boxes.sort((a, b) => Number(a.status === 'connecting') - Number(b.status === 'connecting'));
  for (const { status, left, width, lasted } of boxes) {
    const least = status === 'connecting' ? 3 : 0;
    context.fillStyle = color(`fill-${status}`);
    context.beginPath();
    context.roundRect(left, BAND.top, Math.max(least, width), BAND.height, width > 8 ? 4 : 0);
    context.fill();
    const label = width > 90 ? `${status} ${duration(lasted)}` : status;
    if (context.measureText(label).width > width - 16) continue;
    context.fillStyle = color('on-fill');
    context.textAlign = 'left';
    context.fillText(label, left + 8, BAND.top + BAND.height / 2 + 1);
  }
}

/**
 * What lasts has its label first, and then the newest. A label never runs into another, nor out of the
 * picture; a mark whose label has no room is a short tick.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Frame} frame
 * @param {Mark[]} marks
 * @param {number} y
 * @param {string} ink
 */
function drawMarks(context, frame, marks, y, ink) {
  const newestFirst = [...marks].reverse();
  const lastingFirst = newestFirst.sort((a, b) => Number(b.lasts > 0) - Number(a.lasts > 0));
  /** @type {{ left: number, right: number }[]} */
  const taken = [];
  context.fillStyle = color(ink);
  for (const { at, label } of lastingFirst) {
    const x = xOf(frame, at);
    const width = context.measureText(label).width + 5;
    const isAtEdge = x + width > frame.width;
    const [left, right] = isAtEdge ? [x - width, x] : [x, x + width];
    const hasRoom = taken.every((other) => right + 4 < other.left || left > other.right + 4);
    context.fillRect(x, hasRoom ? y - 7 : y + 6, 1, hasRoom ? 14 : 4);
    if (!hasRoom) continue;
    taken.push({ left, right });
    context.textAlign = isAtEdge ? 'right' : 'left';
    context.fillText(label, isAtEdge ? x - 5 : x + 5, y);
  }
}
