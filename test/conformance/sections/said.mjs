/**
 * For assertions about who is called, and in which order.
 *
 * @import { Trial } from '../trial.mjs'
 */

/**
 * The names that these acts say when a `message` is dispatched, one after the other.
 *
 * @param {(socket: any, say: (name: string) => () => void) => void} set
 * @param {number} [times]
 */
export const said =
  (set, times = 1) =>
  async (/** @type {Trial} */ trial) => {
    /** @type {string[]} */
    const log = [];
    const socket = await trial.open();
    set(socket, (name) => () => log.push(name));
    for (let time = 0; time < times; time++) socket.dispatchEvent(new Event('message'));
    return log.join(' ');
  };
