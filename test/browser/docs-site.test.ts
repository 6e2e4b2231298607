/** The documentation as visitors get it. */
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { chromiumArgs } from '../support/browser-drivers.js';
import { need, programs } from '../support/browser-engines.mjs';
import { brokenLinksOfSite, buildDocsSite, serveDocsSite } from '../support/docs-site.js';

let browser: Browser;
let site: Awaited<ReturnType<typeof serveDocsSite>>;

beforeAll(async () => {
  buildDocsSite();
  site = await serveDocsSite();
  browser = await chromium.launch({ executablePath: need(programs.chromium), args: chromiumArgs });
}, 600_000);

afterAll(async () => {
  await browser.close();
  await site.stop();
});

/** A page, and what came of loading it. */
async function visit(path: string, options: Parameters<Browser['newPage']>[0] = {}) {
  const page = await browser.newPage(options);
  onTestFinished(() => page.close());
  const told: string[] = [];
  const elsewhere: string[] = [];
  const sizes: Promise<number>[] = [];
  page.on('console', (message) => told.push(message.text()));
  page.on('pageerror', (error) => told.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(site.origin)) elsewhere.push(request.url());
  });
  page.on('requestfinished', (request) => {
    const size = request.sizes();
    sizes.push(size.then((size) => size.responseHeadersSize + size.responseBodySize));
  });
  await page.goto(site.origin + path, { waitUntil: 'networkidle' });
  const transferred = async () => (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  return { page, told, elsewhere, transferred };
}

test('every link, to a page or to a place in one, leads somewhere, those of the reference too', () => {
  const { pages, links, broken } = brokenLinksOfSite();
  expect(broken).toEqual([]);
  expect(pages).toBeGreaterThan(200);
  expect(links).toBeGreaterThan(5_000);
});

describe('the first page', () => {
  test('is 150 kB at the most, asks no other host and says nothing in the console', async () => {
    const { page, told, elsewhere, transferred } = await visit('/');
    await page.waitForSelector('.live-line.open');
    expect(await transferred()).toBeLessThan(150_000);
    expect(await transferred()).toBeGreaterThan(50_000);
    expect(elsewhere).toEqual([]);
    expect(told).toEqual([]);
  });

  test('can be read without JavaScript, and left by its links', async () => {
    const { page } = await visit('/', { javaScriptEnabled: false });
    expect(await page.innerText('h1')).toContain('A WebSocket that holds the line');
    expect(await page.innerText('#VPContent')).toContain('npm install holdline');
    await page.click('#VPContent >> text=Get started');
    expect(await page.innerText('h1')).toContain('Get started');
  });

  test.each([
    { width: 390, height: 844 },
    { width: 768, height: 1_024 },
    { width: 960, height: 800 },
    { width: 1_280, height: 800 },
  ])('fits $width pixels', async (viewport) => {
    const { page } = await visit('/', { viewport });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width);
    // One way to the sections there is, and all of it is on the page.
    const menu = page.locator('.VPNavBarMenu, .VPNavBarHamburger').filter({ visible: true });
    const [box, ...others] = await menu.evaluateAll((found) =>
      found.map((element) => element.getBoundingClientRect().right),
    );
    expect(others).toEqual([]);
    expect(box).toBeLessThanOrEqual(viewport.width);
  });
});

describe('its line', () => {
  async function line() {
    const { page } = await visit('/');
    await page.waitForSelector('.live-line.open .arrived');
    const log = page.locator('.live-line .log');
    const says = (text: string | RegExp) => log.getByText(text).first().waitFor();
    const press = (name: string) => page.click(`.live-line >> button:text-is("${name}")`);
    return { page, says, press };
  }

  test('comes back when it is broken', async () => {
    const { page, says, press } = await line();
    await press('Break the line');
    await says('The connection broke (1006)');
    await page.waitForSelector('.live-line.open');
    await says('Open again');
  });

  test('is replaced when it is a black hole, and what that has swallowed is lost', async () => {
    const { page, says, press } = await line();
    await press('Black hole');
    await says('No answer to a ping: the line is dead (1006)');
    await page.waitForSelector('.live-line .lost');
    await page.waitForSelector('.live-line.open');
  });

  test('keeps what is said while it is refused, and says it when it is accepted', async () => {
    const { page, press } = await line();
    await press('Refuse');
    await page.waitForSelector('.live-line .dots .waiting');
    await press('Accept again');
    await page.waitForSelector('.live-line.open');
    await page.waitForSelector('.live-line .dots .waiting', { state: 'detached' });
  });

  test('comes back from a restart of the server', async () => {
    const { page, says, press } = await line();
    await press('Server restarts');
    await says('The server closed it, to restart (1012)');
    await page.waitForSelector('.live-line.open');
  });
});

describe('the search', () => {
  /** The pages that it finds, the best first. */
  async function found(page: Page, words: string): Promise<string[]> {
    await page.fill('.VPLocalSearchBox input', words);
    await page.waitForFunction(() => document.querySelector('.VPLocalSearchBox .result'));
    // The input is debounced: what is there may be the answer to what was there before.
    await page.waitForTimeout(500);
    const links = await page.$$eval('.VPLocalSearchBox a.result', (results) =>
      results.map((result) => new URL((result as HTMLAnchorElement).href).pathname),
    );
    return links.slice(0, 5);
  }

  test('finds what people ask for in their words', async () => {
    const { page } = await visit('/get-started');
    // Until the page's script runs nobody listens to the keys.
    await vi.waitFor(
      async () => {
        await page.keyboard.press('Control+k');
        await page.waitForSelector('.VPLocalSearchBox input', { timeout: 1_000 });
      },
      { timeout: 30_000 },
    );
    const questions: [words: string, path: string][] = [
      ['reconnect delay', '/reconnecting'],
      ['change the reconnect delay', '/reconnecting'],
      ['backoff', '/reconnecting'],
      ['keepalive', '/recipes/load-balancers'],
      ['keepalive behind a load balancer', '/recipes/load-balancers'],
      ['offline', '/queue-and-backpressure'],
      ['send while offline', '/queue-and-backpressure'],
      ['refresh a token', '/recipes/refresh-a-token'],
      ['401', '/recipes/refresh-a-token'],
      ['resubscribe after reconnect', '/recipes/resubscribe'],
      ['close code 1006', '/recipes/close-code-1006'],
      ['mock jest', '/testing-your-app'],
      ['429', '/recipes/rate-limits'],
      ['CSP', '/environments'],
      ['message lost', '/guarantees'],
    ];
    const missed: string[] = [];
    for (const [words, path] of questions) {
      const results = await found(page, words);
      if (!results.includes(path)) missed.push(`${words}: ${results.join(' ')}`);
    }
    expect(missed).toEqual([]);
  });
});

test('llms.txt names the pages as they are written, and they are there', async () => {
  const index = await (await fetch(`${site.origin}/llms.txt`)).text();
  const paths = [...index.matchAll(/\]\((\/[^)]+\.md)\)/g)].map(({ 1: path = '' }) => path);
  expect(paths.length).toBeGreaterThan(30);
  for (const path of paths) {
    const page = await fetch(site.origin + path);
    expect([path, page.status, (await page.text()).slice(0, 2)]).toEqual([path, 200, '# ']);
  }
});
