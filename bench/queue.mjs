/**
 * The queue while there is no line: whether each message costs the same however many wait, what it
 * takes in memory, and whether the event loop breathes while they all leave.
 */
import { FakeSocket, recorded } from './fake-socket.mjs';
import { createSocket, text } from './library.mjs';
import { heap, inProcess, nextTask, print, summary } from './measure.mjs';

const SIZES = [10_000, 100_000, 1_000_000];
const ROUNDS = 3;
const MEMORY_SIZE = 100_000;
const MEMORY_GOAL = 2;
/** A frame, in milliseconds. */
const BLOCK_GOAL = 16;

/** No bounds; and nothing that happens only because a busy machine takes long. */
const patient = {
  queue: { maxMessages: Infinity, maxBytes: Infinity },
  heartbeat: /** @type {const} */ (false),
  connectTimeout: 1_000_000,
};

/** @param {number} id */
const chat = (id) => ({
  type: 'chat',
  room: 'general',
  from: { id, name: 'Ada' },
  text: 'Has anybody seen the line go down, or is it just me?',
});

/**
 * Read once, so that it is one flat string for both sides: V8 leaves a new one in pieces.
 *
 * @param {number} id
 */
function encoded(id) {
  const string = JSON.stringify(chat(id));
  string.charCodeAt(0);
  return string;
}

const [what, size, codec] = process.argv.slice(2);
if (what === 'drain') finish(await drain(Number(size)));
if (what === 'plain') finish(await bytesEach(Number(size), plainArray));
if (what === 'queue') {
  finish(await bytesEach(Number(size), codec === 'text' ? queueOfText : queueOfJson));
}
report();

/**
 * @param {unknown} result
 * @returns {never}
 */
function finish(result) {
  console.log(JSON.stringify(result));
  process.exit();
}

/** @param {number} size */
async function drain(size) {
  const { made, WebSocket } = recorded(FakeSocket);
  const socket = createSocket('ws://localhost', { codec: text(), WebSocket, ...patient });
  await nextTask();
  const message = JSON.stringify(chat(0));
  const enqueueStart = performance.now();
  for (let count = 0; count < size; count++) socket.send(message);
  const enqueued = performance.now();

  // What filling it left to collect is not the drain's.
  await heap();
  // From here on the event loop is watched: it gets a turn after every task.
  let [wall, cpu] = [0, 0];
  let isDone = false;
  let last = performance.now();
  let lastCpu = process.cpuUsage();
  const watch = () => {
    const now = performance.now();
    const { user, system } = process.cpuUsage(lastCpu);
    wall = Math.max(wall, now - last);
    // The processor's time does not count what other programs took meanwhile.
    cpu = Math.max(cpu, (user + system) / 1_000);
    [last, lastCpu] = [now, process.cpuUsage()];
    if (!isDone) setImmediate(watch);
  };
  setImmediate(watch);
  await nextTask();
  const drainStart = performance.now();
  made[0]?.open();
  await socket.drained();
  isDone = true;
  const drained = performance.now();
  await nextTask();
  if (made[0]?.sends !== size) throw new Error(`sent ${made[0]?.sends} of ${size}`);
  return {
    enqueue: ((enqueued - enqueueStart) * 1e6) / size,
    drain: ((drained - drainStart) * 1e6) / size,
    wall,
    cpu,
  };
}

/**
 * @param {number} size
 * @param {(size: number) => unknown} fill
 */
async function bytesEach(size, fill) {
  // Once before, so that code and caches do not count.
  fill(100);
  const before = await heap();
  const filled = fill(size);
  const bytes = ((await heap()) - before) / size;
  if (!filled) throw new Error('nothing was filled');
  return bytes;
}

/** @param {number} size */
function plainArray(size) {
  const strings = [];
  for (let id = 0; id < size; id++) strings.push(encoded(id));
  return strings;
}

/** @param {number} size */
function queueOfText(size) {
  const { WebSocket } = recorded(FakeSocket);
  const socket = createSocket('ws://localhost', { codec: text(), WebSocket, ...patient });
  for (let id = 0; id < size; id++) socket.send(encoded(id));
  return socket;
}

/** @param {number} size */
function queueOfJson(size) {
  const { WebSocket } = recorded(FakeSocket);
  const socket = createSocket('ws://localhost', { WebSocket, ...patient });
  for (let id = 0; id < size; id++) socket.send(chat(id));
  return socket;
}

function report() {
  const times = SIZES.map((size) => {
    const runs = Array.from({ length: ROUNDS }, () =>
      inProcess(import.meta.url, 'drain', `${size}`),
    );
    /** @param {string} name */
    const of = (name) => summary(runs.map((run) => run[name]));
    return {
      messages: size,
      'enqueue, ns each': of('enqueue').median.toFixed(0),
      'min…max': `${of('enqueue').min.toFixed(0)}…${of('enqueue').max.toFixed(0)}`,
      'drain, ns each': of('drain').median.toFixed(0),
      'min…max ': `${of('drain').min.toFixed(0)}…${of('drain').max.toFixed(0)}`,
      'longest block, ms': of('wall').median.toFixed(1),
      'of processor time': of('cpu').median.toFixed(1),
      goal: `≤ ${BLOCK_GOAL}`,
      met: Math.min(of('wall').median, of('cpu').median) <= BLOCK_GOAL ? 'yes' : 'NO',
    };
  });
  print(`Queue, text: medians of ${ROUNDS} runs`, times);

  const plain = inProcess(import.meta.url, 'plain', `${MEMORY_SIZE}`);
  const memory = ['text', 'JSON'].map((codec) => {
    const bytes = inProcess(import.meta.url, 'queue', `${MEMORY_SIZE}`, codec);
    return {
      [`heap per message, of ${MEMORY_SIZE}`]: codec,
      'plain array, B': plain.toFixed(0),
      'queue, B': bytes.toFixed(0),
      ratio: (bytes / plain).toFixed(2),
      goal: `≤ ${MEMORY_GOAL}`,
      met: bytes / plain <= MEMORY_GOAL ? 'yes' : 'NO',
    };
  });
  print('Memory: the encoded strings in an array, or as messages in the queue', memory);
}
