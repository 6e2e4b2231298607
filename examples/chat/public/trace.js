/**
 * What a line has been through, for the picture of its last minute: what `summary` tells of a line of
 * holdline's, and what we have to write down ourselves of a plain WebSocket.
 *
 * @import { LineEvent, Phase } from '../../../src/index.js'
 *
 * @typedef {Pick<Extract<LineEvent, { event: 'close' }>, 'at' | 'event' | 'code'>} Closed
 * @typedef {Pick<Extract<LineEvent, { event: 'status' }>, 'at' | 'event' | 'isLate'>} Changed
 *
 * @typedef {object} Trace
 * @property {readonly Pick<Phase, 'from' | 'status'>[]} phases each lasts until the next one
 * @property {readonly (Closed | Changed | LineEvent)[]} events
 */
import { SPAN } from './canvas.js';

export function createTrace() {
  /** @type {Pick<Phase, 'from' | 'status'>[]} */
  const phases = [];
  /** @type {(Closed | Changed)[]} */
  const events = [];

  /** @param {Closed | Changed} event */
  function note(event) {
    events.push(event);
    while (events[0] && events[0].at < event.at - SPAN) events.shift();
  }

  return {
    phases,
    events,

    /** @param {Phase['status']} status */
    enter(status) {
      const from = Date.now();
      phases.push({ status, from });
      while (phases[1] && phases[1].from < from - SPAN) phases.shift();
    },

    /** @param {number} code */
    closed: (code) => note({ at: Date.now(), event: 'close', code }),

    /** @param {boolean} isLate */
    late: (isLate) => note({ at: Date.now(), event: 'status', isLate }),
  };
}
