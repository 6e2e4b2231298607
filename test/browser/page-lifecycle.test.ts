import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import {
  type Browser,
  launchLifelikeChromium,
  type PuppeteerPage,
} from '../support/browser-drivers.js';
import { openLine, seen, stage } from '../support/browser-stage.js';

/** No test here waits that long, so a line that is back before did not wait for its turn. */
const PATIENT = { baseDelay: 300_000, maxDelay: 300_000 };

const ALERT = { interval: 1_000, timeout: 1_000, expectReply: true };

let browser: Browser<PuppeteerPage>;
beforeAll(async () => {
  browser = await launchLifelikeChromium();
});
afterAll(() => browser.close());

test('a page restored from the back/forward cache has its line back at once', async () => {
  const { page, origin, proxy } = await stage(browser);
  await openLine(page, proxy.url, { reconnect: PATIENT });

  await page.puppet.goto(`${origin}/away.html`);
  await page.puppet.goBack();
  await page.run(() => recorder.until('open', 2));

  expect(await seen(page, /pageshow|close|retry|open/)).toEqual([
    ['pageshow', { persisted: false }],
    ['open', expect.anything()],
    ['pageshow', { persisted: true }],
    ['native close', expect.anything()],
    ['close', expect.objectContaining({ code: 1006, cause: 'network', willReconnect: true })],
    ['retry', { attempt: 1, delay: 0, cause: 'network' }],
    ['open', expect.objectContaining({ connects: 2 })],
  ]);
});

test('a frozen page has its line back at once when it thaws, and the server is not blamed', async () => {
  const { page, proxy } = await stage(browser);
  await openLine(page, proxy.url, { heartbeat: ALERT, reconnect: PATIENT });
  await hide(page);

  const devtools = await page.puppet.createCDPSession();
  await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
  await sleep(4_000); // both ping and answer have become due
  await devtools.send('Page.setWebLifecycleState', { state: 'active' });
  await page.run(() => recorder.until('open', 2));

  expect(await seen(page, /freeze|^close|retry|open/)).toEqual([
    ['open', expect.anything()],
    ['freeze', null],
    ['close', expect.objectContaining({ code: 1006, cause: 'network', willReconnect: true })],
    ['retry', { attempt: 1, delay: 0, cause: 'network' }],
    ['open', expect.objectContaining({ connects: 2 })],
  ]);
});

test('in a hidden tab, the heartbeat goes on where a plain timer is silenced', async () => {
  const { page, server, proxy } = await stage(browser, {
    onConnection: (socket) => {
      const idle = setTimeout(() => socket.terminate(), 10_000);
      socket.on('message', () => idle.refresh());
      socket.on('close', () => clearTimeout(idle));
    },
  });
  await openLine(page, proxy.url, { heartbeat: { ...ALERT, interval: 2_000 } });
  await page.run(() => void setInterval(() => recorder.note('tick', null), 100));
  const ticks = (): Promise<number> => page.run(() => recorder.all('tick').length);
  const pings = async (count: number): Promise<void> => {
    for (; count > 0; count--) await server.nextMessage();
  };

  await hide(page);
  await pings(4); // by then the tab has been throttled down
  const before = await ticks();
  await pings(3);
  expect((await ticks()) - before).toBeLessThan(5); // in at least 6 s; one a minute is allowed
  expect(await seen(page, /close/)).toEqual([]);
  expect(server.connections).toBe(1);
});

test('offline, the line waits for longer, and comes back as soon as the page is online', async () => {
  const { page, proxy } = await stage(browser);
  await openLine(page, proxy.url, { heartbeat: ALERT, reconnect: { baseDelay: 100 } });

  await page.puppet.setOfflineMode(true);
  const retry = await page.run(() => recorder.until('retry'));
  expect(retry.detail).toMatchObject({ attempt: 1, cause: 'heartbeat' });
  expect((retry.detail as { delay: number }).delay).toBeGreaterThanOrEqual(6_500);
  expect(await page.run(() => recorder.line.status)).toBe('waiting');

  await page.puppet.setOfflineMode(false);
  const online = await page.run(() => recorder.until('online'));
  const open = await page.run(() => recorder.until('open', 2));
  expect(open.at - online.at).toBeLessThan(5_000);
});

/** Opens another tab in front of the page. */
async function hide({ puppet, run }: PuppeteerPage): Promise<void> {
  const front = await puppet.browser().newPage();
  onTestFinished(() => front.close());
  await front.bringToFront();
  expect(await run(() => document.visibilityState)).toBe('hidden');
}
