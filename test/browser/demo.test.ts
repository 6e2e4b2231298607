/** What the demo says of a fault is what came of it, with a session and without. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Browser, type ChromiumPage, launchChromium } from '../support/browser-drivers.js';
import { started } from '../support/child.js';
import { eventually } from '../support/eventually.js';
import { typeInto } from '../support/typing.js';

const server = fileURLToPath(new URL('../../examples/chat/server.mjs', import.meta.url));
const SAID = 10;
const TIMEOUT = 40_000;

let browser: Browser<ChromiumPage>;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

describe('with a session', () => {
  test('what is said in a black hole is acknowledged, all of it, and the page says saved', async () => {
    const demo = await visit('/?talk=off');
    await demo.press('[data-fault=black-hole]');
    await demo.say(SAID);
    await demo.becomes('#saved', `${SAID} not saved yet`);
    await demo.becomes('#verdicts', `black hole${SAID} of ${SAID} acknowledged`);
    await demo.becomes('#saved', 'saved');
    expect(await demo.fates()).toEqual(Array.from({ length: SAID }, () => 'acknowledged'));
    expect(await demo.count('#verdicts [data-state=good]')).toBe(1);
    expect(await demo.count('#astray[data-empty=false]')).toBe(0);
    expect(demo.violations()).toEqual([]);
  });

  test('a server that is restarted goes on with it', async () => {
    const demo = await visit('/?talk=off');
    await demo.press('[data-fault=restart]');
    await demo.becomes('#badge', /^Retry in \d s$/);
    await demo.say(SAID);
    await demo.becomes('#verdicts .words', `${SAID} of ${SAID} acknowledged`);
    await demo.becomes('#verdicts .besides', `plain WebSocket: ${SAID} of ${SAID} lost`);
    await demo.becomes('#status-detail', expect.stringContaining('resumed 1×'));
    await demo.becomes('#people', '1 here: only you');
  });

  test('a server that crashes has forgotten it, and that is said in words', async () => {
    const demo = await visit('/?talk=off');
    await demo.press('[data-fault=black-hole]');
    await demo.say(SAID);
    await demo.press('[data-fault=crash]');
    const unknown = `${SAID} unknown: the server forgot the session, and nobody can tell`;
    const words = `0 of ${SAID} acknowledged, ${unknown}`;
    await demo.becomes('#verdicts b', 'black hole, crash');
    await demo.becomes('#verdicts .words', words);
    await demo.becomes('#astray-text', unknown);
    await demo.becomes('#saved', 'not all is saved');
    // Each has an id of its own, so that this can do no harm.
    await demo.press('#again');
    await demo.becomes('#saved', 'saved');
  });

  test('a burst that falls into a black hole arrives in order on the next line, either way', async () => {
    const demo = await visit('/?talk=off');
    await demo.press('[data-fault=black-hole]');
    await demo.press('[data-fault=burst]');
    await demo.press('#burst-up');
    await demo.becomes('#burst-down-text', /^1,000 of 1,000 arrived in order, [\d.]+ (s|ms)$/);
    await demo.becomes('#burst-up-text', /^1,000 of 1,000 echoed in order, [\d.]+ (s|ms)$/);
  });
});

describe('without', () => {
  test('what is said in a black hole is unconfirmed, and that is said in words', async () => {
    const demo = await visit('/?session=off&talk=off');
    await demo.press('[data-fault=black-hole]');
    await demo.say(SAID);
    // For one reason or two: the browser may still have held the last of them.
    const words = new RegExp(
      `^black hole0 of ${SAID} seen, \\d+ unconfirmed: .* when the line died, and nobody can tell$`,
    );
    await demo.becomes('#verdicts', words);
    expect(await demo.fates()).toEqual(Array.from({ length: SAID }, () => 'unconfirmed'));
    expect(await demo.count('#verdicts [data-state=bad]')).toBe(1);
    expect(demo.violations()).toEqual([]);
  });

  test('a burst that falls into a black hole is lost', async () => {
    const demo = await visit('/?session=off&talk=off');
    await demo.press('[data-fault=black-hole]');
    await demo.press('[data-fault=burst]');
    await demo.becomes('#burst-down-text', '0 of 1,000 arrived, 1,000 lost');
  });
});

test('people with a session and without hear each other, by script tag as well', async () => {
  const origin = await start();
  const demos = [];
  for (const path of ['/?talk=off', '/?session=off&talk=off', '/script-tag.html?talk=off']) {
    demos.push(await visit(path, origin));
  }
  await Promise.all(demos.map((demo) => demo.becomes('#people', /^3 here/)));
  for (const demo of demos) await demo.say(1);
  for (const demo of demos) {
    await vi.waitFor(async () => expect(await demo.count('#messages li')).toBe(3), TIMEOUT);
  }
});

const start = (): Promise<string> => started([server], { env: { ...process.env, PORT: '0' } });

/** A page of the demo, once its line is open. */
async function visit(path: string, given?: string) {
  const page = await browser.newPage((given ?? (await start())) + path);
  onTestFinished(() => page.close());
  const press = (selector: string): Promise<void> =>
    page.run((selector) => document.querySelector<HTMLElement>(selector)?.click(), selector);
  const becomes = (selector: string, wanted: unknown): Promise<void> =>
    vi.waitFor(
      async () => {
        const text = await page.run(
          (selector) => document.querySelector(selector)?.textContent.trim(),
          selector,
        );
        if (wanted instanceof RegExp) expect(text).toMatch(wanted);
        else expect(text).toEqual(wanted);
      },
      { timeout: TIMEOUT, interval: 100 },
    );
  const answers = (): Promise<number> =>
    page.run(
      () =>
        performance.getEntriesByType('resource').filter((e) => e.name.includes('/faults/')).length,
    );
  await becomes('#badge', 'Open');
  await becomes('#people', /^\d here/);

  return {
    becomes,
    /** Also waits until the fault is there: the buttons take another way than the line. */
    press: async (selector: string): Promise<void> => {
      const before = await answers();
      await press(selector);
      if (!selector.startsWith('[data-fault')) return;
      await eventually(async () => expect(await answers()).toBeGreaterThan(before));
    },
    say: async (times: number): Promise<void> => {
      for (let n = 0; n < times; n++) {
        await typeInto(page, '#text', `Number ${n}`);
        await press('#say button');
      }
    },
    count: (selector: string): Promise<number> =>
      page.run((selector) => document.querySelectorAll(selector).length, selector),
    fates: (): Promise<(string | undefined)[]> =>
      page.run(() =>
        [...document.querySelectorAll<HTMLElement>('#messages .mine')].map(
          (i) => i.dataset['fate'],
        ),
      ),
    violations: () => page.complaints.filter((text) => text.includes('Content Security Policy')),
  };
}
