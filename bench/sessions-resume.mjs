/**
 * Ten thousand sessions over a real server in another process, when the network was gone: all lines are cut, nobody gets
 * through for a while, both ends go on sending, and then all come back, by the delays that are the default.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { sleep } from './measure.mjs';
import { createSocket, session, unacknowledged } from './sessions-library.mjs';

const SESSIONS = 10_000;
/** How many connect at once at the beginning, and how long the network is gone, in milliseconds. */
const AT_ONCE = 100;
const GONE = 5_000;

/** @param {{ isQuick: boolean }} mode */
export async function run({ isQuick }) {
  const count = isQuick ? SESSIONS / 20 : SESSIONS;
  const server = fork(new URL('sessions-away.mjs', import.meta.url), [], {
    execArgv: ['--expose-gc'],
  });
  const told = async () => (await once(server, 'message'))[0];
  const { port } = await told();
  /** @type {import('../src/index.js').Socket<any, any>[]} */
  const sockets = [];
  let heard = 0;
  let resets = 0;
  /** @type {number[]} */
  const backAt = [];
  for (let at = 0; at < count; at++) {
    /** @type {import('../src/index.js').Socket<any, any>} */
    const socket = createSocket(`ws://127.0.0.1:${port}`, {
      WebSocket: /** @type {any} */ (WebSocket),
      session: session(),
    });
    socket.on('message', () => heard++);
    socket.on('session', ({ resumed, reset }) => {
      if (resumed) backAt.push(performance.now());
      if (reset) resets++;
    });
    sockets.push(socket);
    if (at % AT_ONCE === AT_ONCE - 1) await Promise.all(sockets.map((one) => one.ready()));
  }
  server.send({ cut: GONE });
  await told();
  for (const [at, socket] of sockets.entries()) socket.send({ at });
  const { since } = await told();
  const start = performance.now() - (Date.now() - since);
  const isBack = () => backAt.length === count && heard === count;
  while (!isBack() || sockets.some((socket) => unacknowledged(socket) > 0)) await sleep(20);
  const settled = performance.now() - start;
  server.send({ report: true });
  const { peak, resident, handled, worked } = await told();
  server.disconnect();
  for (const socket of sockets) void socket.close();
  const after = backAt.map((time) => (time - start) / 1_000).sort((one, other) => one - other);
  const share = (/** @type {number} */ part) => after[Math.floor(part * (count - 1))] ?? NaN;
  return {
    sessions: count,
    half: share(0.5),
    most: share(0.99),
    all: share(1),
    settled: settled / 1_000,
    worked,
    resets,
    handled,
    heard,
    peak,
    resident,
  };
}
