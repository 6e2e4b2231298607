/** A session that is kept survives its page; what a tab has, its duplicate does not. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { range } from '../support/browser-backlog.js';
import {
  type Browser,
  type BrowserPage,
  launchLifelikeChromium,
  type PuppeteerPage,
} from '../support/browser-drivers.js';
import {
  acknowledged,
  expectAllOnce,
  expectResumed,
  heard,
  leaveInBlackHole,
  PATIENT,
  send,
  sessionStage,
} from '../support/browser-sessions.js';
import type { TalkOptions } from './pages/session/talk.js';

let browser: Browser<PuppeteerPage>;
beforeAll(async () => {
  browser = await launchLifelikeChromium();
});
afterAll(() => browser.close());

describe.for(['indexedDb', 'localStorage'] as const)('kept in %s', (storage) => {
  test('what was not acknowledged arrives once after a reload, and what was said meanwhile', async () => {
    const stage = await sessionStage();
    const page = await stage.visit(browser);
    await stage.open(page, { storage, heartbeat: PATIENT });
    await leaveInBlackHole(stage, page, 400);
    await page.puppet.reload();
    await stage.open(page, { storage });
    await expectAllOnce(stage, page, 400);
  });

  test('reloaded time and again in full flow, nothing is twice or out of order', async ({
    annotate,
  }) => {
    const { sessions, errors, visit, open } = await sessionStage();
    const page = await visit(browser);
    await open(page, { storage });
    const [{ session, handled }] = sessions as [(typeof sessions)[0]];
    let said = 0;
    const talking = setInterval(() => session.send(said++), 3);
    onTestFinished(() => clearInterval(talking));
    for (let reloads = 0; reloads < 8; reloads++) {
      await chat(page);
      await sleep(50 + 40 * reloads);
      await page.puppet.reload();
      await open(page, { storage });
    }
    clearInterval(talking);
    await acknowledged(page);
    await expect.poll(() => session.unacknowledged.messages).toBe(0);

    const [sent, before] = await page.run((): [number, number[]] => [
      Number(localStorage.getItem('sent')),
      (localStorage.getItem('heard') ?? '').split(' ').filter(Boolean).map(Number),
    ]);
    const lost = range(0, sent).filter((n) => !handled.includes(n));
    await annotate(`${sent} sent, ${lost.length} of them were not on disk yet`);
    expect(handled).toEqual([...new Set(handled)].sort((a, b) => a - b));
    // In localStorage they are as soon as they are sent.
    expect(lost.length).toBeLessThan(storage === 'localStorage' ? 1 : sent / 10);
    // What was delivered in the last moment of a page, the next may hear again.
    const all = [...before, ...(await heard(page, 0))];
    const seams = all.filter((n, index) => n !== (all[index - 1] ?? -1) + 1).length;
    await annotate(`${said} heard, ${all.length - said} of them again`);
    expect([...new Set(all)]).toEqual(range(0, said));
    expect(seams).toBeLessThanOrEqual(8);
    expect([sessions.length, errors]).toEqual([1, []]);
  });

  test('a duplicated tab has a session of its own, and says nothing that is not its own', async () => {
    const { sessions, errors, address, open, first } = await firstTab(storage);
    const second = await duplicate(first, address);
    await open(second, { storage });
    await send(second, 1_000, 1_100);
    await Promise.all([first, second].map(acknowledged));
    for (const page of [first, second]) {
      await page.puppet.reload();
      await open(page, { storage });
    }
    await send(first, 300, 310);
    await send(second, 1_100, 1_110);
    await Promise.all([first, second].map(acknowledged));

    expect(sessions.map(({ handled }) => handled)).toEqual([range(0, 310), range(1_000, 1_110)]);
    for (const [index, page] of [first, second].entries()) {
      await expectResumed(page, sessions[index]?.session.id);
    }
    expect(errors).toEqual([]);
  });

  test('a tab that is duplicated while it is reloaded loses nothing, whichever goes on', async () => {
    const { sessions, errors, address, open, first } = await firstTab(storage);
    const second = await duplicate(first, address);
    await Promise.all([open(second, { storage }), first.puppet.reload()]);
    await open(first, { storage });
    await Promise.all([first, second].map(acknowledged));
    expect(sessions.map(({ handled }) => handled)).toEqual([range(0, 300), []]);
    expect(errors).toEqual([]);
  });
});

/** A tab that has sent 300 numbers into a black hole. */
async function firstTab(storage: TalkOptions['storage']) {
  const stage = await sessionStage();
  const first = await stage.visit(browser);
  await stage.open(first, { storage });
  stage.proxy.blackHole();
  await send(first, 0, 300);
  await sleep(200); // on disk by now
  return { ...stage, first };
}

/** Sends ever more numbers, and writes down where they cannot be lost what was sent and heard. */
function chat(page: BrowserPage): Promise<void> {
  return page.run(() => {
    let n = Number(localStorage.getItem('sent') ?? 0);
    const remember = (message: number): void => {
      localStorage.setItem('heard', `${localStorage.getItem('heard') ?? ''} ${message}`);
    };
    talk.heard.forEach(remember);
    talk.socket.on('message', remember);
    setInterval(() => {
      localStorage.setItem('sent', String(n + 1));
      talk.send(n, ++n);
    }, 3);
  });
}

/** Another tab, which begins with a copy of what this one has in its sessionStorage. */
async function duplicate({ puppet }: PuppeteerPage, address: string): Promise<PuppeteerPage> {
  const opened = new Promise<Page>((resolve) => {
    puppet.once('popup', (page) => resolve(page as Page));
  });
  await puppet.evaluate((url) => void window.open(url), address);
  const page = await opened;
  onTestFinished(() => page.close());
  await page.waitForFunction(() => 'talk' in globalThis);
  const run = page.evaluate.bind(page) as BrowserPage['run'];
  return { run, close: () => page.close(), puppet: page };
}
