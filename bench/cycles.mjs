/** What stays behind after 10,000 lost connections: nothing, if all is well. holdline alone. */
import { fakeWebSocket } from './fake-socket.mjs';
import { heap, nextTask } from './measure.mjs';
import { plain } from './table.mjs';

const CYCLES = 10_000;

const library = /** @type {typeof import('../src/index.js')} */ (
  await import(new URL(process.env['HOLDLINE'] ?? '../dist/index.js', import.meta.url).href)
);

const run = await cycles();
const growth = (run.last - run.first) / (CYCLES - 1_000);
console.log(
  plain({
    title: `${CYCLES} connections opened and killed under one socket`,
    head: ['', 'measured', 'goal'],
    rows: [
      ['heap after 1,000, kB', (run.first / 1_000).toFixed(0), ''],
      [`heap after ${CYCLES}, kB`, (run.last / 1_000).toFixed(0), 'flat'],
      ['growth per cycle, B', growth.toFixed(1), 'about 0'],
      ['most timers at once', `${run.mostTimers}`, '1'],
      ['most listeners on the page', `${run.mostListeners}`, ''],
      ['timers left after close', `${run.timersLeft}`, '0'],
      ['listeners left after close', `${run.listenersLeft}`, '0'],
    ],
  }),
);

/** Kills the line under one socket again and again, and then closes it. */
async function cycles() {
  const timers = stubTimers();
  const listeners = stubPage();
  const made = fakeWebSocket();
  const socket = library.createSocket('ws://localhost');
  socket.on('message', () => undefined);
  const heaps = [];
  let mostTimers = 0;
  let mostListeners = 0;
  const count = () => {
    mostTimers = Math.max(mostTimers, timers.size);
    mostListeners = Math.max(mostListeners, listeners.size);
  };
  for (let cycle = 0; cycle <= CYCLES; cycle++) {
    // The first thousand are for the compiler, and its code.
    if (cycle % 1_000 === 0 && cycle > 0) heaps.push(await heap());
    await nextTask();
    count();
    const native = made.pop();
    if (socket.status !== 'connecting' || !native) throw new Error(`stuck: ${socket.status}`);
    native.open();
    native.receive('{}');
    count();
    native.die();
    count();
    // The one timer is that of the retry.
    for (const [timer, callback] of [...timers]) {
      timers.delete(timer);
      callback();
    }
  }
  await socket.close();
  return {
    first: heaps[0] ?? NaN,
    last: heaps.at(-1) ?? NaN,
    mostTimers,
    mostListeners,
    timersLeft: timers.size,
    listenersLeft: listeners.size,
  };
}

/** Timers that fire only when told to, so that a cycle takes no time and each can be counted. */
function stubTimers() {
  /** @type {Map<object, () => void>} */
  const timers = new Map();
  Object.assign(globalThis, {
    /** @param {() => void} callback */
    setTimeout(callback) {
      const timer = {};
      timers.set(timer, callback);
      return timer;
    },
    /** @param {object} timer */
    clearTimeout: (timer) => timers.delete(timer),
  });
  return timers;
}

/** A window and a document that only know who listens. */
function stubPage() {
  /** @type {Set<string>} */
  const listeners = new Set();
  let names = 0;
  const ids = new WeakMap();
  /** @param {object} listener */
  const idOf = (listener) => {
    if (!ids.has(listener)) ids.set(listener, ++names);
    return ids.get(listener);
  };
  /** @param {string} target */
  const eventTarget = (target) => ({
    /** @type {(type: string, listener: object) => void} */
    addEventListener: (type, listener) => void listeners.add(`${target} ${type} ${idOf(listener)}`),
    /** @type {(type: string, listener: object) => void} */
    removeEventListener: (type, listener) =>
      void listeners.delete(`${target} ${type} ${idOf(listener)}`),
  });
  Object.assign(globalThis, eventTarget('window'));
  Object.assign(globalThis, {
    document: { ...eventTarget('document'), visibilityState: 'visible' },
  });
  return listeners;
}
