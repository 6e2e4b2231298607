/** In a page: what a class with the platform's interface costs per message, real events included. */

/** How many messages go through in one burst: long enough for the page's coarse clock. */
const BURST = { received: 2_000, sent: 20_000 };
/** Of each side in a round, in turns. */
const BURSTS = 12;
const ROUNDS = 7;
const WARM_UP = 2;

/** A native socket that sends nowhere, and whose messages arrive as events of the platform's. */
class EventfulSocket extends EventTarget {
  static CONNECTING = 0;
  static OPEN = 1;
  static CLOSING = 2;
  static CLOSED = 3;
  OPEN = 1;
  CONNECTING = 0;
  CLOSING = 2;
  CLOSED = 3;
  readyState = 0;
  bufferedAmount = 0;
  protocol = '';
  extensions = '';
  binaryType = 'blob';
  sends = 0;

  /** @param {string} url */
  constructor(url) {
    super();
    this.url = url;
    for (const type of ['open', 'message', 'close', 'error']) {
      this.addEventListener(type, (event) => /** @type {any} */ (this)[`on${type}`]?.(event));
    }
    setTimeout(() => {
      this.readyState = 1;
      this.dispatchEvent(new Event('open'));
    });
  }

  /** @param {string} data */
  receive(data) {
    this.dispatchEvent(new MessageEvent('message', { data, origin: 'ws://localhost' }));
  }

  send() {
    this.sends++;
  }

  close() {
    this.readyState = 3;
  }
}

/** @param {import('./libraries.mjs').Library} library @param {'received' | 'sent'} what */
async function side(library, what) {
  /** @type {EventfulSocket[]} */
  const made = [];
  class Recorded extends EventfulSocket {
    /** @param {string} url */
    constructor(url) {
      super(url);
      made.push(this);
    }
  }
  Object.assign(globalThis, { WebSocket: Recorded });
  let seen = 0;
  const socket = await new Promise((resolve) => {
    const opening = library.connect('ws://localhost/', {
      format: 'text',
      onOpen: () => setTimeout(() => resolve(opening)),
      onMessage(message) {
        if (message) seen++;
      },
    });
  });
  const native = /** @type {EventfulSocket} */ (made[0]);
  const count = BURST[what];
  return () => {
    const before = what === 'received' ? seen : native.sends;
    const start = performance.now();
    if (what === 'received') for (let at = 0; at < count; at++) native.receive('hello');
    else for (let at = 0; at < count; at++) socket.send('hello');
    const took = performance.now() - start;
    const went = (what === 'received' ? seen : native.sends) - before;
    if (went !== count) throw new Error(`${went} of ${count} messages went through`);
    return (took * 1e6) / count;
  };
}

/** @param {number[]} values */
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1] ?? NaN;

/**
 * Nanoseconds per message of each library, in turns within one page.
 *
 * @param {import('./libraries.mjs').Library[]} libraries the reference first
 * @param {'received' | 'sent'} what
 */
export async function compare(libraries, what) {
  const sides = [];
  for (const library of libraries) sides.push(await side(library, what));
  /** @type {number[][]} */
  const times = sides.map(() => []);
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    /** @type {number[][]} */
    const bursts = sides.map(() => []);
    for (let burst = 0; burst < BURSTS; burst++) {
      for (const [at, run] of sides.entries()) {
        bursts[at]?.push(run());
        await new Promise((resolve) => setTimeout(resolve));
      }
    }
    if (round >= 0) for (const [at, values] of bursts.entries()) times[at]?.push(median(values));
  }
  return times;
}
