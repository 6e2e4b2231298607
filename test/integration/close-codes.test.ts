import { once as emitted } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { once } from '../../src/index.js';
import { rejected } from '../support/errors.js';
import { behindProxy, open } from '../support/real-line.js';

type Row = [code: number, name: string];

const retried: Row[] = [
  [1000, 'done'],
  [1001, 'going away'],
  [1011, 'my fault'],
  [1012, 'restarting'],
  [1013, 'too busy'],
  [4000, 'the application knows why'],
  [4399, 'just below the range'],
  [4500, 'just above the range'],
];

const final: Row[] = [
  [1002, 'not WebSocket'],
  [1003, 'not this kind of data'],
  [1007, 'not UTF-8'],
  [1008, 'not allowed'],
  [1009, 'too big'],
  [1010, 'extension missing'],
  [4400, 'bad request'],
  [4401, 'token expired'],
  [4499, 'last of the range'],
];

test.each(retried)('after %i (%s) it comes back', async (code, reason) => {
  const { server, proxy } = await behindProxy();
  const { socket, closes } = open(proxy.url);
  await socket.ready();
  void server.closeAll(code, reason);
  const close = { code, reason, wasClean: true, cause: 'server', willReconnect: true };
  expect(await once(socket, 'close')).toEqual(close);
  expect(socket.status).toBe('waiting');
  await socket.ready();
  expect([closes.length, server.accepted]).toEqual([1, 2]);
});

test.each(final)('after %i (%s) it stays closed', async (code, reason) => {
  const { server, proxy } = await behindProxy();
  const { socket, retries } = open(proxy.url);
  await socket.ready();
  void server.closeAll(code, reason);
  const close = { code, reason, wasClean: true, cause: 'server', willReconnect: false };
  expect(await once(socket, 'close')).toEqual(close);
  expect(socket.status).toBe('closed');
  const { cause } = await rejected(socket.ready(), 'closed');
  expect(cause).toMatchObject({ code: 'gave-up' });
  expect([retries, socket.send({ type: 'late' })]).toEqual([[], 'dropped']);

  // Closed for good, until somebody knows better.
  socket.connect();
  await socket.ready();
  expect(server.accepted).toBe(2);
});

test('after 4401 it comes back where a provider can bring a fresh token', async () => {
  const { server, proxy } = await behindProxy();
  const { socket } = open(() => proxy.url);
  await socket.ready();
  void server.closeAll(4401, 'token expired');
  expect(await once(socket, 'close')).toMatchObject({ code: 4401, willReconnect: true });
  await socket.ready();
  expect(server.accepted).toBe(2);
});

test('a message that is too big for the server ends it with 1009, and is not sent again', async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, maxPayload: 1_000 });
  const arrived: string[] = [];
  server.on('connection', (ws) => {
    ws.on('error', () => {});
    ws.on('message', (data: Buffer) => arrived.push(data.toString()));
  });
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  await emitted(server, 'listening');
  const { port } = server.address() as { port: number };

  const { socket, retries } = open(`ws://127.0.0.1:${port}`);
  await socket.ready();
  socket.send({ type: 'small' });
  socket.send({ type: 'big', padding: 'x'.repeat(1_000) });
  expect(await once(socket, 'close')).toMatchObject({ code: 1009, willReconnect: false });
  expect([socket.status, retries, arrived]).toEqual(['closed', [], ['{"type":"small"}']]);
});

test('close() tells the server why, and settles when it has answered', async () => {
  const { server, proxy } = await behindProxy();
  const { socket, closes, statuses } = open(proxy.url);
  const [ws] = await Promise.all([server.nextConnection(), socket.ready()]);
  const heard = emitted(ws, 'close');
  await socket.close({ code: 4000, reason: 'good night' });
  const [code, reason] = (await heard) as [number, Buffer];
  expect([code, String(reason)]).toEqual([4000, 'good night']);
  expect(closes).toEqual([
    { code: 4000, reason: 'good night', wasClean: true, cause: 'client', willReconnect: false },
  ]);
  expect(statuses).toEqual(['open', 'closing', 'closed']);
});

test('close() of a black-holed line settles after its timeout', async () => {
  const { proxy } = await behindProxy();
  const { socket, closes } = open(proxy.url);
  await socket.ready();
  proxy.blackHole();
  await socket.close({ timeout: 50 });
  expect(closes).toMatchObject([{ code: 1006, cause: 'client', willReconnect: false }]);
  expect(socket.status).toBe('closed');
});

test('close({ flush }) delivers first what is queued, on a new line if need be', async () => {
  const { server, proxy } = await behindProxy();
  const { socket } = open(proxy.url);
  await socket.ready();
  proxy.reset();
  await once(socket, 'retry');
  for (const type of ['a', 'b', 'c']) expect(socket.send({ type })).toBe('queued');
  const closed = socket.close({ flush: true });
  expect(socket.send({ type: 'too late' })).toBe('dropped');
  await closed;
  expect(socket.status).toBe('closed');
  expect(server.received).toEqual(['{"type":"a"}', '{"type":"b"}', '{"type":"c"}']);
});
