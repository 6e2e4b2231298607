/**
 * The lane of holdline's line. What it has been through, the line itself can tell.
 *
 * @import { Library, Line } from './socket.js'
 * @import { Marks } from './timeline.js'
 */
import { byId } from './dom.js';
import { showStatus } from './status.js';
import { paintLane } from './timeline.js';

/**
 * @param {Line} socket
 * @param {Library['summary']} summary
 * @param {Marks} marks
 */
export function showHeldLane(socket, summary, { marks }) {
  showStatus(socket);
  summary(socket); // it is written down from here on
  const canvas = byId('timeline', HTMLCanvasElement);
  paintLane(canvas, () => ({ ...summary(socket), retryAt: socket.getSnapshot().retryAt }), marks);
}
