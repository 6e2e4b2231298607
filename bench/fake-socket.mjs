import { mannersOf } from './protocols.mjs';

/**
 * As little of a WebSocket as there can be: it sends nowhere, and what happens to it is told. Its
 * `bufferedAmount` rises with every `send`, as a browser's does, until `flush`.
 */
export class FakeSocket {
  static CONNECTING = 0;
  static OPEN = 1;
  static CLOSING = 2;
  static CLOSED = 3;
  CONNECTING = 0;
  OPEN = 1;
  CLOSING = 2;
  CLOSED = 3;
  readyState = 0;
  bufferedAmount = 0;
  protocol = '';
  extensions = '';
  binaryType = 'blob';
  /** How often something was sent. */
  sends = 0;
  /** What is to hear of each frame that is sent, during the handshake. @type {((data: string) => void) | undefined} */
  onsend;
  /** @type {((event: object) => void) | null} */
  onopen = null;
  /** @type {((event: object) => void) | null} */
  onmessage = null;
  /** @type {((event: object) => void) | null} */
  onclose = null;
  /** @type {((event: object) => void) | null} */
  onerror = null;
  /** @type {Record<string, ((event: object) => void)[]>} */
  #listeners = {};

  /** @param {string} url */
  constructor(url = '') {
    this.url = url;
  }

  open() {
    this.readyState = 1;
    this.#tell('open', { type: 'open', target: this });
  }

  /** @param {string} data */
  receive(data) {
    const event = { type: 'message', data, target: this };
    this.onmessage?.(event);
    const listeners = this.#listeners['message'];
    if (listeners) for (const listener of listeners) listener(event);
  }

  /** The connection is lost. */
  die() {
    this.readyState = 3;
    this.#tell('close', { type: 'close', code: 1006, reason: '', wasClean: false, target: this });
  }

  /** @param {string} data */
  send(data) {
    this.sends++;
    this.bufferedAmount += data.length;
    this.onsend?.(data);
  }

  /** What was sent has left the machine. */
  flush() {
    this.bufferedAmount = 0;
  }

  close() {
    this.readyState = 3;
  }

  /** @type {(type: string, listener: (event: object) => void) => void} */
  addEventListener(type, listener) {
    (this.#listeners[type] ??= []).push(listener);
  }

  /** @type {(type: string, listener: (event: object) => void) => void} */
  removeEventListener(type, listener) {
    this.#listeners[type] = (this.#listeners[type] ?? []).filter((other) => other !== listener);
  }

  /** @type {(type: 'open' | 'close', event: object) => void} */
  #tell(type, event) {
    this[`on${type}`]?.(event);
    for (const listener of this.#listeners[type] ?? []) listener(event);
  }
}

/** Makes the fake the page's `WebSocket`. @returns all that are made, for the benchmark to open */
export function fakeWebSocket() {
  /** @type {FakeSocket[]} */
  const made = [];
  class Recorded extends FakeSocket {
    /** @param {string} url */
    constructor(url) {
      super(url);
      made.push(this);
    }
  }
  Object.assign(globalThis, { WebSocket: Recorded });
  return made;
}

/**
 * Opens a fake as the library's own server would.
 *
 * @param {FakeSocket} fake
 * @param {import('./protocols.mjs').Protocol | undefined} speaks
 * @param {() => Promise<unknown>} nextTask
 */
export async function shakeHands(fake, speaks, nextTask) {
  const manners = mannersOf(speaks ?? 'plain');
  fake.onsend = (frame) => {
    const answer = speaks && manners.answer(frame);
    if (answer) setImmediate(() => fake.receive(answer));
  };
  fake.open();
  if (manners.greeting) fake.receive(manners.greeting);
  for (let turn = 0; turn < 20; turn++) await nextTask();
  fake.onsend = undefined;
  fake.flush();
  return manners;
}
