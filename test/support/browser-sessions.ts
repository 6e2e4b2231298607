import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import { createSessionServer, type Session } from '../../src/server/index.js';
import type { TalkOptions } from '../browser/pages/session/talk.js';
import { bundleApp } from './app-server.mjs';
import { range } from './browser-backlog.js';
import type { Browser, BrowserPage } from './browser-drivers.js';
import { startPageServer } from './browser-pages.mjs';
import { startFaultProxy } from './fault-proxy.mjs';

const POLICY = "default-src 'self'; connect-src ws:";
const entry = fileURLToPath(new URL('../browser/pages/session/talk.ts', import.meta.url));
let bundled: Promise<string> | undefined;

/** A dead line is given up within about a second. */
const ALERT = { interval: 500, timeout: 500 };

/** One that is left in a black hole stays there, however slow the machine is. */
export const PATIENT = { interval: 500, timeout: 60_000 };

type Stage = Awaited<ReturnType<typeof sessionStage>>;

/** A server of sessions behind a fault proxy, and where the pages for it come from, for one test. */
export async function sessionStage() {
  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(sockets, 'listening');
  const server = createSessionServer<number, number>({ heartbeat: 500 });
  /** In the order of their beginning, and what each has had handled. */
  const sessions: { session: Session<number, number>; handled: number[] }[] = [];
  const errors: string[] = [];
  server.on('error', ({ code, message }) => {
    // A line that is left in a black hole is silent until the server gives it up.
    if (code !== 'silent') errors.push(`${code}: ${message}`);
  });
  server.on('session', (session) => {
    const handled: number[] = [];
    sessions.push({ session, handled });
    session.on('message', ({ data }) => void handled.push(data));
  });
  server.attach(sockets);
  onTestFinished(async () => {
    await server.close();
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
  });
  const proxy = await startFaultProxy({ target: (sockets.address() as AddressInfo).port });
  onTestFinished(() => proxy.close());
  bundled ??= bundleApp({ entry });
  const pages = await startPageServer({ '/session/talk.js': await bundled });
  onTestFinished(() => pages.close());
  const path = `/session/session.html?csp=${POLICY}`;

  return {
    sessions,
    errors,
    proxy,
    origin: pages.origin,
    /** Where a page is that can talk. */
    address: pages.origin + path,

    /** Loads a page, until the end of the test. */
    visit: async <Kind extends BrowserPage>(browser: Browser<Kind>): Promise<Kind> => {
      const page = await browser.newPage(pages.origin + path);
      onTestFinished(() => page.close());
      return page;
    },

    /** Begins, or resumes, the session of a page, and waits until it is open. */
    open: (page: BrowserPage, options: TalkOptions = {}): Promise<void> =>
      page.run(
        async ({ url, options }) => {
          talk.open(url, options);
          await talk.until(() => talk.socket.status === 'open');
        },
        { url: proxy.url, options: { heartbeat: ALERT, ...options } },
      ),
  };
}

/** Sends the numbers from `from` to `to` (exclusive), all in one task. */
export const send = (page: BrowserPage, from: number, to: number): Promise<void> =>
  page.run(({ from, to }) => talk.send(from, to), { from, to });

/**
 * Leaves a page in a black hole, with numbers up to `to` sent: up to 19 they are acknowledged, up to 39 they have
 * arrived and the page does not know; of the rest the last have no number yet. The server has said 50.
 *
 * @param page - whose heartbeat is {@link PATIENT}: otherwise it may leave the hole again
 */
export async function leaveInBlackHole(stage: Stage, page: BrowserPage, to: number) {
  const { sessions, proxy } = stage;
  await send(page, 0, 20);
  await acknowledged(page);
  const [{ session, handled }] = sessions as [(typeof sessions)[0]];
  proxy.blackHole({ up: false });
  await send(page, 20, 40);
  await expect.poll(() => handled.length).toBe(40);
  proxy.blackHole();
  await send(page, 40, to);
  for (const n of range(0, 50)) session.send(n);
  await sleep(300); // on disk by now
}

/** All that was left in the black hole arrives once, on a page that resumes the session. */
export async function expectAllOnce({ sessions, errors }: Stage, page: BrowserPage, to: number) {
  const [{ session, handled }] = sessions as [(typeof sessions)[0]];
  await acknowledged(page);
  expect(await heard(page, 50)).toEqual(range(0, 50));
  expect(handled).toEqual(range(0, to));
  await expectResumed(page, session.id);
  expect([sessions.length, errors]).toEqual([1, []]);
}

/** A page has gone on with its session, and nothing else is to be told of it. */
export async function expectResumed(page: BrowserPage, id: string | undefined) {
  expect(await told(page, /session|unknown|drop|error|violation/)).toEqual([
    ['session', { id, resumed: true }],
  ]);
}

/** Settles once the server has acknowledged all that a page has. */
export const acknowledged = (page: BrowserPage): Promise<void> =>
  page.run(() => talk.until(() => talk.unacknowledged === 0));

/** Settles once a page has heard so many messages. @returns them */
export const heard = (page: BrowserPage, count: number): Promise<number[]> =>
  page.run(async (count) => {
    await talk.until(() => talk.heard.length >= count);
    return talk.heard;
  }, count);

/** What the page and its socket have told, of these kinds. */
export const told = (page: BrowserPage, events: RegExp): Promise<[string, unknown][]> =>
  page.run(
    (pattern) => talk.told.filter(([event]) => new RegExp(pattern).test(event)),
    events.source,
  );
