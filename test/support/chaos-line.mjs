/**
 * Both ends of a connection within one process: the server's is a duplex, the client's is written by hand.
 *
 * @import { Duplex, OutboundFrame } from '../../src/server/index.js'
 */

/** A frame as a client may say it. @typedef {string | ArrayBuffer} Said */

export class HandLine {
  /** What the server has closed it with, or `0` where the client has dropped it. @type {number | undefined} */
  closed;
  #heard;
  /** @type {(frame: Said) => void} */
  #frame = () => {};
  #left = () => {};

  /** @param {(frame: OutboundFrame) => void} heard - told what the server says */
  constructor(heard) {
    this.#heard = heard;
  }

  get isOpen() {
    return this.closed === undefined;
  }

  /** The server's end. @returns {Duplex} */
  get duplex() {
    return {
      send: (frame) => this.isOpen && this.#heard(frame),
      close: (code) => {
        this.closed ??= code;
      },
      onFrame: (listener) => {
        this.#frame = listener;
      },
      onClose: (listener) => {
        this.#left = listener;
      },
    };
  }

  /** @param {Said | readonly unknown[]} frame - a head is written as JSON @param {string} [payload] */
  say(frame, payload) {
    if (!this.isOpen) return;
    const text = Array.isArray(frame) ? JSON.stringify(frame) : /** @type {Said} */ (frame);
    this.#frame(payload === undefined ? text : `${text}\n${payload}`);
  }

  /** The connection is lost. */
  drop() {
    if (!this.isOpen) return;
    this.closed = 0;
    this.#left();
  }
}

/** The head of a frame that the server says. @param {OutboundFrame} frame @returns {any[]} */
export function headOf(frame) {
  if (typeof frame !== 'string') return [];
  const end = frame.indexOf('\n');
  return JSON.parse(end < 0 ? frame : frame.slice(0, end));
}
