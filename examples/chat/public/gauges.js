/** @import { Line } from './socket.js' */
import { byId, setText } from './dom.js';
import { bytes, count, duration } from './format.js';
import { everyTick } from './ticks.js';
import { createSparkline } from './sparkline.js';

/**
 * Pings go out only when nothing else comes in, so messages are timed as well.
 *
 * @param {Line} socket
 * @returns {(milliseconds: number) => void} to be told of a message's round trip
 */
export function showRoundTrips(socket) {
  const [figure, what] = [byId('round-trip', HTMLElement), byId('round-trip-of', HTMLElement)];
  const canvas = byId('round-trips', HTMLCanvasElement);
  const sparkline = createSparkline(canvas, { kind: 'dots', floor: 5 });

  /**
   * @param {number} milliseconds
   * @param {string} of
   * @param {string} ink
   */
  function add(milliseconds, of, ink) {
    sparkline.add(milliseconds, ink);
    figure.textContent = duration(milliseconds);
    what.textContent = of;
  }

  socket.on('latency', (milliseconds) => add(milliseconds, 'of a ping', 'connecting'));
  return (milliseconds) => add(milliseconds, 'of a message', 'open');
}

/** @param {Line} socket */
export function showQueue(socket) {
  const canvas = byId('queue', HTMLCanvasElement);
  const sparkline = createSparkline(canvas, { kind: 'steps', floor: 5 });
  const [depth, size] = [byId('queue-depth', HTMLElement), byId('queue-size', HTMLElement)];
  let shown = -1;
  let dropped = 0;
  socket.on('drop', () => (dropped += 1));
  everyTick(() => {
    const queued = socket.queued;
    if (queued.messages !== shown) sparkline.add(queued.messages, 'fill-waiting');
    shown = queued.messages;
    setText(depth, count(queued.messages));
    setText(size, `${bytes(queued.bytes)} · ${count(dropped)} dropped`);
  });
}
