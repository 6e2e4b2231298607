/**
 * What many pages have: the browser's WebSocket, opened again a second after it was closed. What was said
 * on it, and to it, while it was down is nobody's business.
 *
 * @import { Incoming, Outgoing } from './socket.js'
 *
 * @typedef {'connecting' | 'open' | 'waiting'} PlainStatus
 *
 * @typedef {object} Owner
 * @property {(status: PlainStatus) => void} changed
 * @property {(code: number) => void} closed
 * @property {(message: Incoming) => void} received
 */

const REOPEN_AFTER = 1_000;

/**
 * @param {URL} url
 * @param {Owner} owner
 */
export function createPlainLine(url, owner) {
  /** @type {WebSocket} */
  let socket;

  function open() {
    socket = new WebSocket(url);
    owner.changed('connecting');
    socket.addEventListener('open', () => owner.changed('open'));
    socket.addEventListener('message', ({ data }) => owner.received(JSON.parse(data)));
    socket.addEventListener('close', ({ code }) => {
      owner.closed(code);
      owner.changed('waiting');
      setTimeout(open, REOPEN_AFTER);
    });
  }

  return {
    open,

    /**
     * @param {Outgoing} message
     * @returns {boolean} whether the browser took it
     */
    send(message) {
      if (socket.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(message));
      return true;
    },
  };
}
