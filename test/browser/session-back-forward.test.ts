/** A page with a session goes into the back/forward cache, and goes on when it is back. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { range } from '../support/browser-backlog.js';
import {
  type Browser,
  launchLifelikeChromium,
  type PuppeteerPage,
} from '../support/browser-drivers.js';
import {
  acknowledged,
  heard,
  PATIENT,
  send,
  sessionStage,
  told,
} from '../support/browser-sessions.js';

const storages = [undefined, 'indexedDb', 'localStorage'] as const;

let browser: Browser<PuppeteerPage>;
beforeAll(async () => {
  browser = await launchLifelikeChromium();
});
afterAll(() => browser.close());

test.for(storages)(
  'a page in the cache has missed nothing, and nothing of its own is lost or twice (storage: %s)',
  async (storage) => {
    const { sessions, errors, proxy, origin, visit, open } = await sessionStage();
    const page = await visit(browser);
    await open(page, { storage, heartbeat: PATIENT });
    const [{ session, handled }] = sessions as [(typeof sessions)[0]];
    await send(page, 0, 20);
    await acknowledged(page);
    proxy.blackHole({ up: false });
    await send(page, 20, 40);
    await expect.poll(() => handled.length).toBe(40);
    proxy.blackHole();
    await send(page, 40, 400);

    await page.puppet.goto(`${origin}/away.html`);
    for (const n of range(0, 50)) session.send(n);
    await sleep(500);
    await page.puppet.goBack();
    await page.run(() => talk.until(() => talk.told.at(-1)?.[0] === 'session'));
    await send(page, 400, 410);
    await acknowledged(page);

    expect(await heard(page, 50)).toEqual(range(0, 50));
    expect(handled).toEqual(range(0, 410));
    const { id } = session;
    expect(await told(page, /session|pageshow|unknown|drop|error|violation/)).toEqual([
      ['pageshow', false],
      ['session', { id, resumed: false }],
      ['pageshow', true],
      ['session', { id, resumed: true }],
    ]);
    expect([sessions.length, errors]).toEqual([1, []]);
  },
);

test.for(storages)(
  'put away time and again in full flow, nothing is lost, twice or out of order (storage: %s)',
  async (storage) => {
    const { sessions, errors, origin, visit, open } = await sessionStage();
    const page = await visit(browser);
    await open(page, { storage });
    const [{ session, handled }] = sessions as [(typeof sessions)[0]];
    let said = 0;
    const talking = setInterval(() => session.send(said++), 3);
    await page.run(() => {
      let n = 0;
      const sending = setInterval(() => talk.send(n, ++n), 3);
      Object.assign(globalThis, { stop: () => (clearInterval(sending), n) });
    });
    for (let visits = 0; visits < 6; visits++) {
      await sleep(50 + 40 * visits);
      await page.puppet.goto(`${origin}/away.html`);
      await sleep(20 * visits);
      await page.puppet.goBack();
    }
    clearInterval(talking);
    const sent = await page.run(() => (globalThis as unknown as { stop: () => number }).stop());
    await acknowledged(page);
    expect(await heard(page, said)).toEqual(range(0, said));
    expect(handled).toEqual(range(0, sent));
    expect(await told(page, /pageshow|unknown|drop|error|violation/)).toEqual([
      ['pageshow', false],
      ...range(0, 6).map(() => ['pageshow', true]),
    ]);
    expect([sessions.length, errors]).toEqual([1, []]);
  },
);

test.for(['indexedDb', 'localStorage'] as const)(
  'the next page of its tab goes on with what a page in the cache has kept, and says so to it (storage: %s)',
  async (storage) => {
    const { sessions, errors, proxy, address, visit, open } = await sessionStage();
    const page = await visit(browser);
    await open(page, { storage, heartbeat: PATIENT });
    proxy.blackHole();
    await send(page, 0, 300);
    await sleep(200); // on disk by now

    await page.puppet.goto(`${address}&next`);
    await open(page, { storage });
    await acknowledged(page);
    await send(page, 300, 310);
    await acknowledged(page);
    const [{ session, handled }] = sessions as [(typeof sessions)[0]];
    for (const n of range(0, 10)) session.send(n);
    expect(await heard(page, 10)).toEqual(range(0, 10));

    await page.puppet.goBack();
    await page.run(() => talk.until(() => talk.told.at(-1)?.[0] === 'session'));
    await send(page, 310, 320);
    await acknowledged(page);
    const outcomes = Object.values(await page.run(() => talk.outcomes));
    expect(outcomes).toEqual([
      ...range(0, 300).map(() => 'outcome-unknown'),
      ...range(310, 320).map(() => 'acknowledged'),
    ]);
    expect(await told(page, /unknown/)).toEqual(range(0, 300).map((n) => ['unknown', n]));
    expect(await told(page, /session|pageshow|drop|error|violation/)).toEqual([
      ['pageshow', false],
      ['session', { id: session.id, resumed: false }],
      ['pageshow', true],
      ['error', 'storage'],
      [
        'session',
        {
          id: sessions[1]?.session.id,
          resumed: false,
          reset: { reason: 'state', unknown: expect.any(Array) as number[] },
        },
      ],
    ]);

    // And each page goes on with its own.
    await page.puppet.goForward();
    await page.run(() => talk.until(() => talk.told.at(-1)?.[0] === 'session'));
    await send(page, 320, 330);
    await acknowledged(page);
    expect(await told(page, /session|pageshow|unknown|drop|error|violation/)).toEqual([
      ['pageshow', false],
      ['session', { id: session.id, resumed: true }],
      ['pageshow', true],
      ['session', { id: session.id, resumed: true }],
    ]);
    expect(handled).toEqual([...range(0, 310), ...range(320, 330)]);
    expect(sessions.map(({ handled }) => handled.length)).toEqual([320, 10]);
    expect(errors).toEqual([]);
  },
);
