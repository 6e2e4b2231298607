/**
 * Firefox closes the sockets of a page as soon as a link is followed, with 1001, as a server does that
 * leaves: seconds before the page is gone, if it ever goes.
 */
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WebSocket as ServerSocket } from 'ws';
import { type Browser, launchFirefox, type PuppeteerPage } from '../support/browser-drivers.js';
import { missingPackages, tools } from '../support/browser-engines.mjs';
import { openLine, seen, stage } from '../support/browser-stage.js';

/** So soon that a line which was free to come back would be back while the page is still leaving. */
const SOON = { baseDelay: 100, spread: 100 };

// Where Firefox is not installed, the tests of the engines say so.
describe.runIf(missingPackages(tools.firefox).length === 0)('Firefox', () => {
  let browser: Browser<PuppeteerPage>;
  beforeAll(async () => {
    browser = await launchFirefox();
  });
  afterAll(() => browser.close());

  test('a page that is leaving makes no connection while the next one loads slowly', async ({
    annotate,
  }) => {
    const { page, server, proxy } = await stage(browser);
    await openLine(page, proxy.url, { reconnect: SOON });
    const [line] = server.sockets as [ServerSocket];

    const closed = once(line, 'close').then(([code]) => ({ code: code as number, at: Date.now() }));
    const gone = page.puppet.waitForNavigation().then(() => Date.now());
    const clicked = Date.now();
    await follow(page, '/away.html?after=2000');
    const { code, at } = await closed;
    await annotate(`closed ${at - clicked} ms after the click`);
    expect(code).toBe(1001);
    expect((await gone) - at).toBeGreaterThan(1_000); // long enough for many attempts
    expect(await page.run(() => document.title)).toBe('another page');
    expect(proxy.accepted).toBe(1);
  });

  test.for([
    ['a link leads to no page', '/away.html?status=204', 'is waited for'],
    ['the loading is stopped', '/away.html?after=60000', 'is stopped'],
  ] as const)(
    'where %s, the page has stayed, and has its line back',
    async ([, link, fate], { annotate }) => {
      const { page, proxy } = await stage(browser);
      await openLine(page, proxy.url, { reconnect: SOON });

      await follow(page, link);
      const { closed, open } = await page.run(async (isStopped) => {
        const { at: closed } = await recorder.until('close');
        if (isStopped) window.stop();
        const { at: open } = await recorder.until('open', 2);
        return { closed, open };
      }, fate === 'is stopped');
      await annotate(`back after ${open - closed} ms`);
      expect(open - closed).toBeGreaterThan(2_500);
      expect(open - closed).toBeLessThan(10_000);
      expect(await seen(page, /^close|open/)).toEqual([
        ['open', expect.anything()],
        ['close', expect.objectContaining({ code: 1001, cause: 'server', willReconnect: true })],
        ['open', expect.objectContaining({ connects: 2 })],
      ]);
      expect(proxy.accepted).toBe(2);
    },
  );
});

function follow(page: PuppeteerPage, link: string): Promise<void> {
  return page.run((href) => {
    Object.assign(document.createElement('a'), { href }).click();
  }, link);
}
