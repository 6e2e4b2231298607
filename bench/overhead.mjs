/**
 * (a) What a library costs per message over the bare socket: the same fake socket, the same listener, in
 * turns within one process per case, so that a busy machine slows both sides alike.
 */
import { fakeWebSocket, shakeHands } from './fake-socket.mjs';
import { load } from './libraries.mjs';
import { gather, inProcess, nextTask, report, sleep, summarised, summary } from './measure.mjs';
import { chat } from './messages.mjs';

const CASES = ['text received', 'text sent', 'JSON received', 'JSON sent'];
const ROUNDS = 7;
/** Of each side in a round, in turns; the median counts, so a burst that was interrupted does not. */
const BURSTS = 20;
/** How many messages go through in one task. */
const BURST = 1_000;
/** Rounds that only teach the compiler. */
const WARM_UP = 3;

/** How many messages the listeners have seen: kept where the compiler cannot know it unread. */
let seen = 0;

if (process.argv[1] === import.meta.filename) {
  const [name = '', what = ''] = process.argv.slice(2);
  report(await compare(name, what));
}

/**
 * @param {string} name
 * @param {string} what
 */
async function compare(name, what) {
  await import('./page.mjs');
  const sides = [await side('native', what), await side(name, what)];
  /** @type {number[][]} */
  const times = [[], []];
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    /** @type {number[][]} */
    const bursts = [[], []];
    for (let burst = 0; burst < BURSTS; burst++) {
      for (const [at, run] of sides.entries()) bursts[at]?.push(await run());
    }
    if (round < 0) continue;
    for (const [at, values] of bursts.entries()) times[at]?.push(summary(values).median);
  }
  const [native = [], library = []] = times;
  return {
    library,
    native,
    over: library.map((time, round) => time - (native[round] ?? NaN)),
    ratio: library.map((time, round) => time / (native[round] ?? NaN)),
  };
}

/**
 * An open socket of a library's, as a function that puts one burst through it and says how many
 * nanoseconds each message took.
 *
 * @param {string} name
 * @param {string} what
 */
async function side(name, what) {
  const made = fakeWebSocket();
  const library = await load(name);
  const format = what.startsWith('text') ? 'text' : 'json';
  const socket = library.connect('ws://localhost', {
    format,
    onOpen: () => undefined,
    // A listener of its own for each side, with as little to do as can be.
    onMessage(message) {
      if (message) seen++;
    },
  });
  while (!made[0]) await sleep(1);
  const [fake] = made;
  const manners = await shakeHands(fake, library.speaks, nextTask);
  const frame = manners.wrap(chat(1));
  const message = format === 'text' ? frame : chat(1);
  const isReceived = what.endsWith('received');
  const count = () => (isReceived ? seen : fake.sends);

  return async () => {
    await nextTask();
    fake.flush();
    const goal = count() + BURST;
    const start = process.hrtime.bigint();
    if (isReceived) for (let at = 0; at < BURST; at++) fake.receive(frame);
    else for (let at = 0; at < BURST; at++) socket.send(message);
    // Some hand messages on in a later task.
    while (count() < goal) await nextTask();
    return Number(process.hrtime.bigint() - start) / BURST;
  };
}

/**
 * @param {import('./catalogue.mjs').Entry[]} libraries
 * @param {{ isQuick: boolean }} mode
 */
export function run(libraries, { isQuick }) {
  /** @type {Record<string, Record<string, any>>} */
  const rows = {};
  for (let turn = 0; turn < (isQuick ? 1 : 3); turn++) {
    for (const { file, name, lacks } of libraries) {
      const row = (rows[name] ??= {});
      for (const what of CASES) {
        const reason =
          (what.startsWith('text') && lacks['text']) || (what.endsWith('sent') && lacks['send']);
        if (reason) row[what] = { lacks: reason };
        else gather((row[what] ??= {}), inProcess(import.meta.url, [file, what]));
      }
    }
  }
  return summarised(rows);
}
