/** What the READMEs of reconnecting-websocket and partysocket say of each option, on both of them and on ours. */
import { describe, expect, test, vi } from 'vitest';
import {
  ACCEPTS_THEN_KILLS,
  PASSES,
  REFUSES,
  STALLS_THE_UPGRADE,
} from '../../support/fault-proxy.mjs';
import { behindProxy, open } from './open.js';
import { examplesOf } from './readme.js';
import { ForgivingWebSocket, holdline, partysocket, reconnectingWebSocket } from './subjects.js';

describe.each([reconnectingWebSocket, partysocket, holdline])('on $name', (subject) => {
  const { isOurs } = subject;

  test('WebSocket is the class that connections are made with', async () => {
    const { proxy } = await behindProxy();
    const made: unknown[] = [];
    class Noted extends ForgivingWebSocket {
      constructor(...args: ConstructorParameters<typeof ForgivingWebSocket>) {
        super(...args);
        made.push(args[0]);
      }
    }
    const { heard } = open(subject, proxy.url, { WebSocket: Noted });
    await heard('open');
    expect(made.map(String)).toEqual([expect.stringContaining(proxy.url)]);
  });

  test('minReconnectionDelay grows by reconnectionDelayGrowFactor, up to maxReconnectionDelay', async () => {
    const { proxy } = await behindProxy();
    proxy.behave(REFUSES);
    vi.spyOn(Math, 'random').mockReturnValue(0.999_999);
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const { heard } = open(subject, proxy.url, {
      minReconnectionDelay: 20,
      maxReconnectionDelay: 50,
      reconnectionDelayGrowFactor: 1.5,
      // No timer that could be mistaken for one of these.
      connectionTimeout: 60_000,
    });
    await heard('error', 5);
    const delays = timers.mock.calls.map(([, delay]) => delay ?? 0);
    vi.restoreAllMocks();
    const waits = delays.filter((delay) => delay >= 10 && delay <= 60);
    // The same ceilings; what is drawn is below them.
    expect(waits.slice(0, 4)).toEqual(isOurs ? [19, 29, 44, 49] : [20, 30, 45, 50]);
  });

  test('minUptime is how long a connection must last for retries to count from one again', async () => {
    const { proxy, server } = await behindProxy({
      // Only when it is known that the client has been open since before.
      onMessage: (_message, socket) => setTimeout(() => socket.close(), 80),
    });
    proxy.behave(ACCEPTS_THEN_KILLS);
    const { socket, heard } = open(subject, proxy.url, { minUptime: 40 });
    await heard('close', 3);
    expect(socket.retryCount).toBe(3);
    proxy.behave(PASSES);
    const connection = server.nextConnection();
    socket.addEventListener('open', () => socket.send('I am open'));
    await connection;
    const { resolve, promise } = withResolvers<number>();
    socket.addEventListener('close', () => resolve(socket.retryCount));
    expect(await promise).toBe(1);
  });

  test('connectionTimeout ends an attempt that hangs, and another is made', async () => {
    const { proxy } = await behindProxy();
    proxy.behave((line) => {
      STALLS_THE_UPGRADE(line);
      proxy.behave(PASSES);
    });
    const { all, types, heard } = open(subject, proxy.url, { connectionTimeout: 100 });
    await heard('open');
    expect(all('close')).toMatchObject([
      isOurs
        ? { code: 1006, reason: '', wasClean: false }
        : { code: 1000, wasClean: true, reason: 'timeout' },
    ]);
    expect(types()).toEqual(isOurs ? ['error', 'close', 'open'] : ['close', 'error', 'open']);
    expect(all('error')).toMatchObject([{ message: isOurs ? 'not open after 100 ms' : 'TIMEOUT' }]);
  });

  test('maxRetries is how many retries there are after the first attempt', async () => {
    const { proxy } = await behindProxy();
    const { proxy: other } = await behindProxy();
    proxy.behave(REFUSES);
    other.behave(REFUSES);
    const { socket, heard } = open(subject, proxy.url, { maxRetries: 2 });
    await heard('close', 3);
    // Time for some more.
    await open(subject, other.url, { maxRetries: 6 }).heard('close', 7);
    expect([proxy.accepted, other.accepted]).toEqual([3, 7]);
    expect(socket.readyState).toBe(socket.CLOSED);
  });

  test('maxEnqueuedMessages bounds what waits, and what is too much is lost', async () => {
    const { proxy, server } = await behindProxy();
    const { socket, all, heard } = open(subject, proxy.url, { maxEnqueuedMessages: 2 });
    for (const text of ['one', 'two', 'three']) socket.send(text);
    await heard('open');
    socket.send('four');
    await server.nextMessage((message) => message === 'four');
    expect(server.received).toEqual(['one', 'two', 'four']);
    // Here one is told.
    expect(all('drop').map(({ detail }) => detail)).toEqual(
      isOurs ? [{ message: 'three', reason: 'overflow' }] : [],
    );
  });

  test('startClosed is CLOSED until reconnect() is called', async () => {
    const { proxy } = await behindProxy();
    const { socket, heard, types } = open(subject, proxy.url, { startClosed: true });
    expect(socket.readyState).toBe(socket.CLOSED);
    await open(subject, proxy.url).heard('open');
    expect(proxy.accepted).toBe(1);
    socket.reconnect();
    await heard('open');
    expect(proxy.accepted).toBe(2);
    expect(types()).toEqual(['open']);
  });

  test('debug prints to the console, or is ignored by us', async () => {
    const { proxy } = await behindProxy();
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const { heard } = open(subject, proxy.url, { debug: true });
    await heard('open');
    const printed = log.mock.calls.map(([first]) => first as unknown);
    log.mockRestore();
    expect(printed.includes('RWS>')).toBe(!isOurs);
    expect(printed.length > 0).toBe(!isOurs);
  });
});

test.each(['reconnecting-websocket', 'partysocket'] as const)(
  'of what the README of %s lists under "Available options", nothing is unknown here',
  (of) => {
    const { code = '' } = examplesOf(of).find(({ name }) => name.startsWith('Available op')) ?? {};
    const names = [...code.matchAll(/^ +(\w+)\?:/gm)].map(({ 1: name = '' }) => name);
    expect(names).toHaveLength(10);
    const options = Object.fromEntries(names.map((name) => [name, undefined]));
    const { socket } = open(holdline, 'ws://127.0.0.1:1', {
      ...options,
      WebSocket: ForgivingWebSocket,
      startClosed: true,
    });
    expect(socket.readyState).toBe(socket.CLOSED);
  },
);

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((given) => (resolve = given));
  return { resolve, promise };
}
