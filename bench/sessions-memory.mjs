/** The heap that a server keeps for a session whose client is away: of 10,000, each of which has said something. */
import { gather, heap, inProcess, nextTask, report, sleep, summarised } from './measure.mjs';
import { chat } from './messages.mjs';
import { createSessionServer } from './sessions-library.mjs';

const SESSIONS = 10_000;
/** How long they are kept; the store is told twice in that time what was acknowledged, and forgets it. */
const TTL = 60_000;

if (process.argv[1] === import.meta.filename) {
  const server = createSessionServer({
    maxSessions: 2 * SESSIONS,
    capacity: 2 * SESSIONS,
    ttl: TTL,
  });
  let handled = 0;
  const handle = () => void handled++;
  server.on('session', (session) => {
    session.on('message', handle);
    session.send(chat(1));
  });
  await visit(server, 200);
  const before = await heap();
  await visit(server, SESSIONS);
  await sleep(TTL / 2);
  const bytes = ((await heap()) - before) / SESSIONS;
  if (server.sessions.size < SESSIONS) throw new Error('it took too long');
  if (handled !== SESSIONS + 200 || server.counters.connections > 0)
    throw new Error('not all came');
  report({ bytes });
}

/**
 * So many clients come, say and hear a message, and go without a word.
 *
 * @param {import('../src/server/index.js').SessionServer} server
 * @param {number} count
 */
async function visit(server, count) {
  for (let at = 0; at < count; at++) {
    /** @type {(frame: string) => void} */
    let say = () => undefined;
    let leave = () => {};
    server.acceptDuplex({
      send: () => undefined,
      close: () => undefined,
      onFrame(listener) {
        say = listener;
      },
      onClose(listener) {
        leave = listener;
      },
    });
    say(JSON.stringify([0, { v: 1, n: 1, rx: 0, acked: 0, subs: [] }]));
    await nextTask();
    say(`[2,1,1]\n${JSON.stringify(chat(1))}`);
    await nextTask();
    leave();
  }
  // Acknowledgements that wait for a while.
  await sleep(100);
}

/** @param {{ isQuick: boolean }} mode */
export function run({ isQuick }) {
  /** @type {Record<string, any>} */
  const row = {};
  for (let turn = 0; turn < (isQuick ? 1 : 3); turn++) gather(row, inProcess(import.meta.url, []));
  return summarised(row);
}
