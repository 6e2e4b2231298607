import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { io, NodeXHR, WebSocket as OverWebSocket } from 'socket.io-client';
import { expect, onTestFinished, test } from 'vitest';
import { bundleApp, serveApp } from '../support/app-server.mjs';
import { launchChromium } from '../support/browser-drivers.js';
import { socketIoEcho } from './servers/socket-io.js';
import { arrivals } from './support/arrivals.js';
import { NativeLine } from './support/native-line.js';
import { served } from './support/served.js';

/** Socket.IO's own transport for WebSockets, on our class; and the WebSockets that it has made. */
function overLines() {
  const lines: WebSocket[] = [];
  class OverLine extends OverWebSocket {
    override createSocket(url: string, protocols?: string | string[]): WebSocket {
      // In Node it asks for `nodebuffer`, which only `ws` knows: bytes would come as Blobs, which it cannot read.
      this.socket.binaryType = 'arraybuffer';
      const line = new NativeLine(url, protocols);
      lines.push(line);
      return line;
    }
  }
  return { lines, OverLine };
}

/** A server, and a client that notes what becomes of its connections. */
async function connected({ pollsFirst = false } = {}) {
  const { attach, peers, emit } = socketIoEcho();
  const { server, proxy } = await served(attach);
  const { lines, OverLine } = overLines();
  const socket = io(proxy.url, {
    transports: pollsFirst ? [NodeXHR, OverLine] : [OverLine],
    reconnectionDelay: 20,
    reconnectionDelayMax: 40,
    forceNew: true,
  });
  const news = arrivals<unknown>();
  const disconnects = arrivals<string>();
  const failures = arrivals<Error>();
  socket.on('news', news.add);
  socket.on('disconnect', disconnects.add);
  socket.on('connect_error', failures.add);
  const leave = async () => {
    socket.disconnect();
    await server.reaches(0);
  };
  onTestFinished(leave);
  return { server, proxy, socket, lines, peers, emit, news, disconnects, failures, leave };
}

test('what is emitted is acknowledged, in text and in bytes, and the server pushes', async () => {
  const { server, socket, peers, emit, news, disconnects, leave } = await connected();
  expect(await socket.emitWithAck('echo', { hi: 'grüß dich' })).toEqual({ hi: 'grüß dich' });
  const bytes = new Uint8Array([1, 2, 3]).buffer;
  expect(await socket.emitWithAck('echo', { bytes })).toEqual({ bytes });
  emit('news', 1);
  await news.count(1);
  expect([news.all, peers.all.length]).toEqual([[1], 1]);

  await leave();
  expect(disconnects.all).toEqual(['io client disconnect']);
  expect([server.accepted, server.mostAtOnce]).toEqual([1, 1]);
});

test('the connection comes back when it was killed, any number of times', async () => {
  const { server, proxy, socket, peers, emit, news, disconnects, leave } = await connected();
  for (let round = 1; round <= 3; round++) {
    await peers.count(round);
    emit('news', round);
    await news.count(round);
    proxy.reset();
    await disconnects.count(round);
  }
  await peers.count(4);
  expect(await socket.emitWithAck('echo', 'again')).toBe('again');
  expect(news.all).toEqual([1, 2, 3]);
  expect([server.accepted, server.mostAtOnce]).toEqual([4, 1]);

  await leave();
});

test('the connection comes back when the server was away, with what was emitted meanwhile', async () => {
  const { server, socket, peers, emit, news, failures, leave } = await connected();
  await peers.count(1);
  await server.stop();
  await failures.count(3);
  const answer: Promise<unknown> = socket.emitWithAck('echo', 'meanwhile');
  await server.start();
  expect(await answer).toBe('meanwhile');
  emit('news', 1);
  await news.count(1);
  expect([peers.all.length, server.accepted, server.mostAtOnce]).toEqual([2, 2, 1]);

  await leave();
});

test('a dead line, on which pings stay out, is left for a new one, and closes behind it', async () => {
  const { proxy, socket, lines, peers, disconnects, leave } = await connected();
  await peers.count(1);
  const [dead] = lines as [WebSocket];
  const closed = once(dead, 'close'); // though nobody answers its closing handshake
  proxy.blackHole();
  await peers.count(2);
  expect(await socket.emitWithAck('echo', 'again')).toBe('again');
  await closed;
  expect([disconnects.all, lines.length]).toEqual([['ping timeout'], 2]);

  socket.disconnect();
  proxy.reset(); // for the server's end of the dead line
  await leave();
});

test('it takes over from long polling', async () => {
  const { server, proxy, socket, lines, peers, leave } = await connected({ pollsFirst: true });
  await new Promise<void>((resolve) => socket.io.engine.once('upgrade', () => resolve()));
  expect(await socket.emitWithAck('echo', 'over')).toBe('over');
  expect([server.accepted, lines.length, peers.all.length]).toEqual([1, 1, 1]);
  proxy.reset();
  await peers.count(2);
  expect(await socket.emitWithAck('echo', 'again')).toBe('again');
  await leave();
});

/** A page of it in Chromium. */
async function opened() {
  const entry = fileURLToPath(new URL('servers/pages/socket-io.ts', import.meta.url));
  const app = await serveApp(await bundleApp({ entry }));
  onTestFinished(() => app.close());
  const browser = await launchChromium();
  onTestFinished(() => browser.close());
  return browser.newPage(app.origin);
}

test('where our class is the global one, a page is on it, and stays connected', async () => {
  const { attach, peers, emit } = socketIoEcho();
  const { server, proxy } = await served(attach);
  const page = await opened();
  await page.run((url) => chat.open(url), proxy.url);
  const echoed = () =>
    page.run(async () => {
      const bytes = new Uint8Array([1, 2, 3]).buffer;
      const answer: unknown = await chat.socket.emitWithAck('echo', { text: 'grüß dich', bytes });
      const { text, bytes: back } = answer as { text: string; bytes: ArrayBuffer };
      return [text, ...new Uint8Array(back)];
    });
  expect(await page.run(() => chat.isOurs)).toBe(true);
  expect(await echoed()).toEqual(['grüß dich', 1, 2, 3]);

  proxy.reset();
  await page.run(() => chat.heard.until('connect', 2));
  expect(await echoed()).toEqual(['grüß dich', 1, 2, 3]);

  await server.stop();
  await page.run(() => chat.heard.until('failed', 2));
  await server.start();
  await peers.count(3);
  emit('news', 1);
  await page.run(() => chat.heard.until('news 1'));
  expect(await echoed()).toEqual(['grüß dich', 1, 2, 3]);

  await page.run(() => void chat.socket.disconnect());
  await server.reaches(0);
  expect([server.accepted, server.mostAtOnce]).toEqual([3, 1]);
  const heard = await page.run(() => chat.heard.all);
  expect(heard.filter((note) => note !== 'failed')).toEqual([
    'connect',
    'transport close',
    'connect',
    'transport close',
    'connect',
    'news 1',
    'io client disconnect',
  ]);
});
