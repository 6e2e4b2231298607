/** (d) How much heap an open, idle socket takes: 10,000 of them, over the fake's own. */
import { fakeWebSocket, shakeHands } from './fake-socket.mjs';
import { load } from './libraries.mjs';
import { gather, heap, inProcess, nextTask, report, sleep, summarised } from './measure.mjs';

const SOCKETS = 10_000;

if (process.argv[1] === import.meta.filename) {
  report({ bytes: await bytesEach(process.argv[2] ?? '') });
}

/** @param {string} name */
async function bytesEach(name) {
  await import('./page.mjs');
  const made = fakeWebSocket();
  const library = await load(name);
  /** @type {unknown[]} */
  const kept = [];
  /** @param {number} count */
  const open = async (count) => {
    const goal = made.length + count;
    for (let at = 0; at < count; at++) {
      kept.push(
        library.connect('ws://localhost', {
          format: 'json',
          onOpen: () => undefined,
          onMessage: () => undefined,
        }),
      );
    }
    while (made.length < goal) await sleep(1);
    await Promise.all(made.slice(-count).map((fake) => shakeHands(fake, library.speaks, nextTask)));
  };
  // So that code and caches do not count.
  await open(100);
  const before = await heap();
  await open(SOCKETS);
  return ((await heap()) - before) / SOCKETS;
}

/**
 * @param {import('./catalogue.mjs').Entry[]} libraries
 * @param {{ isQuick: boolean }} mode
 */
export function run(libraries, { isQuick }) {
  /** @type {Record<string, any>} */
  const rows = {};
  for (let turn = 0; turn < (isQuick ? 1 : 3); turn++) {
    let native = 0;
    for (const { file, name } of libraries) {
      const { bytes } = inProcess(import.meta.url, [file]);
      if (name === 'native') native = bytes;
      gather((rows[name] ??= {}), { bytes, over: bytes - native });
    }
  }
  return summarised(rows);
}
