/** The client of Action Cable, which only runs in browsers, with its server on Puma. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { bundleApp, serveApp } from '../support/app-server.mjs';
import { type Browser, type ChromiumPage, launchChromium } from '../support/browser-drivers.js';
import { canInstall, missingPackages, tools } from '../support/browser-engines.mjs';
import { startFaultProxy } from '../support/fault-proxy.mjs';
import { startActionCable } from './servers/actioncable.js';

const missing = missingPackages(tools.actionCable);
if (missing.length === 0) {
  describe('Action Cable', staysSubscribed);
} else {
  describe(`not run: Action Cable is not installed (${missing.join(' ')})`, () => {
    test('and cannot be installed from here', () => expect(canInstall()).toBe(false));
  });
}

const CLOSED = 3;

function staysSubscribed() {
  let browser: Browser<ChromiumPage>;
  let app: Awaited<ReturnType<typeof serveApp>>;
  beforeAll(async () => {
    const entry = fileURLToPath(new URL('servers/pages/actioncable.ts', import.meta.url));
    app = await serveApp(await bundleApp({ entry }));
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await app.close();
  });

  /** A server, and a page that has entered one of its rooms. */
  async function inRoom() {
    const server = await startActionCable();
    onTestFinished(() => server.stop());
    const proxy = await startFaultProxy({ target: server.port });
    onTestFinished(() => proxy.close());
    let mostAtOnce = 0;
    proxy.behave((line) => {
      mostAtOnce = Math.max(mostAtOnce, proxy.lines.length);
      line.connect();
    });
    const page = await browser.newPage(app.origin);
    onTestFinished(() => page.close());
    await page.run((url) => cable.open(url, '1'), `${proxy.url}/cable`);

    return {
      server,
      proxy,
      page,

      /** All that the page has heard, once it has heard what it says there itself. */
      says: (text: string) =>
        page.run(async (text) => {
          const { subscription, until, all } = cable.room;
          subscription.perform('speak', { text });
          await until(JSON.stringify({ said: text }));
          return all;
        }, text),

      /** And leaves nothing behind. Settles with how many connections there were, and how many at once. */
      leaves: async () => {
        const states = await page.run(async () => {
          cable.leave();
          await cable.room.until('left');
          return cable.states;
        });
        expect([...new Set(states)]).toEqual([CLOSED]);
        await Promise.all(proxy.lines.map(({ closed }) => closed));
        expect(proxy.accepted).toBe(states.length);
        return { accepted: proxy.accepted, mostAtOnce };
      },
    };
  }

  const room = JSON.stringify({ channel: 'RoomChannel', room: '1' });

  test('a room is entered, actions are performed and broadcasts come', async () => {
    const { server, page, says, leaves } = await inRoom();
    expect(await server.connections()).toEqual([[room]]);
    await page.run(() => {
      const { subscription, until } = cable.room;
      subscription.perform('echo', { text: 'grüß dich' });
      return until('{"echo":"grüß dich"}');
    });
    expect(await says('hello')).toEqual(['connected', '{"echo":"grüß dich"}', '{"said":"hello"}']);
    await page.run(() => cable.enter('closed').until('rejected'));
    expect(await leaves()).toEqual({ accepted: 1, mostAtOnce: 1 });
  });

  test('rooms are entered again when the connection was killed, any number of times', async () => {
    const { server, proxy, page, says, leaves } = await inRoom();
    for (let round = 1; round <= 2; round++) {
      proxy.reset();
      await page.run((round) => cable.room.until('connected again', round), round);
      await says(`round ${round}`);
    }
    const again = ['lost', 'connected again'];
    expect(await says('hello')).toEqual(
      [
        'connected',
        again,
        '{"said":"round 1"}',
        again,
        '{"said":"round 2"}',
        '{"said":"hello"}',
      ].flat(),
    );
    expect(await server.connections()).toEqual([[room]]);
    expect(await leaves()).toEqual({ accepted: 3, mostAtOnce: 1 });
  });

  test('rooms are entered again when the server was away', async () => {
    const { server, page, says, leaves } = await inRoom();
    await server.stop();
    await page.run(() => cable.lineEvents.until('close', 2)); // the loss, and an attempt
    await server.start();
    await page.run(() => cable.room.until('connected again'));
    expect(await says('hello')).toEqual([
      'connected',
      'lost',
      'connected again',
      '{"said":"hello"}',
    ]);
    expect(await server.connections()).toEqual([[room]]);
    expect(await leaves()).toMatchObject({ mostAtOnce: 1 });
  });

  test('a dead line, on which pings stay out, is left for a new one, and closes behind it', async () => {
    const { server, proxy, page, says } = await inRoom();
    const [dead] = proxy.lines;
    proxy.blackHole();
    await page.run(() => cable.room.until('connected again'));
    await says('hello');
    await page.run(() => cable.lineEvents.until('close')); // though nobody answers its closing handshake
    dead?.reset(); // for the server's end of it
    await expect.poll(() => server.connections(), { timeout: 10_000 }).toEqual([[room]]);
  });
}
