import { afterEach, describe, expect, test, vi } from 'vitest';
import { binary } from '../../../src/codecs/binary.js';
import { text } from '../../../src/codecs/text.js';
import { createSocket } from '../../../src/socket/create-socket.js';
import { createFakeServer } from '../../../src/testing/index.js';

const URL = 'wss://example.com/line';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('codecs', () => {
  test('text', async () => {
    const server = createFakeServer({ codec: text() });
    const socket = createSocket(URL, { WebSocket: server.WebSocket, codec: text() });
    const heard: string[] = [];
    socket.on('message', (message) => heard.push(message));
    socket.send('hello');
    expect(await server.message('hello')).toBe('hello');
    server.send('hi');
    await server.settled();
    expect(heard).toEqual(['hi']);
    await socket.close();
  });

  test('binary, Blobs in their order', async () => {
    const server = createFakeServer({ codec: binary() });
    const socket = createSocket(URL, { WebSocket: server.WebSocket, codec: binary() });
    const heard: number[] = [];
    socket.on('message', (message) => heard.push(message.byteLength));
    socket.send(new Uint8Array(1));
    socket.send(new Blob(['22']));
    socket.send(new ArrayBuffer(3));
    await server.settled();
    expect(server.received.map(({ byteLength }) => byteLength)).toEqual([1, 2, 3]);
    server.send(new Blob(['1']));
    server.send(new Uint8Array(2));
    await server.settled();
    expect(heard).toEqual([1, 2]);
    await socket.close();
  });

  test('several frames to a message', async () => {
    const server = createFakeServer<unknown, string>({
      codec: { encode: (message) => message.split(''), decode: (data) => data },
    });
    const client = new server.WebSocket(URL);
    const heard: unknown[] = [];
    client.onmessage = ({ data }) => heard.push(data);
    (await server.connection()).send('abc');
    await server.settled();
    expect(heard).toEqual(['a', 'b', 'c']);
  });
});

describe('the heartbeat', () => {
  test.each([
    ['json', {}, {}],
    ['text', { codec: text() }, { codec: text() }],
  ])('of a socket with %s is answered', async (_, options, ours) => {
    vi.useFakeTimers();
    const server = createFakeServer(options);
    const socket = createSocket(URL, { WebSocket: server.WebSocket, ...ours });
    await vi.advanceTimersByTimeAsync(300_000);
    expect(socket.status).toBe('open');
    expect(socket.latency).toBeGreaterThanOrEqual(0);
    expect([server.attempts.length, server.received]).toEqual([1, []]);
    await socket.close();
  });

  test('goes unanswered where the server knows no pings, and is seen', async () => {
    vi.useFakeTimers();
    const server = createFakeServer({ answer: false });
    const socket = createSocket(URL, { WebSocket: server.WebSocket });
    await vi.advanceTimersByTimeAsync(1_500);
    expect(server.received).toEqual([{ type: 'ping' }]);
    await socket.close();
  });

  test('gets an answer of the server’s own', async () => {
    const server = createFakeServer<{ op: string }, { op: string }>({
      answer: ({ op }) => (op === 'hb' ? { op: 'ack' } : undefined),
    });
    const client = new server.WebSocket(URL);
    const heard: unknown[] = [];
    client.onmessage = ({ data }) => heard.push(data);
    await server.connection();
    client.send('{"op":"hb"}');
    client.send('{"op":"say"}');
    await server.settled();
    expect(heard).toEqual(['{"op":"ack"}']);
    expect(server.received).toEqual([{ op: 'say' }]);
  });

  test('finds a black hole, and another connection after it', async () => {
    vi.useFakeTimers();
    const server = createFakeServer();
    const socket = createSocket(URL, { WebSocket: server.WebSocket });
    await vi.advanceTimersByTimeAsync(5_000);
    server.blackHole();
    await vi.advanceTimersByTimeAsync(30_000 + 10_000 + 2_000);
    expect(socket.status).toBe('open');
    expect(server.connections.map(({ readyState }) => readyState)).toEqual([2, 1]);
    await socket.close();
  });
});

