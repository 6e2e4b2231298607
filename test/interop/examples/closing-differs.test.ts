/**
 * What the pages on moving from the two packages say that differs when connections end: each seen to be so there,
 * and here.
 */
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { eventually } from '../../support/eventually.js';
import { PASSES, REFUSES, STALLS_THE_UPGRADE } from '../../support/fault-proxy.mjs';
import { behindProxy, LONG, meanwhile, open } from './open.js';
import { holdline, partysocket, reconnectingWebSocket } from './subjects.js';

describe.each([reconnectingWebSocket, partysocket, holdline])('on $name', (subject) => {
  const { isOurs } = subject;
  const isPartysocket = subject === partysocket;
  const isReconnectingWebSocket = subject === reconnectingWebSocket;

  test('an attempt that fails is a 1006, and not a 1000', async () => {
    const { proxy } = await behindProxy();
    proxy.behave(REFUSES);
    const { all, types, heard } = open(subject, proxy.url, LONG);
    await heard('error');
    await heard('close');
    expect(types()).toEqual(isOurs ? ['error', 'close'] : ['close', 'error']);
    expect(all('close')).toMatchObject([
      isOurs ? { code: 1006, wasClean: false } : { code: 1000, wasClean: true },
    ]);
  });

  test('readyState in a close listener says whether it comes back', async () => {
    const { proxy, server } = await behindProxy();
    const { socket, all, heard } = open(subject, proxy.url, LONG);
    await heard('open');
    server.terminateAll();
    await heard('close');
    expect(all('close')).toMatchObject([{ code: 1006, state: isOurs ? 0 : 3 }]);
    expect(socket.readyState).toBe(isOurs ? socket.CONNECTING : socket.CLOSED);
  });

  test('close() fires its event afterwards', async () => {
    const { proxy } = await behindProxy();
    const { socket, all, heard } = open(subject, proxy.url);
    await heard('open');
    socket.close(1000);
    expect(all('close')).toHaveLength(isPartysocket ? 1 : 0);
    expect(socket.readyState).toBe(isPartysocket ? 3 : 2);
    await heard('close');
    expect(socket.readyState).toBe(3);
  });

  test('close() without a code sends none', async () => {
    const { proxy, server } = await behindProxy();
    const { socket, all, heard } = open(subject, proxy.url);
    await heard('open');
    const told = new Promise((resolve) => server.sockets[0]?.once('close', resolve));
    socket.close();
    await heard('close');
    expect(await told).toBe(isOurs ? 1005 : 1000);
    expect(all('close')).toMatchObject([{ code: isOurs ? 1005 : 1000 }]);
  });

  test('close() between two connections is heard', async () => {
    const { proxy } = await behindProxy();
    proxy.behave(REFUSES);
    const { socket, events, heard } = open(subject, proxy.url, LONG);
    await heard('error');
    await heard('close');
    const before = events.length;
    socket.close();
    proxy.behave(PASSES);
    await meanwhile(proxy.url);
    expect(events.slice(before)).toMatchObject(
      isOurs ? [{ type: 'error' }, { type: 'close', code: 1006, state: 3 }] : [],
    );
  });

  test('close() before the first connection is heard, and reconnect() works after it', async () => {
    const { proxy } = await behindProxy();
    const { socket, types, heard } = open(subject, proxy.url);
    socket.close();
    await meanwhile(proxy.url);
    expect(types()).toEqual(isOurs ? ['error', 'close'] : []);
    expect(socket.readyState).toBe(isReconnectingWebSocket ? 0 : 3);
    socket.reconnect();
    if (isReconnectingWebSocket) await meanwhile(proxy.url);
    else await heard('open');
    // One of the two never connects again.
    expect(socket.readyState).toBe(isReconnectingWebSocket ? 0 : 1);
  });

  test.each([1008, 4403])('%i from the server is final, unless you decide', async (code) => {
    const { proxy } = await behindProxy({ onConnection: (socket) => socket.close(code) });
    const { all, heard } = open(subject, proxy.url);
    await heard('close', isOurs ? 1 : 3);
    expect(all('close')[0]).toMatchObject({ code, state: 3 });
    const decided = open(subject, proxy.url, isOurs ? RETRIES_ALL : {});
    await decided.heard('close', 3);
    if (isOurs) expect(all('close')).toHaveLength(1);
  });

  test('a code that no application may send is refused, and nothing has happened', async () => {
    const { proxy, server } = await behindProxy();
    const { socket, heard } = open(subject, proxy.url);
    await heard('open');
    const close = () => socket.close(999);
    if (isOurs) expect(close).toThrow(expect.objectContaining({ name: 'InvalidAccessError' }));
    else if (isPartysocket) close();
    else expect(close).toThrow();
    // One of the two believes that it is closed, and leaves the connection open.
    expect(socket.readyState).toBe(isPartysocket ? 3 : 1);
    expect(server.connections).toBe(1);
    socket.reconnect();
  });

  test('reconnect() fires its event afterwards', async () => {
    const { proxy } = await behindProxy();
    const { socket, types, heard } = open(subject, proxy.url);
    await heard('open');
    socket.reconnect();
    expect(types()).toEqual(isOurs ? ['open'] : ['open', 'close']);
    await heard('open', 2);
    expect(types()).toEqual(['open', 'close', 'open']);
  });

  test('after maxRetries there is a last close, and reconnect() begins anew', async () => {
    const { proxy } = await behindProxy();
    proxy.behave(REFUSES);
    const { socket, all, heard } = open(subject, proxy.url, { maxRetries: 1 });
    await heard('error', 2);
    await heard('close', 2);
    expect(all('close').map(({ state }) => state)).toEqual(isOurs ? [0, 3] : [2, 2]);
    proxy.behave(PASSES);
    socket.reconnect();
    if (isReconnectingWebSocket) await meanwhile(proxy.url);
    else await heard('open');
    // One of the two never connects again.
    expect(socket.readyState).toBe(isReconnectingWebSocket ? 3 : 1);
  });

  test('a provider that fails is asked again', async () => {
    const { proxy } = await behindProxy();
    const rejections: unknown[] = [];
    const note = (reason: unknown) => rejections.push(reason);
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection').on('unhandledRejection', note);
    try {
      let asked = 0;
      const { types, heard } = open(subject, () => {
        asked += 1;
        return asked > 1 ? proxy.url : Promise.reject(new Error('no token'));
      });
      if (isReconnectingWebSocket)
        await eventually(() => expect(rejections).toEqual([new Error('no token')]));
      else await heard('open');
      await meanwhile(proxy.url);
      // One of the two hangs for ever.
      expect(asked).toBe(isReconnectingWebSocket ? 1 : 2);
      expect(types()).toEqual(
        isOurs ? ['error', 'close', 'open'] : isPartysocket ? ['error', 'open'] : [],
      );
    } finally {
      process.removeAllListeners('unhandledRejection');
      for (const listener of others) process.on('unhandledRejection', listener);
    }
  });

  test('an attempt that is given up has somebody who hears of its error', async () => {
    const { proxy } = await behindProxy();
    proxy.behave(STALLS_THE_UPGRADE);
    let unheard = 0;
    class Noted extends WebSocket {
      override emit(type: string | symbol, ...args: unknown[]): boolean {
        // In Node that ends the process.
        const isUnheard = type === 'error' && this.listenerCount(type) === 0;
        if (isUnheard) unheard += 1;
        return isUnheard || super.emit(type, ...args);
      }
    }
    const { heard } = open(subject, proxy.url, {
      WebSocket: Noted,
      connectionTimeout: 50,
      maxRetries: 1,
    });
    await heard('error', 2);
    proxy.behave(PASSES);
    await meanwhile(proxy.url);
    expect(unheard > 0).toBe(isReconnectingWebSocket);
  });
});

const RETRIES_ALL = { reconnect: { shouldReconnect: () => true } };

test('what can never work is refused where it is given', () => {
  expect(() => open(holdline, 'not a url')).toThrow(
    expect.objectContaining({ name: 'SyntaxError' }),
  );
  for (const wrong of [{ reconnectionDelay: 5 }, { maxRetries: -1 }, { WebSocket: 'ws' }]) {
    expect(() => open(holdline, 'ws://127.0.0.1:1', wrong)).toThrow(
      expect.objectContaining({ name: 'SocketError', code: 'options' }),
    );
  }
});

test('a function that gives what can never work ends it', async () => {
  const { all, types, heard } = open(holdline, () => 'not a url');
  await heard('close');
  expect(types()).toEqual(['error', 'close']);
  expect(all('close')).toMatchObject([{ code: 1006, state: 3 }]);
});
