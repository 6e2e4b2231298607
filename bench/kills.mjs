/**
 * The line is killed six times while a page sends in full flow: how many of its messages never arrive, in Chromium. A
 * new line is taken at once each time; what a library takes until it has one is its own.
 */
import { startFaultProxy } from '../test/support/fault-proxy.mjs';
import { pageWith, startChromium } from './chromium.mjs';
import { flow } from './kills-client.mjs';
import { sourceOf } from './libraries.mjs';
import { startLineServer } from './line-server.mjs';
import { sleep } from './measure.mjs';
import { IN_SESSION } from './results.mjs';
import { holdlineSource, startSessionServer } from './with-session.mjs';

const KILLS = 6;
/** So long that most have a line again. */
const BETWEEN = 3_000;
const PER_SECOND = 4_000;
/** How long after the last of it anything is waited for, in milliseconds. */
const PATIENCE = 20_000;

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} source
 * @param {string} library what it exports
 * @param {Awaited<ReturnType<typeof startLineServer>>} server
 * @param {number} kills
 */
async function measure(browser, source, library, server, kills) {
  const proxy = await startFaultProxy({ target: server.port });
  const page = await pageWith(browser, proxy.url.replace('ws', 'http'), source);
  const setup = { url: proxy.url, perSecond: PER_SECOND };
  await page.evaluate(`void (globalThis.client = (${flow})(${library}, ${JSON.stringify(setup)}))`);
  while ((await page.evaluate('client.opens.length')) === 0) await sleep(50);
  // Those who count uptime have some.
  await sleep(6_000);

  await page.evaluate('client.start()');
  for (let kill = 0; kill < kills; kill++) {
    await sleep(BETWEEN);
    proxy.reset();
  }
  const from = Date.now();
  await sleep(BETWEEN);
  await page.evaluate('client.stop()');
  const { sent, refused } = /** @type {{ sent: number, refused: number }} */ (
    await page.evaluate('client.said')
  );
  // Until it has been open for a while, and nothing comes any more.
  for (const end = Date.now() + PATIENCE; Date.now() < end;) {
    const [before, opens] = [server.arrived.size, await page.evaluate('client.opens')];
    await sleep(2_000);
    const isOpen = /** @type {number[]} */ (opens).some((at) => at > from);
    if (isOpen && server.arrived.size === before) break;
  }
  const told = /** @type {number} */ (await page.evaluate('globalThis.told ?? 0'));
  await page.close();
  await proxy.close();
  server.kill(0);
  return { sent, refused, told, lost: sent - server.arrived.size };
}

/**
 * @param {import('./catalogue.mjs').Entry[]} libraries
 * @param {{ isQuick: boolean }} mode
 */
export async function run(libraries, { isQuick }) {
  const browser = await startChromium();
  const kills = isQuick ? 1 : KILLS;
  /** @type {Record<string, object>} */
  const rows = {};
  for (const { file, name, speaks = 'plain', lacks } of libraries) {
    const lack =
      lacks['reconnect'] ?? lacks['send'] ?? (browser ? undefined : 'there is no Chromium here');
    if (lack || !browser) {
      rows[name] = { lacks: lack };
      continue;
    }
    const server = await startLineServer(speaks, false);
    if (name !== 'holdline') {
      rows[name] = await measure(browser, sourceOf(file), 'library', server, kills);
      continue;
    }
    const source = await holdlineSource();
    rows[name] = await measure(browser, source, 'plain', server, kills);
    const sessions = await startSessionServer(false);
    rows[IN_SESSION] = await measure(browser, source, 'inSession', sessions, kills);
  }
  await browser?.close();
  return rows;
}
