/** Messages a second over a real server in another process, in Node: with a session and without one, in turns. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { gather, inProcess, report, sleep, summarised } from './measure.mjs';
import { chat } from './messages.mjs';
import { createSocket, deliver, session, unacknowledged } from './sessions-library.mjs';

const COUNT = 100_000;
const ROUNDS = 5;
/** The same messages before that, so that the compiler knows them. */
const WARM_UP = 20_000;

/** What is compared; of the last, only what was asked to be acknowledged, one by one. */
const SIDES = ['plain', 'session', 'session, each awaited', 'socket.io, each awaited'];
/** How much may wait to be sent, in bytes: enough to keep the line busy, and no more than a page would let. */
const WAITING = 65_536;
const PATIENT = { maxMessages: 2_000_000, maxBytes: 2 ** 32, highWaterMark: 2 ** 32 };

if (process.argv[1] === import.meta.filename) {
  const [side = '', what = '', port = ''] = process.argv.slice(2);
  const socket = side.startsWith('socket.io') ? await emitter(port) : await holdline(side, port);
  const measure = what === 'sent' ? sent : received;
  await measure(socket, WARM_UP);
  report({ rate: await measure(socket, COUNT) });
}

/**
 * @typedef {object} Side
 * @property {(message: object) => void} send
 * @property {() => number} waiting - how much is not on its way yet, in bytes
 * @property {(listener: (message: any) => void) => void} hear
 * @property {() => Promise<unknown>} rest - settles when all is acknowledged that is
 */

/** @param {string} side @param {string} port @returns {Promise<Side>} */
async function holdline(side, port) {
  /** @type {import('../src/index.js').Socket<any, any>} */
  const socket = createSocket(`ws://127.0.0.1:${port}`, {
    WebSocket: /** @type {any} */ (WebSocket),
    queue: PATIENT,
    ...(side !== 'plain' && { session: session() }),
  });
  await socket.ready();
  const isAwaited = side.endsWith('awaited');
  /** @type {Promise<void>[]} */
  const awaited = [];
  return {
    send: (message) =>
      void (isAwaited ? awaited.push(deliver(socket, message)) : socket.send(message)),
    waiting: () => socket.bufferedAmount + socket.queued.bytes,
    hear: (listener) => void socket.on('message', listener),
    async rest() {
      await Promise.all(awaited.splice(0));
      while (unacknowledged(socket) > 0) await sleep(0);
    },
  };
}

/** @param {string} port @returns {Promise<Side>} */
async function emitter(port) {
  const { io } = await import('socket.io-client');
  const socket = io(`http://127.0.0.1:${port}`, { transports: ['websocket'] });
  await new Promise((resolve) => socket.once('connect', () => resolve(undefined)));
  const { ws } = /** @type {any} */ (socket.io.engine.transport);
  /** @type {Promise<void>[]} */
  const awaited = [];
  return {
    send: (message) => void awaited.push(socket.emitWithAck('chat', message)),
    waiting: () => ws.bufferedAmount,
    hear: (listener) => void socket.on('chat', listener),
    rest: () => Promise.all(awaited.splice(0)),
  };
}

/** Until the server has all, and has acknowledged them. @param {Side} socket @param {number} count */
async function sent(socket, count) {
  const done = new Promise((resolve) =>
    socket.hear((message) => message.type === 'done' && resolve(undefined)),
  );
  socket.send({ type: 'expect', count });
  await sleep(50);
  const start = performance.now();
  for (let at = 0; at < count; at++) {
    while (socket.waiting() > WAITING) await sleep(1);
    socket.send(chat(1));
  }
  await Promise.all([done, socket.rest()]);
  return (count * 1_000) / (performance.now() - start);
}

/** @param {Side} socket @param {number} count */
function received(socket, count) {
  return new Promise((resolve) => {
    let start = 0;
    let seen = 0;
    socket.hear(() => {
      if (++seen === 1) start = performance.now();
      if (seen === count) resolve(((count - 1) * 1_000) / (performance.now() - start));
    });
    socket.send({ type: 'send', count });
  });
}

/** @param {{ isQuick: boolean }} mode */
export async function run({ isQuick }) {
  const server = fork(new URL('sessions-server.mjs', import.meta.url));
  const [ports] = await once(server, 'message');
  /** @type {Record<string, Record<string, any>>} */
  const rows = {};
  // The first turn only warms the server up.
  for (let turn = 0; turn <= (isQuick ? 1 : ROUNDS); turn++) {
    for (const what of ['sent', 'received']) {
      let plain = NaN;
      for (const side of SIDES) {
        // To hear is the same, whoever waits for what was sent.
        if (what === 'received' && side.endsWith('awaited')) continue;
        const port = ports[side.replace(/,.*/, '')];
        const { rate } = inProcess(import.meta.url, [side, what, String(port)]);
        if (side === 'plain') plain = rate;
        if (turn) gather(((rows[side] ??= {})[what] ??= {}), { rate, ratio: rate / plain });
      }
    }
  }
  server.disconnect();
  return summarised(rows);
}
