/** (f) The server is killed and comes back: how long after that the line opens, and what was kept. In Node. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { load } from './libraries.mjs';
import { startLineServer } from './line-server.mjs';
import { sleep, summary } from './measure.mjs';
import { lines } from './recovery-client.mjs';

/**
 * How long the server is away, in milliseconds. Of a library's clients one after the other is cut, over up
 * to half of that before: with all of them cut at once, a fixed delay would be a matter of luck.
 */
const OUTAGES = [500, 5_000, 30_000];
const SPREAD = 5_000;
/** How many of each library's clients lose it. */
const CLIENTS = 10;
const MESSAGES = 100;
/** How long after the server's return nobody is waited for any more. */
const PATIENCE = 30_000;

/** In a process of its own for each library: its clients, told by the parent what happens. */
if (process.argv[1] === import.meta.filename) {
  await import('./page.mjs');
  Object.assign(globalThis, { WebSocket });
  const [file = '', url = ''] = process.argv.slice(2);
  const clients = lines(await load(file), { url, clients: CLIENTS, heartbeat: false });
  process.on('message', (question) => {
    if (question === 'send') for (const client of clients) client.send(MESSAGES);
    if (question === 'opens') process.send?.(clients.map(({ opens }) => opens));
  });
  process.on('disconnect', () => process.exit());
}

/**
 * @param {import('./catalogue.mjs').Entry[]} libraries
 * @param {number} away
 */
async function outage(libraries, away) {
  const fleets = [];
  for (const { file, name, speaks = 'plain', lacks } of libraries) {
    const server = await startLineServer(speaks, false);
    const url = `ws://127.0.0.1:${server.port}`;
    const child = fork(new URL(import.meta.url), [file, url], { stdio: 'ignore' });
    fleets.push({ name, child, lacks, server });
  }
  await until(fleets, (opens) => opens.length > 0, PATIENCE);
  // So that those who count uptime have some.
  await sleep(6_000);

  const over = Math.min(away / 2, SPREAD);
  for (const { server } of fleets) server.kill(over);
  await sleep(over + 50);
  for (const { child } of fleets) child.send('send');
  await sleep(away - 50);
  await Promise.all(fleets.map(({ server }) => server.start()));
  const backAt = Date.now();
  await until(fleets, (opens) => (opens.at(-1) ?? 0) >= backAt, PATIENCE);
  // What was queued is on its way.
  await sleep(500);

  /** @type {Record<string, object>} */
  const rows = {};
  for (const { name, child, server, lacks } of fleets) {
    const opens = await opensOf(child);
    const times = opens.flatMap((fleet) => fleet.find((at) => at >= backAt) ?? []);
    rows[name] = {
      ...(times.length && { seconds: summary(times.map((at) => (at - backAt) / 1_000)) }),
      back: times.length / CLIENTS,
      ...(!lacks['send'] && { arrived: server.arrived.size / (CLIENTS * MESSAGES) }),
    };
    child.disconnect();
    server.kill(0);
  }
  return rows;
}

/**
 * When each of a library's clients has opened.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number[][]>}
 */
async function opensOf(child) {
  child.send('opens');
  const [opens] = await once(child, 'message');
  return opens;
}

/**
 * @param {{ child: import('node:child_process').ChildProcess }[]} fleets
 * @param {(opens: number[]) => boolean} has what every client is waited for to have
 * @param {number} patience
 */
async function until(fleets, has, patience) {
  for (const end = Date.now() + patience; Date.now() < end; await sleep(200)) {
    const all = await Promise.all(fleets.map(({ child }) => opensOf(child)));
    if (all.every((fleet) => fleet.every(has))) return;
  }
}

/**
 * @param {import('./catalogue.mjs').Entry[]} libraries
 * @param {{ isQuick: boolean }} mode
 */
export async function run(libraries, { isQuick }) {
  const able = libraries.filter(({ lacks }) => !lacks['reconnect']);
  const outages = isQuick ? OUTAGES.slice(0, 1) : OUTAGES;
  const results = await Promise.all(outages.map((away) => outage(able, away)));
  /** @type {Record<string, Record<string, object>>} */
  const rows = {};
  for (const { name, lacks } of libraries) {
    rows[name] = {};
    for (const [at, away] of outages.entries()) {
      rows[name][away] = results[at]?.[name] ?? { lacks: lacks['reconnect'] };
    }
  }
  return rows;
}
