/** What becomes of a session whose tab, or whole browser, dies without a word. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { range } from '../support/browser-backlog.js';
import {
  type BrowserPage,
  launchLifelikeChromium,
  type PuppeteerPage,
} from '../support/browser-drivers.js';
import {
  acknowledged,
  expectAllOnce,
  leaveInBlackHole,
  PATIENT,
  send,
  sessionStage,
  told,
} from '../support/browser-sessions.js';
import { PASSES, STALLS_THE_UPGRADE } from '../support/fault-proxy.mjs';

test.for(['indexedDb', 'localStorage'] as const)(
  'a tab that was killed goes on when it is reloaded (storage: %s)',
  async (storage) => {
    const stage = await sessionStage();
    const browser = await launchLifelikeChromium();
    onTestFinished(() => browser.close());
    const page = await browser.newPage(stage.address);
    await stage.open(page, { storage, heartbeat: PATIENT });
    await leaveInBlackHole(stage, page, 340);
    const crashed = new Promise((resolve) => page.puppet.once('error', resolve));
    await killTabs(page);
    await crashed;
    await page.puppet.reload();
    await stage.open(page, { storage });
    await expectAllOnce(stage, page, 340);
  },
);

test('a browser that was killed has the record, but no tab that knows it: the next begins anew', async () => {
  const { sessions, errors, proxy, address, open } = await sessionStage();
  const folder = await mkdtemp(join(tmpdir(), 'holdline-chromium-'));
  // Some of its processes still write there for a moment.
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
  const browser = await launchLifelikeChromium(folder);
  onTestFinished(() => browser.close());
  const page = await browser.newPage(address);
  await open(page, { storage: 'indexedDb' });
  await send(page, 0, 20);
  await acknowledged(page);
  proxy.behave(STALLS_THE_UPGRADE);
  proxy.blackHole();
  await send(page, 20, 320);
  await sleep(300); // on disk by now

  const chromium = page.puppet.browser();
  const gone = new Promise((resolve) => chromium.once('disconnected', resolve));
  chromium.process()?.kill('SIGKILL');
  await gone;
  proxy.behave(PASSES);

  const next = await launchLifelikeChromium(folder);
  onTestFinished(() => next.close());
  const after = await next.newPage(address);
  const [record] = await records(after);
  expect(record).toMatchObject({ sid: sessions[0]?.session.id, acked: 20 });
  expect([...(record?.open ?? []), ...(record?.queue ?? [])].map(({ payload }) => payload)).toEqual(
    range(20, 320).map(String),
  );
  await open(after, { storage: 'indexedDb' });
  await send(after, 1_000, 1_010);
  await acknowledged(after);
  expect(sessions.map(({ handled }) => handled)).toEqual([range(0, 20), range(1_000, 1_010)]);
  expect(await told(after, /session|unknown|drop|error|violation/)).toEqual([
    ['session', { id: sessions[1]?.session.id, resumed: false }],
  ]);
  expect([(await records(after)).length, errors]).toEqual([2, []]);
});

/** Kills whatever shows pages in the browser of this one. */
async function killTabs({ puppet }: PuppeteerPage): Promise<void> {
  const devtools = await puppet.browser().target().createCDPSession();
  const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
  for (const { type, id } of processInfo) if (type === 'renderer') process.kill(id, 'SIGKILL');
}

interface Kept {
  readonly open: readonly { readonly payload: string }[];
  readonly queue: readonly { readonly payload: string }[];
}

/** All sessions that IndexedDB has. */
function records(page: BrowserPage): Promise<Kept[]> {
  return page.run(
    () =>
      new Promise((resolve) => {
        const opening = indexedDB.open('holdline');
        opening.onsuccess = () => {
          const all = opening.result.transaction('sessions').objectStore('sessions').getAll();
          all.onsuccess = () => {
            opening.result.close();
            resolve(all.result as Kept[]);
          };
        };
      }),
  );
}
