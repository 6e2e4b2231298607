/**
 * (f) The line turns into a black hole: nothing crosses it any more and nobody is told. How long until the
 * library has a new one, in Chromium, and what became of the messages sent meanwhile. Libraries with a
 * heartbeat have it at one second, and one second for the answer.
 */
import { startFaultProxy } from '../test/support/fault-proxy.mjs';
import { pageWith, startChromium } from './chromium.mjs';
import { sourceOf } from './libraries.mjs';
import { startLineServer } from './line-server.mjs';
import { sleep } from './measure.mjs';
import { lines } from './recovery-client.mjs';
import { IN_SESSION } from './results.mjs';
import { holdlineSource, startSessionServer } from './with-session.mjs';

const MESSAGES = 100;
/** Longer than Chromium needs to give up on such a line by itself, once it was asked to close. */
const PATIENCE = 70_000;

/**
 * @param {import('./catalogue.mjs').Entry[]} libraries
 * @param {{ isQuick: boolean }} mode
 */
export async function run(libraries, { isQuick }) {
  const browser = await startChromium();
  /** @type {Record<string, object>} */
  const rows = {};
  const source = await holdlineSource();
  const all = libraries.flatMap((entry) =>
    entry.name === 'holdline' ? [entry, { ...entry, name: IN_SESSION }] : entry,
  );
  await Promise.all(
    all.map(async ({ file, name, speaks = 'plain', lacks }) => {
      const lack = lacks['reconnect'] ?? (browser ? undefined : 'there is no Chromium here');
      if (lack || !browser) {
        rows[name] = { lacks: lack };
        return;
      }
      const isSession = name === IN_SESSION;
      const server = await (isSession ? startSessionServer(true) : startLineServer(speaks, true));
      const proxy = await startFaultProxy({ target: server.port });
      const code = isSession ? source : sourceOf(file);
      const page = await pageWith(browser, proxy.url.replace('ws', 'http'), code);
      const setup = { url: proxy.url, clients: 1, heartbeat: true };
      await page.evaluate(
        `void (globalThis.client = (${lines})(${isSession ? 'inSession' : 'library'}, ${JSON.stringify(setup)})[0])`,
      );
      /** @returns {Promise<number[]>} */
      const opens = async () => page.evaluate('client.opens');
      while ((await opens()).length === 0) await sleep(100);
      // A few pings, so that it knows the server to answer.
      await sleep(3_500);

      const from = Date.now();
      proxy.blackHole();
      await page.evaluate(`client.send(${MESSAGES})`);
      /** @type {number | undefined} */
      let at;
      const end = from + (isQuick ? 10_000 : PATIENCE);
      while (!at && Date.now() < end) {
        await sleep(100);
        at = (await opens()).find((open) => open > from);
      }
      await sleep(500);
      rows[name] = {
        ...(at ? { seconds: (at - from) / 1_000 } : { never: (end - from) / 1_000 }),
        ...(!lacks['send'] && { arrived: server.arrived.size / MESSAGES }),
      };
      await page.close();
      await proxy.close();
      server.kill(0);
    }),
  );
  await browser?.close();
  // In the order of the others.
  return Object.fromEntries(all.map(({ name }) => [name, rows[name]]));
}