test('onMessage answers', async () => {
  const server = createFakeServer<{ text: string }>({
    onMessage: ({ text: said }, { send }) => send({ text: said.toUpperCase() }),
  });
  const socket = createSocket<{ text: string }>(URL, { WebSocket: server.WebSocket });
  const heard: unknown[] = [];
  socket.on('message', (message) => heard.push(message));
  socket.send({ text: 'hello' });
  await server.settled();
  expect(heard).toEqual([{ text: 'HELLO' }]);
  await socket.close();
});

describe('mistakes', () => {
  test.each([
    [{ timeout: -1 }, 'invalid options.timeout: number -1'],
    [{ codec: {} }, 'invalid options.codec: object'],
    [{ answer: true }, 'invalid options.answer: boolean true'],
    [{ onMessage: 1 }, 'invalid options.onMessage: number 1'],
    [{ heartbeat: false }, 'unknown options.heartbeat'],
  ])('%j', (options, message) => {
    expect(() => createFakeServer(options as object)).toThrow(message);
  });

  test.each([1004, 1005, 1006, 1015, 999, 5000])('a close frame with %i', async (code) => {
    const server = createFakeServer();
    new server.WebSocket(URL);
    const { close } = await server.connection();
    expect(() => close(code)).toThrow(RangeError);
  });

  test('a reason that is too long, a count that is none', async () => {
    const server = createFakeServer();
    new server.WebSocket(URL);
    const { close } = await server.connection();
    expect(() => close(1000, 'x'.repeat(124))).toThrow(RangeError);
    expect(() => server.refuse(-1)).toThrow('invalid count: number -1');
  });

  test('sending where nobody hears it', async () => {
    const server = createFakeServer();
    expect(() => server.send('a')).toThrow(/^no connection is open to send on/);
    new server.WebSocket(URL);
    const connection = await server.connection();
    connection.kill();
    expect(() => connection.send('a')).toThrow(`the connection to ${URL} is over`);
  });
});

describe('install()', () => {
  const found = () => Object.getOwnPropertyDescriptor(globalThis, 'WebSocket');

  test('puts its class over the global one, and back what was there', async () => {
    const Other = EventTarget;
    Object.defineProperty(globalThis, 'WebSocket', { get: () => Other, configurable: true });
    const before = found();
    const server = createFakeServer();
    const uninstall = server.install();
    expect(globalThis.WebSocket).toBe(server.WebSocket);
    const socket = createSocket(URL);
    await server.connection();
    await socket.close();
    uninstall();
    expect(found()).toEqual(before);
    Reflect.deleteProperty(globalThis, 'WebSocket');
    uninstall();
    expect(found()).toBeUndefined();
  });

  test('in whichever order several are taken back, what was there first comes back', () => {
    const before = found();
    const [first, second, third] = [createFakeServer(), createFakeServer(), createFakeServer()];
    const [takeFirst, takeSecond, takeThird] = [first, second, third].map((one) => one.install());
    takeSecond?.();
    expect(globalThis.WebSocket).toBe(third.WebSocket);
    takeFirst?.();
    expect(globalThis.WebSocket).toBe(third.WebSocket);
    takeThird?.();
    expect(found()).toEqual(before);
  });

  test('what somebody else has put there since stays', () => {
    const before = found();
    const uninstall = createFakeServer().install();
    const Other = EventTarget;
    Object.defineProperty(globalThis, 'WebSocket', { value: Other, configurable: true });
    uninstall();
    expect(globalThis.WebSocket).toBe(Other);
    if (before) Object.defineProperty(globalThis, 'WebSocket', before);
    else Reflect.deleteProperty(globalThis, 'WebSocket');
  });

  test('leaves nothing where there was nothing', () => {
    const before = found();
    Reflect.deleteProperty(globalThis, 'WebSocket');
    createFakeServer().install()();
    expect('WebSocket' in globalThis).toBe(false);
    if (before) Object.defineProperty(globalThis, 'WebSocket', before);
  });
});

test('every method works without its this', async () => {
  const { WebSocket, connection, message, send, settled } = createFakeServer();
  const client = new WebSocket(URL);
  const { message: of, closed, close } = await connection();
  client.send('1');
  expect(await Promise.all([message(), of()])).toEqual([1, 1]);
  send('a');
  close(4000);
  await settled();
  expect((await closed()).code).toBe(4000);
});
