/** The chat in React and in Vue: each message with its fate, and a line that says how it is. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { findingsOn } from '../support/axe.js';
import {
  type Browser,
  launchLifelikeChromium,
  type PuppeteerPage,
} from '../support/browser-drivers.js';
import { started } from '../support/child.js';
import { textsOf } from '../support/page-texts.js';
import { typeInto } from '../support/typing.js';

const path = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

let browser: Browser<PuppeteerPage>;
beforeAll(async () => {
  await promisify(execFile)(process.execPath, [path('scripts/build-examples.mjs')]);
  browser = await launchLifelikeChromium();
});
afterAll(() => browser.close());

describe.each(['react', 'vue'])('in %s', (framework) => {
  test('what is said while the line is refused waits, is counted down to, and arrives', async () => {
    const chat = await visit(framework);
    expect(await chat.placeholder()).toMatch(/^Say something/);
    await chat.press('Answer 503 for 10 s');
    await chat.becomes('.status', 'waiting');
    await chat.becomes('#retry', /^· next attempt in \d+ s$/);
    await chat.becomes('.line .muted', /^lost: 1006, network/);
    await chat.say('is anybody there?');
    await chat.becomes('.fate', 'waiting');
    expect(await chat.findings()).toEqual({ light: [], dark: [] });
    await chat.becomes('.fate', 'seen');
    await chat.becomes('.line .muted', '2 connections so far');
    expect(await chat.count('li')).toBe(1);
  });

  test('a line in a black hole looks it, and what was said into it may not have arrived', async () => {
    const chat = await visit(framework);
    await chat.press('Black-hole it');
    await chat.say('is anybody there?');
    await chat.becomes('.fate', 'on its way');
    await chat.becomes('.status', 'not answering');
    await chat.becomes('.fate', 'may not have arrived: the line died');
    expect(await chat.findings()).toEqual({ light: [], dark: [] });
    await chat.becomes('.status', 'open');
  });
});

async function visit(framework: string) {
  const origin = await started([path('examples/chat/server.mjs')], {
    env: { ...process.env, PORT: '0' },
  });
  const page = await browser.newPage(`${origin}/${framework}-chat/`);
  onTestFinished(() => page.close());
  const texts = textsOf(page, 30_000);
  const press = (label: string) =>
    page.run((label) => {
      const buttons = [...document.querySelectorAll('button')];
      buttons.find(({ textContent }) => textContent.trim() === label)?.click();
    }, label);
  await texts.becomes('.status', 'open');

  return {
    ...texts,
    press,
    findings: () => findingsOn(page),
    placeholder: () =>
      page.run(() => document.querySelector('form input')?.getAttribute('placeholder')),
    say: async (text: string) => {
      await typeInto(page, 'form input', text);
      await press('Say');
    },
  };
}
