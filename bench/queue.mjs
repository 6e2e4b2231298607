/**
 * (c) The queue while offline: what a message costs to put in and to send on, what it weighs, and for how
 * long the page stands still while the queue empties. Over the fake socket, which takes all at once.
 */
import { fakeWebSocket, shakeHands } from './fake-socket.mjs';
import { load } from './libraries.mjs';
import { gather, heap, inProcess, nextTask, report, sleep, summarised } from './measure.mjs';
import { chat } from './messages.mjs';

const SIZES = [10_000, 100_000, 1_000_000];
const ROUNDS = 3;
/** A run that takes longer is given up, and larger sizes are not tried. */
const PATIENCE = 15_000;

if (process.argv[1] === import.meta.filename) {
  const [name = '', size = ''] = process.argv.slice(2);
  report(await fillAndDrain(name, Number(size)));
}

/**
 * @param {string} name
 * @param {number} size
 */
async function fillAndDrain(name, size) {
  await import('./page.mjs');
  const made = fakeWebSocket();
  const library = await load(name);
  const format = library.lacks?.['text'] ? 'json' : 'text';
  const socket = library.connect('ws://localhost', {
    format,
    isPatient: true,
    onOpen: () => undefined,
    onMessage: () => undefined,
  });
  while (!made[0]) await sleep(1);
  const [fake] = made;
  const message = format === 'text' ? JSON.stringify(chat(0)) : chat(0);

  const empty = await heap();
  const enqueueStart = performance.now();
  for (let count = 0; count < size; count++) socket.send(message);
  const enqueued = performance.now();
  const full = await heap();

  // From here on the event loop is watched: it gets a turn after every task.
  let longest = 0;
  let last = performance.now();
  const watch = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const drainStart = performance.now();
  const opening = shakeHands(fake, library.speaks, nextTask);
  do {
    await nextTask();
    watch();
  } while (fake.sends < size);
  const drained = performance.now();
  await opening;
  return {
    enqueue: ((enqueued - enqueueStart) * 1e6) / size,
    drain: ((drained - drainStart) * 1e6) / size,
    heap: (full - empty) / size,
    block: longest,
  };
}

/**
 * @param {import('./catalogue.mjs').Entry[]} libraries
 * @param {{ isQuick: boolean }} mode
 */
export function run(libraries, { isQuick }) {
  /** @type {Record<string, Record<string, any>>} */
  const rows = {};
  for (let turn = 0; turn < (isQuick ? 1 : ROUNDS); turn++) {
    for (const { file, name, lacks } of libraries) {
      const row = (rows[name] ??= {});
      let tooSlow = '';
      for (const size of isQuick ? SIZES.slice(0, 2) : SIZES) {
        const cell = (row[size] ??= {});
        const reason = lacks['queue'] ?? cell.lacks ?? tooSlow;
        if (reason) {
          cell.lacks = reason;
          continue;
        }
        const samples = inProcess(import.meta.url, [file, `${size}`], PATIENCE);
        if (samples) gather(cell, samples);
        else cell.lacks = tooSlow = `not done with ${size} after ${PATIENCE / 1_000} s`;
      }
    }
  }
  return summarised(rows);
}
