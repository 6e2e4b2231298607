/**
 * What holdline costs per message over the bare socket: the same fake socket, the same listener, in
 * turns within one process per case, so that a busy machine slows both sides alike.
 */
import { BufferingSocket, FakeSocket, recorded } from './fake-socket.mjs';
import { createSocket, text } from './library.mjs';
import { inProcess, nextTask, print, summary } from './measure.mjs';

const ROUNDS = 21;
/** Of each side in a round, in turns; the median counts, so a burst that was interrupted does not. */
const BURSTS = 20;
/** How many messages go through in one task. */
const BURST = 1_000;
/** Rounds that only teach the compiler. */
const WARM_UP = 4;

const GOALS = { 'text received': 25, 'text sent': 15 };
const JSON_GOAL = 1.05;

const CASES = ['text received', 'text sent', 'JSON received', 'JSON sent'];
const SOCKETS = { unbuffered: FakeSocket, buffering: BufferingSocket };

const chat = {
  type: 'chat',
  room: 'general',
  from: { id: 4711, name: 'Ada' },
  text: 'Has anybody seen the line go down, or is it just me?',
  at: 1_767_225_600_000,
};

/** How many messages the listeners have seen: kept where the compiler cannot know it unread. */
let seen = 0;

const [name, flavour] = process.argv.slice(2);
if (name) {
  console.log(JSON.stringify(await compare(name, flavour ?? '')));
  // An open socket keeps its process alive.
  process.exit();
}
report();

/**
 * @param {string} name
 * @param {string} flavour
 */
async function compare(name, flavour) {
  const isText = name.startsWith('text');
  const message = isText ? JSON.stringify(chat) : chat;
  const Socket = SOCKETS[/** @type {keyof SOCKETS} */ (flavour)];
  const sides = [bare(new Socket(), isText), await wrapped(Socket, isText)];
  /** @type {number[][]} */
  const times = [[], []];
  const data = JSON.stringify(chat);
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    /** @type {number[][]} */
    const bursts = [[], []];
    for (let burst = 0; burst < BURSTS; burst++) {
      for (const [side, { fake, send }] of sides.entries()) {
        await nextTask();
        if (fake instanceof BufferingSocket) fake.flush();
        const start = process.hrtime.bigint();
        if (name.endsWith('received')) receiveBurst(fake, data);
        else sendBurst(send, message);
        bursts[side]?.push(Number(process.hrtime.bigint() - start) / BURST);
      }
    }
    if (round < 0) continue;
    for (const [side, values] of bursts.entries()) times[side]?.push(summary(values).median);
  }
  const [native = [], holdline = []] = times;
  if (seen === 0 && name.endsWith('received')) throw new Error('nothing arrived');
  return {
    native: summary(native),
    holdline: summary(holdline),
    over: summary(holdline.map((time, round) => time - (native[round] ?? NaN))),
    ratio: summary(holdline.map((time, round) => time / (native[round] ?? NaN))),
  };
}

/**
 * What one would write without a library.
 *
 * @param {FakeSocket} fake
 * @param {boolean} isText
 */
function bare(fake, isText) {
  const listener = countingListener();
  fake.onmessage = isText ? ({ data }) => listener(data) : ({ data }) => listener(JSON.parse(data));
  fake.open();
  /** @type {(message: any) => void} */
  const send = isText
    ? (message) => fake.send(message)
    : (message) => fake.send(JSON.stringify(message));
  return { fake, send };
}

/**
 * @param {new () => FakeSocket} Socket
 * @param {boolean} isText
 */
async function wrapped(Socket, isText) {
  const { made, WebSocket } = recorded(Socket);
  const options = isText ? { codec: text(), WebSocket } : { WebSocket };
  const socket = createSocket('ws://localhost', /** @type {{}} */ (options));
  socket.on('message', countingListener());
  await nextTask();
  const [fake = new Socket()] = made;
  fake.open();
  /** @type {(message: any) => void} */
  const send = (message) => void socket.send(message);
  return { fake, send };
}

/** A listener of its own for each side, with as little to do as can be. */
function countingListener() {
  /** @type {(message: unknown) => void} */
  return (message) => {
    if (message) seen++;
  };
}

/**
 * @param {FakeSocket} fake
 * @param {string} data
 */
function receiveBurst(fake, data) {
  for (let count = 0; count < BURST; count++) fake.receive(data);
}

/**
 * @param {(message: unknown) => void} send
 * @param {unknown} message
 */
function sendBurst(send, message) {
  for (let count = 0; count < BURST; count++) send(message);
}

function report() {
  const rows = Object.keys(SOCKETS).flatMap((flavour) =>
    CASES.map((name) => {
      /** @type {Record<string, ReturnType<typeof summary>>} */
      const result = inProcess(import.meta.url, name, flavour);
      const { native, holdline, over, ratio } = result;
      const goal = GOALS[/** @type {keyof GOALS} */ (name)];
      const isMet = goal ? median(over) <= goal : median(ratio) <= JSON_GOAL;
      return {
        [`per message, ns`]: `${name}, ${flavour}`,
        native: median(native).toFixed(1),
        holdline: median(holdline).toFixed(1),
        over: median(over).toFixed(1),
        'min…max': `${over?.min.toFixed(1)}…${over?.max.toFixed(1)}`,
        ratio: median(ratio).toFixed(3),
        'min…max ': `${ratio?.min.toFixed(2)}…${ratio?.max.toFixed(2)}`,
        goal: goal ? `over ≤ ${goal}` : `ratio ≤ ${JSON_GOAL}`,
        met: isMet ? 'yes' : 'NO',
      };
    }),
  );
  print(`Overhead per message: ${ROUNDS} rounds of ${BURSTS} × ${BURST} messages, medians`, rows);
}

/** @param {ReturnType<typeof summary> | undefined} of */
function median(of) {
  return of?.median ?? NaN;
}
