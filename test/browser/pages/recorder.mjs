/**
 * Opens one line in the page under test, and writes down in order what it sees.
 *
 * @import { Socket, SocketOptions } from '../../../src/index.js'
 */
/* global Holdline, WebSocket, addEventListener, document */
import * as recorder from './recorder.mjs';

globalThis.recorder = recorder;

/**
 * @typedef {object} Entry
 * @property {string} event of holdline's, of the page's, or 'native close'
 * @property {number} at
 * @property {unknown} detail
 */

/** @type {Entry[]} */
export const entries = [];

/** @type {Set<() => void>} */
const checks = new Set();

/**
 * @param {string} event
 * @param {unknown} detail
 */
export function note(event, detail) {
  // As JSON, since each driver has its own idea of how to hand over an `undefined`.
  entries.push({ event, at: Date.now(), detail: JSON.parse(JSON.stringify(detail)) });
  for (const check of checks) check();
}

/**
 * @param {string} event
 * @returns {Entry[]}
 */
export const all = (event) => entries.filter((entry) => entry.event === event);

/**
 * Settles as soon as `event` was seen `count` times, with the last of these.
 *
 * @param {string} event
 * @param {number} [count]
 * @returns {Promise<Entry>}
 */
export function until(event, count = 1) {
  return new Promise((resolve) => {
    const check = () => {
      const entry = all(event)[count - 1];
      if (!entry) return;
      checks.delete(check);
      resolve(entry);
    };
    checks.add(check);
    check();
  });
}

/** @type {WebSocket[]} */
export const natives = [];

/** The native class; what becomes of a socket that holdline has let go is still noted. */
class WatchedWebSocket extends WebSocket {
  /**
   * @param {string} url
   * @param {string[]} [protocols]
   */
  constructor(url, protocols) {
    super(url, protocols);
    const id = natives.push(this);
    this.addEventListener('close', ({ code }) => {
      note('native close', { id, code, buffered: this.bufferedAmount, queued: line.queued });
    });
  }
}

/** @type {Socket<any>} */
export let line;

/**
 * @param {string} url
 * @param {SocketOptions<any>} [options]
 */
export function open(url, options) {
  line = Holdline.createSocket(url, { WebSocket: WatchedWebSocket, ...options });
  for (const event of /** @type {const} */ (['open', 'message', 'close', 'retry', 'drop'])) {
    line.on(event, (/** @type {unknown} */ detail) => note(event, detail));
  }
  line.on('error', ({ code }) => note('error', code));
  return line;
}

addEventListener('online', () => note('online', null));
addEventListener('pageshow', ({ persisted }) => note('pageshow', { persisted }));
document.addEventListener('freeze', () => note('freeze', null));
document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
  note('violation', { violatedDirective, blockedURI });
});
