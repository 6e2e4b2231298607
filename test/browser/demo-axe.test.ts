/** What axe finds on the demo's pages, with messages of every colour on them: nothing. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { findingsOn } from '../support/axe.js';
import {
  type Browser,
  launchLifelikeChromium,
  type PuppeteerPage,
} from '../support/browser-drivers.js';
import { started } from '../support/child.js';

const server = fileURLToPath(new URL('../../examples/chat/server.mjs', import.meta.url));
const CLEAN = { light: [], dark: [] };

let browser: Browser<PuppeteerPage>;
beforeAll(async () => {
  browser = await launchLifelikeChromium();
});
afterAll(() => browser.close());

test('with a session: acknowledged, and lost on the plain WebSocket', async () => {
  const demo = await visit('/?talk=off');
  await demo.press('[data-fault=black-hole]');
  await demo.say('Is anybody there?');
  await demo.shows('[data-fate=waiting]');
  await demo.shows('[data-fate=acknowledged]');
  await demo.press('[data-fault=drop]');
  await demo.shows('.plain[data-standing=lost]');
  await demo.say('Again?');
  expect(await findingsOn(demo.page)).toEqual(CLEAN);
});

test('without: unconfirmed', async () => {
  const demo = await visit('/?session=off&talk=off');
  await demo.say('Hello');
  await demo.shows('[data-fate=seen]');
  await demo.press('[data-fault=black-hole]');
  await demo.say('Is anybody there?');
  await demo.shows('[data-fate=unconfirmed]');
  await demo.shows('#astray[data-empty=false]');
  expect(await findingsOn(demo.page)).toEqual(CLEAN);
});

test('by script tag: waiting for the network, and hung up', async () => {
  const demo = await visit('/script-tag.html?talk=off');
  await demo.press('[data-fault=unplug]');
  await demo.shows('#badge[data-status=waiting]');
  await demo.say('Is anybody there?');
  await demo.shows('[data-fate=queued]');
  expect(await findingsOn(demo.page)).toEqual(CLEAN);
  await demo.press('#hang-up');
  await demo.shows('#badge[data-status=closed]');
  expect(await findingsOn(demo.page)).toEqual(CLEAN);
});

/** A page of the demo, once both its lines are open. */
async function visit(path: string) {
  const origin = await started([server], { env: { ...process.env, PORT: '0' } });
  const page = await browser.newPage(origin + path);
  onTestFinished(() => page.close());
  const shows = async (selector: string): Promise<void> => {
    await page.puppet.waitForSelector(selector, { timeout: 40_000 });
  };
  await shows('#badge[data-status=open]');
  await shows('#plain-badge[data-status=open]');
  return {
    page,
    shows,
    press: (selector: string) =>
      page.run((selector) => document.querySelector<HTMLElement>(selector)?.click(), selector),
    say: async (text: string) => {
      await page.puppet.type('#text', text);
      await page.puppet.keyboard.press('Enter');
    },
  };
}
