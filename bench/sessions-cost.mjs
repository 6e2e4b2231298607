/**
 * What a session adds to a message in time: sent by one end, handled by the other, and acknowledged, both ends in one
 * process, with the same socket without a session in turns. And the client's end alone, beside an emit of socket.io's
 * that is acknowledged, each with a server by hand that does as little as can be.
 */
import { build } from 'esbuild';
import { fakeWebSocket, shakeHands } from './fake-socket.mjs';
import { browser } from './libraries.mjs';
import { gather, inProcess, nextTask, report, sleep, summarised, summary } from './measure.mjs';
import { chat } from './messages.mjs';
import { createSocket, session, unacknowledged } from './sessions-library.mjs';
import { plainPair, sessionPair } from './sessions-pair.mjs';

/** So many that all may be on their way, beside those whose acknowledgement waits for more of them. */
const BURST = 192;
const BURSTS = 80;
const ROUNDS = 7;
/** Rounds that only teach the compiler. */
const WARM_UP = 4;
/** Of how many messages an acknowledgement is that does not wait. */
const ACKNOWLEDGED = 32;

const CASES = ['to the server', 'to the client', "the client's end"];
/** How many messages were handled: read at the end, so that the compiler cannot leave it out. */
let seen = 0;

if (process.argv[1] === import.meta.filename) {
  const { argv } = process;
  // What is made for pages looks for one, and for its WebSocket, when it is loaded.
  await import('./page.mjs');
  const sides = argv[2] === CASES[2] ? await clients() : await pairs(argv[2] === CASES[0]);
  const times = await inTurns(sides);
  if (argv[2] !== CASES[2] && seen === 0) throw new Error('nothing was handled');
  report(times);
}

/** Each side gets a burst done. @typedef {() => Promise<void> | void} Side */

/** @param {Record<string, Side>} sides */
async function inTurns(sides) {
  /** @type {Record<string, number[]>} */
  const times = {};
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    /** @type {Record<string, number[]>} */
    const bursts = {};
    for (let burst = 0; burst < BURSTS; burst++) {
      for (const [name, run] of Object.entries(sides)) {
        await nextTask();
        const start = process.hrtime.bigint();
        await run();
        (bursts[name] ??= []).push(Number(process.hrtime.bigint() - start) / BURST);
      }
    }
    if (round < 0) continue;
    for (const [name, values] of Object.entries(bursts)) {
      (times[name] ??= []).push(summary(values).median);
    }
  }
  return times;
}

/** @param {boolean} isUp @returns {Promise<Record<string, Side>>} */
async function pairs(isUp) {
  const plain = await plainPair();
  const ours = await sessionPair();
  const message = chat(1);
  const heard = (/** @type {any} */ data) => {
    if (data.type === 'chat') seen++;
  };
  const until = async (/** @type {() => boolean} */ isTrue) => {
    while (!isTrue()) await nextTask();
  };
  if (isUp) {
    plain.fake.onsend = (frame) => {
      plain.fake.flush();
      heard(JSON.parse(frame));
    };
    ours.own.on('message', ({ data }) => heard(data));
    return {
      plain() {
        for (let at = 0; at < BURST; at++) plain.socket.send(message);
      },
      async session() {
        for (let at = 0; at < BURST; at++) ours.socket.send(message);
        await until(() => unacknowledged(ours.socket) < ACKNOWLEDGED);
      },
    };
  }
  for (const { socket } of [plain, ours]) socket.on('message', (data) => heard(data));
  return {
    plain() {
      for (let at = 0; at < BURST; at++) plain.fake.receive(JSON.stringify(message));
    },
    async session() {
      for (let at = 0; at < BURST; at++) ours.own.send(message);
      await until(() => ours.own.unacknowledged.messages < ACKNOWLEDGED);
    },
  };
}

/** @returns {Promise<Record<string, Side>>} */
async function clients() {
  return { session: await sessionClient(), 'socket.io': await socketIoClient() };
}

async function sessionClient() {
  const made = fakeWebSocket();
  /** @type {import('../src/index.js').Socket<any, any>} */
  const socket = createSocket('ws://localhost', { session: session() });
  while (!made[0]) await sleep(1);
  const [fake] = made;
  const terms = { window: 256, ttl: 1e5, maxBytes: 1e6, heartbeat: 25_000, spread: 0 };
  const welcome = { sid: 'a', key: 'b', resumed: false, rx: 0, fails: [], ...terms };
  let s = 0;
  fake.onsend = () => {
    fake.onsend = () => {
      fake.flush();
      if (++s % ACKNOWLEDGED === 0) fake.receive(`[3,${s}]`);
    };
    fake.receive(JSON.stringify([1, welcome]));
  };
  fake.open();
  await socket.ready();
  const message = chat(1);
  return async () => {
    for (let at = 0; at < BURST; at++) socket.send(message);
    while (unacknowledged(socket) >= ACKNOWLEDGED) await nextTask();
  };
}

async function socketIoClient() {
  const outfile = new URL('node_modules/.bundles/socket.io-emit.mjs', import.meta.url);
  const contents = "export { io } from 'socket.io-client';";
  const stdin = { contents, resolveDir: import.meta.dirname };
  await build({ ...browser, stdin, outfile: outfile.pathname });
  const made = fakeWebSocket();
  const { io } = await import(outfile.href);
  const socket = io('http://localhost', { transports: ['websocket'] });
  while (!made[0]) await sleep(1);
  const [fake] = made;
  await shakeHands(fake, 'socket.io', nextTask);
  fake.onsend = (frame) => {
    fake.flush();
    const id = /^42(\d+)\[/.exec(frame)?.[1];
    if (id) fake.receive(`43${id}[]`);
  };
  const message = chat(1);
  let acknowledged = 0;
  return async () => {
    const goal = acknowledged + BURST;
    for (let at = 0; at < BURST; at++) socket.emit('chat', message, () => acknowledged++);
    while (acknowledged < goal) await nextTask();
  };
}

/** @param {{ isQuick: boolean }} mode */
export function run({ isQuick }) {
  /** @type {Record<string, Record<string, any>>} */
  const rows = {};
  for (let turn = 0; turn < (isQuick ? 1 : 3); turn++) {
    for (const name of CASES) {
      const times = inProcess(import.meta.url, [name]);
      const { plain, session: ours } = times;
      const adds =
        plain &&
        ours.map((/** @type {number} */ time, /** @type {number} */ round) => time - plain[round]);
      gather((rows[name] ??= {}), { ...times, ...(adds && { adds }) });
    }
  }
  return summarised(rows);
}
