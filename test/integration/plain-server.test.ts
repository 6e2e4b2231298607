import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createSocket, once as heard } from '../../src/index.js';
import { createPlainServer, type PlainServer } from '../../src/server/plain/plain-server.js';
import type { PlainServerOptions } from '../../src/server/plain/plain-options.js';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

interface Said {
  readonly text: string;
}

async function start(
  options?: PlainServerOptions<Said, Said>,
): Promise<[PlainServer<Said>, string]> {
  const native = new WebSocketServer({ port: 0, host: '127.0.0.1', maxPayload: 1_000 });
  await once(native, 'listening');
  const server = createPlainServer<Said>(options);
  server.attach(native);
  stops.push(async () => {
    await server.close({ within: 0 });
    native.close();
  });
  return [server, `ws://127.0.0.1:${(native.address() as AddressInfo).port}/`];
}

/** A client, once it is there, and what it has got. */
async function connect(url: string): Promise<[WebSocket, string[]]> {
  const socket = new WebSocket(url);
  const got: string[] = [];
  socket.on('message', (data: Buffer) => got.push(data.toString()));
  stops.push(() => socket.terminate());
  await once(socket, 'open');
  return [socket, got];
}

test('what one says is broadcast to all others', async () => {
  const [server, url] = await start();
  server.on('message', (message, connection) => {
    server.broadcast(message, { except: connection });
    connection.send({ text: 'done' });
  });
  const [[one, ofOne], [, ofOther]] = [await connect(url), await connect(url)];
  one.send('{"text":"é"}');
  await expect.poll(() => [ofOne, ofOther]).toEqual([['{"text":"done"}'], ['{"text":"é"}']]);
});

test.each([
  ['"'.repeat(1_001), 1009],
  ['{', 1007],
])('what may not be closes its connection alone', async (frame, code) => {
  const [server, url] = await start();
  const errors: (number | undefined)[] = [];
  server.on('error', (error) => errors.push(error.closeCode));
  const [[one], [other]] = [await connect(url), await connect(url)];
  one.send(frame);
  const [closed] = (await once(one, 'close')) as [number];
  expect([closed, errors, other.readyState]).toEqual([code, [code], WebSocket.OPEN]);
});

test('the heartbeat of createSocket is answered', async () => {
  const [, url] = await start();
  const heartbeat = { interval: 20, timeout: 1_000, expectReply: true };
  const socket = createSocket<Said>(url, { WebSocket, heartbeat });
  stops.push(() => socket.close());
  const messages: Said[] = [];
  socket.on('message', (message) => messages.push(message));
  for (let pings = 0; pings < 3; pings++) await heard(socket, 'latency');
  expect(messages).toEqual([]);
});

test('who does not answer is cut off', async () => {
  const [server, url] = await start({ heartbeat: 50 });
  const closed = new Promise((resolve) => server.on('close', (_, code) => resolve(code)));
  const [socket] = await connect(url);
  socket.pause();
  expect(await closed).toBe(1006);
});
