/** The members that the READMEs of reconnecting-websocket and partysocket list, on both of them and on ours. */
import { describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { behindProxy, open } from './open.js';
import { examplesOf } from './readme.js';
import { holdline, partysocket, reconnectingWebSocket } from './subjects.js';

describe.each([reconnectingWebSocket, partysocket, holdline])('on $name', (subject) => {
  const { isOurs } = subject;

  test('send takes text, bytes and a Blob, and keeps what is sent before it is open', async () => {
    const { proxy, server } = await behindProxy();
    const { socket, heard } = open(subject, proxy.url);
    const bytes = Uint8Array.of(1, 2, 3);
    socket.send('before');
    socket.send(bytes.subarray(1));
    expect(socket.bufferedAmount).toBe(8);
    await heard('open');
    socket.send('text');
    socket.send(bytes.buffer);
    socket.send(bytes.subarray(1));
    socket.send(new Blob([bytes]));
    socket.send('last');
    await server.nextMessage((message) => message === 'last');
    const all = Buffer.from(bytes);
    const rest = all.subarray(1);
    expect(server.received).toEqual(['before', rest, 'text', all, rest, all, 'last']);
  });

  test('close(code, reason) tells the server, and ends it', async () => {
    const { proxy, server } = await behindProxy();
    const { socket, heard, all } = open(subject, proxy.url);
    await heard('open');
    const told = closeOf(server.sockets[0]);
    socket.close(4001, 'bye');
    expect(await told).toEqual([4001, 'bye']);
    await heard('close');
    expect(all('close')).toMatchObject([{ code: 4001, reason: 'bye', wasClean: true, state: 3 }]);
    expect(socket.readyState).toBe(socket.CLOSED);
  });

  test('reconnect(code, reason) tells the server, and connects again at once', async () => {
    const { proxy, server } = await behindProxy();
    const { socket, heard, all } = open(subject, proxy.url, {
      minReconnectionDelay: 60_000,
      maxReconnectionDelay: 60_000,
    });
    await heard('open');
    const told = closeOf(server.sockets[0]);
    socket.reconnect(4002, 'again');
    expect(await told).toEqual([4002, 'again']);
    await heard('open', 2);
    expect(server.accepted).toBe(2);
    expect(socket.retryCount).toBe(0);
    // Ours does not wait for the server's answer, and does not say that there was one.
    expect(all('close')).toMatchObject([
      isOurs
        ? { code: 1006, reason: 'again', wasClean: false, state: 0 }
        : { code: 4002, wasClean: true, state: 2 },
    ]);
  });

  test('listeners may be functions, objects and properties, and are removed again', async () => {
    const { proxy } = await behindProxy();
    const { socket, heard } = open(subject, proxy.url);
    const calls: string[] = [];
    const removed = () => calls.push('removed');
    const object = { handleEvent: () => calls.push('object') };
    socket.onopen = () => calls.push('property');
    socket.addEventListener('open', removed);
    socket.addEventListener('open', () => calls.push('function'));
    socket.addEventListener('open', object);
    socket.removeEventListener('open', removed);
    await heard('open');
    await heard('open');
    expect(calls.sort()).toEqual(['function', 'object', 'property']);
  });

  test.each(['onopen', 'onmessage', 'onerror', 'onclose'] as const)(
    '%s is null until it is set',
    (name) => {
      const { socket } = open(subject, 'ws://127.0.0.1:1', { startClosed: true });
      expect(socket[name]).toBeNull();
      const listener = () => undefined;
      socket[name] = listener;
      expect(socket[name]).toBe(listener);
    },
  );

  test('binaryType says how bytes arrive, on this connection and the next', async () => {
    const { proxy, server } = await behindProxy();
    const { socket, heard, all } = open(subject, proxy.url);
    expect(socket.binaryType).toBe('blob');
    socket.binaryType = 'arraybuffer';
    await heard('open');
    server.broadcast(Buffer.of(1));
    await heard('message');
    proxy.reset();
    await heard('open', 2);
    expect(socket.binaryType).toBe('arraybuffer');
    server.broadcast(Buffer.of(2));
    await heard('message', 2);
    for (const { data } of all('message')) expect(data).toBeInstanceOf(ArrayBuffer);
  });

  test('readyState, url, protocol, extensions and bufferedAmount are those of the connection', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: true });
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const { socket, heard } = open(subject, `ws://127.0.0.1:${port}/path`, {
      protocols: ['chat', 'other'],
    });
    try {
      expect(socket.readyState).toBe(socket.CONNECTING);
      expect([socket.protocol, socket.extensions, socket.bufferedAmount]).toEqual(['', '', 0]);
      // Theirs has none before the first attempt.
      expect(socket.url).toBe(isOurs ? `ws://127.0.0.1:${port}/path` : '');
      await heard('open');
      expect(socket.readyState).toBe(socket.OPEN);
      expect(socket.url).toBe(`ws://127.0.0.1:${port}/path`);
      expect(socket.protocol).toBe('chat');
      expect(socket.extensions).toContain('permessage-deflate');
      expect(socket.bufferedAmount).toBe(0);
    } finally {
      for (const client of server.clients) client.terminate();
      server.close();
    }
  });

  test('the constants are on the class and on what it makes', () => {
    const { socket } = open(subject, 'ws://127.0.0.1:1', { startClosed: true });
    for (const [name, value] of Object.entries({ CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 })) {
      expect(subject.Class).toHaveProperty(name, value);
      expect(socket).toHaveProperty(name, value);
    }
  });
});

test.each(['reconnecting-websocket', 'partysocket'] as const)(
  'of what the README of %s lists under "API", nothing is missing here',
  (of) => {
    const examples = examplesOf(of);
    const listed = (heading: string) => examples.find(({ name }) => name === heading)?.code ?? '';
    const names = [
      ...listed('Methods 1').matchAll(/^(\w+)\(/gm),
      ...listed('Attributes 1').matchAll(/^(\w+):/gm),
      ...listed('Constants 1').matchAll(/^([A-Z]+) /gm),
    ].map(({ 1: name = '' }) => name);
    expect(names).toHaveLength(6 + 11 + 4);
    const { socket } = open(holdline, 'ws://127.0.0.1:1', { startClosed: true });
    expect(names.filter((name) => !(name in socket))).toEqual([]);
  },
);

function closeOf(
  connection: WebSocketServer['clients'] extends Set<infer Socket> ? Socket | undefined : never,
) {
  return new Promise((resolve) => {
    connection?.once('close', (code: number, reason: Buffer) => resolve([code, String(reason)]));
  });
}
