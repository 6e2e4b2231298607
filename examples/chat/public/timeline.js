/**
 * The last minute of a line: its status as coloured bands, the codes with which connections ended below
 * them, and above the first lane what was done to both.
 *
 * @import { Frame } from './canvas.js'
 * @import { Trace } from './trace.js'
 *
 * @typedef {{ at: number, label: string, lasts: number }} Mark
 * @typedef {ReturnType<typeof createMarks>} Marks
 */
import { color, paint, SPAN } from './canvas.js';
import { duration } from './format.js';

/** How much of what is to come is shown, in milliseconds: the longest wait for the next attempt. */
const AHEAD = 6_000;
const BAND_HEIGHT = 26;
/** Of a row of labels. */
const ROW = 18;
const FONT = '12px system-ui, sans-serif';

/** What was done to both lines. */
export function createMarks() {
  /** @type {Mark[]} */
  const marks = [];
  return {
    marks,

    /**
     * @param {string} label
     * @param {number} [lasts] in milliseconds
     * @returns what ends it before its time
     */
    add(label, lasts = 0) {
      const at = Date.now();
      const added = { at, label, lasts };
      marks.push(added);
      while (marks[0] && marks[0].at < at - SPAN - marks[0].lasts) marks.shift();
      return () => {
        added.lasts = Math.min(lasts, Date.now() - at);
      };
    },
  };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {() => Trace & { retryAt?: number | undefined }} read
 * @param {Marks['marks']} [marks] the lane with the marks leaves the axis to the other one
 */
export function paintLane(canvas, read, marks) {
  const top = marks ? ROW : 0;
  paint(canvas, (context, frame) => {
    const { phases, events, retryAt } = read();
    context.font = FONT;
    context.textBaseline = 'middle';
    drawGrid(context, frame, marks === undefined);
    if (marks) drawMarks(context, frame, marks, ROW / 2 - 1, 'text');
    if (marks) drawLasting(context, frame, marks);
    drawNextAttempt(context, frame, top, retryAt);
    drawBands(context, frame, top, phases);
    drawLate(context, frame, top, events);
    // On a phone there is no room for a row of them.
    if (frame.height < BAND_HEIGHT + 2 * ROW) return;
    const codes = events.flatMap((event) =>
      event.event === 'close' ? { at: event.at, label: String(event.code), lasts: 0 } : [],
    );
    drawMarks(context, frame, codes, top + BAND_HEIGHT + ROW / 2, 'muted');
  });
}

/**
 * @param {Frame} frame
 * @param {number} time
 */
const xOf = ({ width, now }, time) => (1 - (now + AHEAD - time) / (SPAN + AHEAD)) * width;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Frame} frame
 * @param {boolean} hasLabels
 */
function drawGrid(context, frame, hasLabels) {
  const step = frame.width < 500 ? 20 : 10;
  const bottom = frame.height - (hasLabels ? ROW : 0);
  for (let seconds = 60; seconds >= 0; seconds -= step) {
    const x = xOf(frame, frame.now - seconds * 1_000);
    context.fillStyle = color('border');
    context.fillRect(x, 0, 1, bottom);
    if (!hasLabels) continue;
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
 * @param {readonly Mark[]} marks
 */
function drawLasting(context, frame, marks) {
  context.fillStyle = color('closed');
  for (const { at, lasts } of marks) {
    const x = xOf(frame, at);
    context.fillRect(x, ROW - 3, Math.min(frame.width, xOf(frame, at + lasts)) - x, 3);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Frame} frame
 * @param {number} top
 * @param {number | undefined} at
 */
function drawNextAttempt(context, frame, top, at) {
  if (at === undefined) return;
  const [left, right] = [xOf(frame, frame.now), Math.min(frame.width, xOf(frame, at))];
  context.strokeStyle = color('fill-waiting');
  context.setLineDash([4, 3]);
  context.strokeRect(left, top + 1, Math.max(0, right - left), BAND_HEIGHT - 2);
  context.setLineDash([]);
  context.fillStyle = color('fill-connecting');
  context.fillRect(right, top, 3, BAND_HEIGHT);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Frame} frame
 * @param {number} top
 * @param {Trace['phases']} phases
 */
function drawBands(context, frame, top, phases) {
  const boxes = phases.map(({ from, status }, index) => {
    const until = phases[index + 1]?.from ?? frame.now;
    const left = Math.max(0, xOf(frame, from));
    return { status, left, width: xOf(frame, until) - left, lasted: until - from };
  });
  // An attempt may be too short to be seen: it comes last, and is never thinner than this.
  boxes.sort((a, b) => Number(a.status === 'connecting') - Number(b.status === 'connecting'));
  for (const { status, left, width, lasted } of boxes) {
    const least = status === 'connecting' ? 3 : 0;
    if (width <= 0 && left === 0) continue;
    context.fillStyle = color(`fill-${status}`);
    context.beginPath();
    context.roundRect(left, top, Math.max(least, width), BAND_HEIGHT, width > 8 ? 4 : 0);
    context.fill();
    const label = width > 90 ? `${status} ${duration(lasted)}` : status;
    if (context.measureText(label).width > width - 16) continue;
    context.fillStyle = color('on-fill');
    context.textAlign = 'left';
    context.fillText(label, left + 8, top + BAND_HEIGHT / 2 + 1);
  }
}

/**
 * Open, as far as anybody was told, and without an answer: as good as it looked it was not.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Frame} frame
 * @param {number} top
 * @param {Trace['events']} events
 */
function drawLate(context, frame, top, events) {
  const states = events.filter((event) => event.event === 'status');
  context.fillStyle = color('fill-closed');
  states.forEach(({ at, isLate }, index) => {
    if (!isLate) return;
    const [left, right] = [xOf(frame, at), xOf(frame, states[index + 1]?.at ?? frame.now)];
    context.fillRect(left, top + BAND_HEIGHT - 6, right - left, 6);
  });
}

/**
 * What lasts has its label first, and then the newest. A label never runs into another, nor out of the
 * picture; a mark whose label has no room is a short tick.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Frame} frame
 * @param {readonly Mark[]} marks
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
    context.fillRect(x, hasRoom ? y - 7 : y + 4, 1, hasRoom ? 14 : 4);
    if (!hasRoom) continue;
    taken.push({ left, right });
    context.textAlign = isAtEdge ? 'right' : 'left';
    context.fillText(label, isAtEdge ? x - 5 : x + 5, y);
  }
}
