/** What the demo shows at first sight, on a phone as well, and what half a minute of faults costs on both lines. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  type Browser,
  launchLifelikeChromium,
  type PuppeteerPage,
} from '../support/browser-drivers.js';
import { started } from '../support/child.js';
import { textsOf } from '../support/page-texts.js';

const server = fileURLToPath(new URL('../../examples/chat/server.mjs', import.meta.url));
const PHONE = { width: 390, height: 844 };
const LAPTOP = { width: 1280, height: 800 };
const TIMEOUT = 45_000;

let browser: Browser<PuppeteerPage>;
beforeAll(async () => {
  browser = await launchLifelikeChromium();
});
afterAll(() => browser.close());

test('half a minute on a phone: the plain WebSocket loses, holdline does not, and nothing jumps', async () => {
  const demo = await visit('/?talk=off', PHONE);
  await demo.press('#play');
  await demo.becomes('#plain-badge', /^Silent for \d+ s$/);
  expect(await demo.text('#badge')).toBe('Open');
  await demo.becomes('#badge', 'Not answering');
  await demo.becomes(
    '#narrator',
    /^In these 30 seconds holdline lost 0 of \d+; the plain WebSocket lost \d+ of \d+/,
  );
  expect(await demo.text('#play')).toBe('▶ Play 30 seconds');

  const lost = Number(await demo.text('#score-plain .lost'));
  expect(lost).toBeGreaterThan(5);
  expect(await demo.text('#score-held .lost')).toBe('0');
  const reasons = await demo.texts('.plain[data-standing=lost]');
  expect(reasons).toHaveLength(lost);
  for (const words of reasons)
    expect(words).toMatch(/^(lost|missed): (no line|the line died|a later one came)$/);

  expect(await demo.run(() => scrollY)).toBe(0);
  // 0.05 is what may be borne; a line of words that is not kept free costs 0.02.
  expect(await demo.shifts()).toBeLessThan(0.015);
});

describe.each([
  { name: 'a phone', size: PHONE },
  { name: 'a laptop', size: LAPTOP },
])('at first sight on $name', ({ size }) => {
  test('the chat talks, both lines live, and there is what breaks them', async () => {
    const demo = await visit('/', size);
    await demo.becomes('#score-plain', /^0\s*lost of [1-9]/);
    expect(await demo.count('#messages .mine')).toBeGreaterThan(0);
    const parts = ['header p', '#play', '#narrator', '#badge', '#plain-badge', '#log', '#text'];
    for (const selector of [
      ...parts,
      '#timeline',
      '#plain-timeline',
      '#score-held',
      '#score-plain',
    ]) {
      expect([selector, await demo.isInView(selector)]).toEqual([selector, true]);
    }
    for (const fault of await demo.faults()) {
      expect([fault, await demo.isInView(`[data-fault=${fault}]`)]).toEqual([fault, true]);
    }
  });

  test('the lines stay in view where one hangs up, and the buttons say what they do', async () => {
    const demo = await visit('/?talk=off', size);
    expect(await demo.text('#tip-reconnect')).toMatch(/^Another connection/);
    await demo.run(() => document.querySelector('#hang-up')?.scrollIntoView({ block: 'end' }));
    await demo.press('#hang-up');
    await demo.becomes('#badge', 'Closed: you hung up');
    await demo.becomes('#tip-hang-up', 'Opens the line again.');
    expect(await demo.isInView('#badge')).toBe(true);
    expect(await demo.isInView('#hang-up')).toBe(true);
  });
});

test('what others have said before comes first', async () => {
  const origin = await start();
  const first = await visit('/?talk=off', LAPTOP, origin);
  await first.press('#talk');
  await first.becomes('#score-held', /^0\s*lost of 2/);
  await first.press('#talk');
  const second = await visit('/', LAPTOP, origin);
  await vi.waitFor(async () => expect(await second.count('.mine')).toBeGreaterThan(0), TIMEOUT);
  const isMine = await second.run(() =>
    [...document.querySelectorAll('#messages li')].slice(0, 3).map((e) => e.className === 'mine'),
  );
  expect(isMine).toEqual([false, false, true]);
});

test('what is pressed is said in words, and so is a fault that finds nothing to break', async () => {
  const demo = await visit('/?talk=off', PHONE);
  await demo.press('[data-fault=restart]');
  await demo.becomes('#narrator', /^Restart: the chat server says that it goes/);
  await demo.becomes('#badge', /^(Retry in \d s|Connecting)$/);
  await demo.press('[data-fault=crash]');
  await demo.becomes('#narrator', 'The server is down already.');
});

const start = (): Promise<string> => started([server], { env: { ...process.env, PORT: '0' } });

/** A page of the demo in a window of that size, once both lines are open. */
async function visit(path: string, size: { width: number; height: number }, given?: string) {
  const origin = given ?? (await start());
  const page = await browser.newPage('about:blank');
  onTestFinished(() => page.close());
  await page.puppet.setViewport(size);
  await page.puppet.goto(origin + path);
  const { run } = page;
  const { text, becomes, count } = textsOf(page, TIMEOUT);
  await becomes('#badge', 'Open');
  await becomes('#plain-badge', 'Open');

  return {
    run,
    text,
    becomes,
    count,
    press: (selector: string) =>
      run((selector) => document.querySelector<HTMLElement>(selector)?.click(), selector),
    texts: (selector: string) =>
      run(
        (selector) => [...document.querySelectorAll(selector)].map((e) => e.textContent),
        selector,
      ),
    faults: () =>
      run(() =>
        [...document.querySelectorAll<HTMLElement>('.faults button')].map(
          ({ dataset }) => dataset['fault'],
        ),
      ),
    isInView: (selector: string) =>
      run((selector) => {
        const box = document.querySelector(selector)?.getBoundingClientRect() ?? new DOMRect();
        const isWithin = box.top >= 0 && box.left >= 0;
        return isWithin && box.height > 0 && box.bottom <= innerHeight && box.right <= innerWidth;
      }, selector),
    /** The sum of all layout shifts since the page began, which is more than the worst five seconds. */
    shifts: () =>
      run(
        () =>
          new Promise<number>((resolve) => {
            new PerformanceObserver((list) => {
              const shifts = list.getEntries() as (PerformanceEntry & { value: number })[];
              resolve(shifts.reduce((sum, { value }) => sum + value, 0));
            }).observe({ type: 'layout-shift', buffered: true });
            // Where there was none, nobody is called.
            setTimeout(() => resolve(0), 1_000);
          }),
      ),
  };
}
