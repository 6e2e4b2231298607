/** What users of other fakes have run into, tried here. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createSocket } from '../../../src/socket/create-socket.js';
import { createFakeServer } from '../../../src/testing/index.js';

const URL = 'wss://example.com/line';

afterEach(() => {
  vi.useRealTimers();
});

test('mock-socket#176, socket.io#4534: under fake timers nothing ever happens', async () => {
  vi.useFakeTimers();
  const server = createFakeServer();
  const client = new server.WebSocket(URL);
  await server.connection();
  expect(client.readyState).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});

test('mock-socket#157: a message that is sent on connection comes before open', async () => {
  const server = createFakeServer({ onConnection: ({ send }) => send('welcome') });
  const client = new server.WebSocket(URL);
  const seen: string[] = [];
  for (const type of ['message', 'open'] as const) {
    client.addEventListener(type, () => seen.push(type));
  }
  await server.settled();
  expect(seen).toEqual(['open', 'message']);
});

describe.each(['close', 'kill'] as const)('%s()', (end) => {
  test('jest-websocket-mock#33, mock-socket#74, #250, #267: fires close twice, with a wrong readyState', async () => {
    const server = createFakeServer();
    const client = new server.WebSocket(URL);
    const states: number[] = [];
    client.onclose = () => states.push(client.readyState);
    await server.connection();
    server[end]();
    server[end]();
    await server.settled();
    expect(states).toEqual([3]);
  });
});

test('mock-socket#45, #378: the close event says nothing, or 1000 where nobody was there', async () => {
  const server = createFakeServer();
  server.refuse();
  const client = new server.WebSocket(URL);
  const closes: unknown[] = [];
  client.onclose = ({ code, reason, wasClean }) => closes.push({ code, reason, wasClean });
  await server.settled();
  expect(closes).toEqual([{ code: 1006, reason: '', wasClean: false }]);
});

test('mock-socket#383: open fires though the socket was closed while connecting', async () => {
  const server = createFakeServer();
  const client = new server.WebSocket(URL);
  const seen: string[] = [];
  for (const type of ['open', 'error', 'close']) {
    client.addEventListener(type, () => seen.push(type));
  }
  client.close();
  await server.settled();
  expect(seen).toEqual(['error', 'close']);
});

test('mock-socket#178: onclose and listeners are in each other’s way', async () => {
  const server = createFakeServer();
  const client = new server.WebSocket(URL);
  const seen: string[] = [];
  client.addEventListener('close', () => seen.push('listener'));
  client.onclose = () => seen.push('replaced');
  client.onclose = () => seen.push('handler');
  (await server.connection()).kill();
  await server.settled();
  expect(seen).toEqual(['listener', 'handler']);
});

test('jest-websocket-mock#51: messages of no interest have to be taken one by one', async () => {
  const server = createFakeServer();
  const socket = createSocket(URL, { WebSocket: server.WebSocket });
  for (const command of ['PASS', 'NICK', 'USER', 'PRIVMSG']) socket.send({ command });
  expect(await server.message({ command: 'PRIVMSG' })).toEqual({ command: 'PRIVMSG' });
  await socket.close();
});

test('jest-websocket-mock#32: how long a wait lasts cannot be said', async () => {
  const server = createFakeServer({ timeout: 5 });
  await expect(server.message()).rejects.toThrow('within 5 ms');
});

test('vitest-websocket-mock#33: that nothing was sent can be seen only by a wait in vain', async () => {
  const server = createFakeServer();
  const socket = createSocket(URL, { WebSocket: server.WebSocket });
  await server.settled();
  expect(server.received).toEqual([]);
  await socket.close();
});

test('msw#2446: what a handler throws is lost', async () => {
  const server = createFakeServer({
    onMessage() {
      throw new Error('of a handler');
    },
  });
  const client = new server.WebSocket(URL);
  await server.connection();
  const before = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  const aloud = new Promise((resolve) => process.once('unhandledRejection', resolve));
  client.send('1');
  expect(await aloud).toEqual(new Error('of a handler'));
  for (const listener of before) process.on('unhandledRejection', listener);
  // And the line goes on.
  client.close(4000);
  expect(await server.connections[0]?.closed()).toMatchObject({ code: 4000 });
});

test('jsdom#2153: to close before it is open is an error', async () => {
  const server = createFakeServer();
  const client = new server.WebSocket(URL);
  expect(() => client.close()).not.toThrow();
  await server.settled();
  expect(client.readyState).toBe(3);
});
