import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WebSocket as ServerSocket } from 'ws';
import type { Retry } from '../../src/index.js';
import {
  endItems,
  itemsAt,
  leftBehind,
  numberOf,
  pileUp,
  range,
  sendItems,
} from '../support/browser-backlog.js';
import { type Browser, type Engine, engines } from '../support/browser-drivers.js';
import { canInstall, missingPackages } from '../support/browser-engines.mjs';
import { inTurn, openLine, seen, stage } from '../support/browser-stage.js';
import { answers, PASSES, STALLS_THE_UPGRADE } from '../support/fault-proxy.mjs';

/** Soon enough for a test, and still with jitter. */
const SOON = { baseDelay: 100 };

for (const engine of engines) {
  const { name } = engine.tool;
  const missing = missingPackages(engine.tool);
  if (missing.length === 0) {
    describe(name, () => holdsTheLine(engine));
  } else {
    describe(`not run: ${name} is not installed (${missing.join(' ')})`, () => {
      test('and cannot be installed from here', () => expect(canInstall()).toBe(false));
    });
  }
}

/** What a user of any engine may count on. */
function holdsTheLine({ launch, countsUnsent }: Engine): void {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  test.for(['/script-tag.html', '/module.html'])('%s opens, sends and hears', async (path) => {
    const { page, server, proxy } = await stage(browser, { path, echo: true });
    const hello = { type: 'hello', text: 'grüß dich' };
    const heard = await page.run(
      async ({ url, hello }) => {
        recorder.open(url, { WebSocket: undefined }).send(hello);
        return (await recorder.until('message')).detail;
      },
      { url: proxy.url, hello },
    );
    expect(heard).toEqual(hello);
    expect(server.received).toEqual([JSON.stringify(hello)]);
  });

  test('a strict content security policy is kept', async () => {
    const path = "/script-tag.html?csp=default-src 'self'; connect-src ws:";
    const { page, proxy } = await stage(browser, { path, echo: true });
    await openLine(page, proxy.url);
    await page.run(() => {
      recorder.line.send('hello');
      return recorder.until('message');
    });
    expect(await seen(page, /violation/)).toEqual([]);

    await page.run(() => {
      document.body.setAttribute('style', 'color: red');
      return recorder.until('violation'); // so we would have heard of one
    });
  });

  test('relative and http: URLs are those of the page', async () => {
    const { page, origin } = await stage(browser);
    for (const [index, url] of ['/line?1', 'line?2', `${origin}/line?3`].entries()) {
      const { detail } = await page.run(
        ({ url, count }) => {
          recorder.open(url);
          return recorder.until('message', count);
        },
        { url, count: index + 1 },
      );
      expect(detail).toEqual({ type: 'welcome', url: `/line?${index + 1}` });
    }
  });

  test('in a worker, a line opens, and comes back after a kill', async () => {
    const { page, server, proxy } = await stage(browser, { echo: true });
    await page.run((url) => {
      const worker = new Worker('/worker.mjs', { type: 'module', name: url });
      worker.onmessage = ({ data }) => recorder.note('from the worker', data);
      return recorder.until('from the worker');
    }, proxy.url);
    proxy.reset();
    const { detail } = await page.run(() => recorder.until('from the worker', 2));
    expect(detail).toEqual({ type: 'hello' });
    expect(server.accepted).toBe(2);
  });

  test('a killed line comes back, with what was sent meanwhile', async () => {
    const { page, server, proxy } = await stage(browser);
    await openLine(page, proxy.url, { reconnect: SOON });
    await page.run(() => {
      const { line } = recorder;
      line.on('close', () => recorder.note('sent', line.send({ type: 'meanwhile' })));
    });
    proxy.reset();
    await page.run(() => recorder.until('open', 2));
    expect(await seen(page, /^close|open|sent/)).toEqual([
      ['open', expect.anything()],
      ['close', refused],
      ['sent', 'queued'],
      ['open', expect.objectContaining({ connects: 2 })],
    ]);
    expect(await server.nextMessage()).toBe('{"type":"meanwhile"}');
  });

  test('a black hole is left for a new line before the browser has noticed it', async () => {
    const { page, server, proxy } = await stage(browser);
    const heartbeat = { interval: 1_000, timeout: 1_000, expectReply: true };
    await openLine(page, proxy.url, { heartbeat, reconnect: SOON });
    proxy.blackHole();
    const start = Date.now();
    const { at, events, isClosing } = await page.run(async () => {
      const { at } = await recorder.until('open', 2);
      recorder.line.send({ type: 'back' });
      return {
        at,
        events: recorder.entries.map(({ event }) => event),
        isClosing: recorder.natives[0]?.readyState === WebSocket.CLOSING,
      };
    });
    expect(events.filter((event) => /close|open/.test(event))).toEqual(['open', 'close', 'open']);
    expect(isClosing).toBe(true);
    expect(at - start).toBeLessThan(10_000);
    await server.nextMessage((message) => message === '{"type":"back"}');
    expect(await seen(page, /^close/)).toEqual([['close', { ...refused, cause: 'heartbeat' }]]);
  });

  test('a page that was too busy to hear the answer does not blame the server', async () => {
    const { page, server, proxy } = await stage(browser);
    const heartbeat = { interval: 500, timeout: 500, expectReply: true };
    await openLine(page, proxy.url, { heartbeat });
    await page.run(() => {
      const [native] = recorder.natives as [WebSocket];
      const send = native.send.bind(native);
      native.send = (ping) => {
        native.send = send;
        send(ping);
        setTimeout(() => {
          for (const start = Date.now(); Date.now() - start < 2_000;);
        });
      };
    });
    await server.nextMessage();
    await server.nextMessage();
    expect(await seen(page, /close|retry/)).toEqual([]);
    expect(server.accepted).toBe(1);
  });

  test.for([503, 401])('an upgrade refused with %i is 1006, and tried again', async (status) => {
    const { page, proxy } = await stage(browser);
    proxy.behave(inTurn(answers(status), PASSES));
    await openLine(page, proxy.url, { reconnect: SOON });
    expect(await seen(page, /^close|open/)).toEqual([
      ['close', refused],
      ['open', expect.objectContaining({ attempt: 1 })],
    ]);
  });

  test('a URL that the policy forbids fails at once, and is tried again ever later', async ({
    annotate,
  }) => {
    const path = "/script-tag.html?csp=default-src 'self'; connect-src 'none'";
    const { page, proxy } = await stage(browser, { path });
    const { start, retries } = await page.run(
      async ({ url, options }) => {
        const start = Date.now();
        recorder.open(url, options);
        await recorder.until('retry', 3);
        return { start, retries: recorder.all('retry') };
      },
      // Chromium fires an error and no close: that is not to wait until the time is over.
      { url: proxy.url, options: { connectTimeout: 5_000, reconnect: SOON } },
    );
    let begun = start;
    for (const [index, { at, detail }] of retries.entries()) {
      const { attempt, delay, cause } = detail as Retry;
      await annotate(`${cause} after ${at - begun} ms`);
      expect(at - begun).toBeLessThan(750);
      expect(attempt).toBe(index + 1);
      if (index > 0) expect(delay).toBeGreaterThanOrEqual((SOON.baseDelay * 1.6 ** index) / 2 - 1);
      begun = at + delay;
    }
    const failed = {
      ...refused,
      cause: expect.stringMatching(/^(network|constructor)$/) as string,
    };
    const closesAndOpens = await seen(page, /^close|open/);
    expect(closesAndOpens.slice(0, 3)).toEqual(Array(3).fill(['close', failed]));
    expect(proxy.accepted).toBe(0);
  });

  test('a stalled upgrade is given up, and does not stall the next one', async () => {
    const { page, proxy } = await stage(browser);
    proxy.behave(inTurn(STALLS_THE_UPGRADE, PASSES));
    await openLine(page, proxy.url, { connectTimeout: 1_000, reconnect: SOON });
    expect(await seen(page, /^close|open/)).toEqual([
      ['close', { ...refused, cause: 'timeout' }],
      ['open', expect.objectContaining({ attempt: 1 })],
    ]);
  });

  describe('when the line dies under a backlog', () => {
    const roomy = { maxMessages: 20_000, maxBytes: 20_000_000, highWaterMark: 20_000_000 };

    test('of 5 MB in the browser, what never left arrives once and in order', async () => {
      const { page, server, proxy } = await stage(browser);
      await openLine(page, proxy.url, { heartbeat: false, queue: roomy, reconnect: SOON });
      await sendItems(page, 0, 500);
      await server.nextMessage((message) => numberOf(message) === 499);
      proxy.blackHole({ down: false });
      const end = await pileUp(page, 500, { enough: 5_000_000, limit: 20_000 });
      proxy.reset();
      await endItems(page, server);

      const { buffered, unsent } = await leftBehind(page);
      expect(itemsAt(server)).toEqual([...range(0, 500), ...range(end - unsent, end)]);
      if (countsUnsent) expect(buffered).toBeGreaterThan(4_500_000);
    });

    test('of 10 MB in the queue, what still waits there arrives once and in order', async () => {
      const { page, server, proxy } = await stage(browser);
      const queue = { ...roomy, highWaterMark: 65_536 };
      await openLine(page, proxy.url, { heartbeat: false, queue, reconnect: SOON });
      proxy.blackHole({ down: false });
      await sendItems(page, 0, 10_000);
      proxy.reset();
      await endItems(page, server);

      const { queued, unsent } = await leftBehind(page);
      expect(itemsAt(server)).toEqual(range(10_000 - unsent, 10_000));
      expect(queued).toBeGreaterThan(0);
    });

    test('in a black hole that heals after it was left, nothing arrives twice', async () => {
      const { page, server, proxy } = await stage(browser);
      const heartbeat = { interval: 500, timeout: 500, expectReply: true };
      await openLine(page, proxy.url, { heartbeat, queue: roomy, reconnect: SOON });
      const [left] = server.sockets as [ServerSocket];
      proxy.blackHole();
      await pileUp(page, 0, { enough: 1_000_000, limit: 20_000 });
      await endItems(page, server);
      const gone = once(left, 'close');
      proxy.heal();
      await gone;
      const items = itemsAt(server);
      expect(items).toEqual([...new Set(items)]);
    });

    test('in full flow, nothing arrives twice', async () => {
      const { page, server, proxy } = await stage(browser, {
        onMessage: (message) => numberOf(message) === 1_000 && proxy.reset(),
      });
      await openLine(page, proxy.url, { heartbeat: false, queue: roomy, reconnect: SOON });
      await sendItems(page, 0, 15_000);
      await endItems(page, server);

      const { unsent } = await leftBehind(page);
      const items = itemsAt(server);
      const before = items.length - unsent;
      expect(items).toEqual([...range(0, before), ...range(15_000 - unsent, 15_000)]);
      expect(before).toBeLessThanOrEqual(15_000 - unsent);
    });
  });
}

/** A connection that ended without a close frame. */
const refused = {
  code: 1006,
  reason: '',
  wasClean: false,
  cause: 'network',
  willReconnect: true,
};
