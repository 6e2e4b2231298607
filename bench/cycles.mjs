/** What stays behind: after 10,000 lost connections, and for each of 10,000 open, idle sockets. */
import { FakeSocket, recorded } from './fake-socket.mjs';
import { createSocket } from './library.mjs';
import { heap, inProcess, nextTask, print } from './measure.mjs';

const CYCLES = 10_000;
const SOCKETS = 10_000;
const SOCKET_GOAL = 2_000;

const [what, variant] = process.argv.slice(2);
if (what === 'cycles') finish(await cycles());
if (what === 'idle') finish(await idle(variant ?? ''));
report();

/**
 * @param {unknown} result
 * @returns {never}
 */
function finish(result) {
  console.log(JSON.stringify(result));
  process.exit();
}

/** Kills the line under one socket again and again, and then closes it. */
async function cycles() {
  const timers = stubTimers();
  const listeners = stubPage();
  const { made, WebSocket } = recorded(FakeSocket);
  const socket = createSocket('ws://localhost', { WebSocket });
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
    first: heaps[0],
    last: heaps.at(-1),
    most: Math.max(...heaps),
    mostTimers,
    mostListeners,
    timersLeft: timers.size,
    listenersLeft: listeners.size,
    connects: socket.getSnapshot().connects,
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

/**
 * How many bytes each open socket takes.
 *
 * @param {string} variant
 */
async function idle(variant) {
  /** @type {Record<string, object>} */
  const options = {
    'without heartbeat': { heartbeat: false },
    'never connected': { autoConnect: false },
  };
  const { made, WebSocket } = recorded(FakeSocket);
  /** @type {unknown[]} */
  const kept = [];
  /** @param {number} size */
  const open = async (size) => {
    for (let count = 0; count < size; count++) {
      if (variant === 'fake alone') {
        kept.push(new WebSocket());
        continue;
      }
      const socket = createSocket('ws://localhost', { WebSocket, ...options[variant] });
      if (variant === 'with a listener') socket.on('message', () => undefined);
      kept.push(socket);
    }
    await nextTask();
    for (const native of made) if (native.readyState === 0) native.open();
  };
  await open(100);
  const before = await heap();
  await open(SOCKETS);
  return ((await heap()) - before) / SOCKETS;
}

function report() {
  const run = inProcess(import.meta.url, 'cycles');
  const growth = ((run.last - run.first) / (CYCLES - 1_000)).toFixed(1);
  print(`${CYCLES} connections opened and killed`, [
    { what: 'heap after 1,000, kB', value: (run.first / 1_000).toFixed(0), goal: '' },
    { what: `heap after ${CYCLES}, kB`, value: (run.last / 1_000).toFixed(0), goal: 'flat' },
    { what: 'growth per cycle, B', value: growth, goal: 'about 0' },
    { what: 'most timers at once', value: run.mostTimers, goal: 1 },
    { what: 'most listeners on the page', value: run.mostListeners, goal: '' },
    { what: 'timers left after close', value: run.timersLeft, goal: 0 },
    { what: 'listeners left after close', value: run.listenersLeft, goal: 0 },
  ]);

  const alone = inProcess(import.meta.url, 'idle', 'fake alone');
  const variants = ['as it comes', 'with a listener', 'without heartbeat', 'never connected'];
  print(
    `Heap per socket, of ${SOCKETS} open and idle, over the fake's own ${alone.toFixed(0)} B`,
    variants.map((name) => {
      const isConnected = name !== 'never connected';
      const bytes = inProcess(import.meta.url, 'idle', name) - (isConnected ? alone : 0);
      const isGoal = name === 'as it comes';
      return {
        socket: name,
        bytes: bytes.toFixed(0),
        goal: isGoal ? `≤ ${SOCKET_GOAL}` : '',
        met: isGoal ? (bytes <= SOCKET_GOAL ? 'yes' : 'NO') : '',
      };
    }),
  );
}
