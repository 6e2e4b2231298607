import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReconnectingWebSocket as DropIn } from '../../src/websocket/index.js';
import { type Browser, type Engine, engines } from '../support/browser-drivers.js';
import { canInstall, missingPackages } from '../support/browser-engines.mjs';
import { seen, stage } from '../support/browser-stage.js';

declare const Holdline: { readonly ReconnectingWebSocket: typeof DropIn };

for (const engine of engines) {
  const { name } = engine.tool;
  const missing = missingPackages(engine.tool);
  if (missing.length === 0) describe(name, () => comesBack(engine));
  else {
    describe(`not run: ${name} is not installed (${missing.join(' ')})`, () => {
      test('and cannot be installed from here', () => expect(canInstall()).toBe(false));
    });
  }
}

/** What a page with the two script tags and no module of its own may count on. */
function comesBack({ launch }: Engine): void {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  test('by script tag it opens, comes back after a kill with what was sent, and closes', async () => {
    const path = "/drop-in.html?csp=default-src 'self'; connect-src ws:";
    const { page, server, proxy } = await stage(browser, { path, echo: true });
    await page.run((url) => {
      const socket = new Holdline.ReconnectingWebSocket(url, [], { minReconnectionDelay: 100 });
      socket.onopen = () => recorder.note('open', socket.readyState);
      socket.onmessage = ({ data, origin }) => recorder.note('message', [data, origin]);
      socket.onclose = ({ code }) => recorder.note('close', [code, socket.readyState]);
      Object.assign(globalThis, { socket });
      socket.send('early');
      return recorder.until('message');
    }, proxy.url);
    proxy.reset();
    await page.run(async () => {
      const { socket } = globalThis as unknown as { socket: WebSocket };
      await recorder.until('close');
      socket.send('meanwhile');
      await recorder.until('message', 2);
      socket.close(3001, 'enough');
      return recorder.until('close', 2);
    });
    const { origin } = new URL(proxy.url);
    expect(await seen(page, /open|message|close|violation/)).toEqual([
      ['open', 1],
      ['message', ['early', origin]],
      ['close', [1006, 0]],
      ['open', 1],
      ['message', ['meanwhile', origin]],
      ['close', [3001, 3]],
    ]);
    expect(server.received).toEqual(['early', 'meanwhile']);
  });
}
