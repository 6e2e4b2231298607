// @vitest-environment happy-dom
import { type Client, Server, WebSocket } from 'mock-socket';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createSocket } from '../../src/socket/create-socket.js';
import type { SocketOptions } from '../../src/socket/options.js';
import type { Socket } from '../../src/socket/socket-interface.js';

const URL = 'wss://example.com/line';
let server: Server;
let clients: Client[];
let received: unknown[];
let sockets: Socket[];

function serve(): void {
  server = new Server(URL);
  server.on('connection', (client) => {
    clients.push(client);
    client.on('message', (data) => received.push(data));
  });
}

/** {@link createSocket} as an application calls it, on the mock's WebSocket class. */
function create(options: SocketOptions = {}, url = URL): Socket {
  const socket = createSocket(url, {
    WebSocket: WebSocket,
    ...options,
  });
  sockets.push(socket);
  return socket;
}

/** Lets the mock's own timers run, which are a few milliseconds long. */
async function soon(): Promise<void> {
  await vi.advanceTimersByTimeAsync(20);
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  clients = [];
  received = [];
  sockets = [];
  serve();
});

afterEach(async () => {
  const closing = sockets.map((socket) => socket.close({ timeout: 0 }));
  await soon();
  await Promise.all(closing);
  server.stop();
  await soon();
  expect(vi.getTimerCount()).toBe(0);
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('on mock-socket, in happy-dom', () => {
  test('a socket opens, sends and receives', async () => {
    const socket = create();
    const heard: unknown[] = [];
    socket.on('message', (message) => heard.push(message));
    socket.on('message:chat', (message) => heard.push(message));
    expect(socket.send('early')).toBe('queued');
    await soon();
    await socket.ready();
    expect(socket.status).toBe('open');
    expect(socket.url).toBe(URL);
    expect(socket.send({ type: 'chat', text: 'hello' })).toBe('sent');
    await soon();
    expect(received).toEqual(['"early"', '{"type":"chat","text":"hello"}']);
    clients[0]?.send('{"type":"chat","text":"hi"}');
    expect(heard).toEqual([
      { type: 'chat', text: 'hi' },
      { type: 'chat', text: 'hi' },
    ]);
  });

  test('a relative url is relative to the page', async () => {
    window.location.href = 'https://example.com/app/';
    const socket = create({}, '/line');
    await soon();
    expect(socket.url).toBe(URL);
    expect(socket.status).toBe('open');
  });

  test('a connection that is cut is made again, and what waited is sent', async () => {
    const socket = create();
    await soon();
    clients[0]?.close({ code: 1011, reason: 'oops', wasClean: true });
    await soon();
    expect(socket.status).toBe('waiting');
    expect(socket.getSnapshot().lastClose).toMatchObject({ code: 1011, reason: 'oops' });
    expect(socket.send('meanwhile')).toBe('queued');
    await vi.advanceTimersByTimeAsync(945);
    expect(socket.status).toBe('open');
    expect(clients).toHaveLength(2);
    await soon();
    expect(received).toEqual(['"meanwhile"']);
  });

  test('a server that is away is tried until it is back', async () => {
    server.stop();
    const socket = create();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(socket.getSnapshot().attempt).toBeGreaterThan(1);
    expect(clients).toHaveLength(0);
    serve();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(socket.status).toBe('open');
  });

  test('the subprotocol is the one that the server chose', async () => {
    server.stop();
    server = new Server(URL, { selectProtocol: (protocols: string[]) => protocols[1] ?? '' });
    const socket = create({ protocols: ['v1', 'v2'] });
    await soon();
    expect(socket.protocol).toBe('v2');
  });

  test('a handshake comes first', async () => {
    const socket = create({
      handshake: async (link) => {
        link.send('token');
        await link.receive();
      },
    });
    socket.send('queued');
    await soon();
    expect(received).toEqual(['"token"']);
    expect(socket.status).toBe('connecting');
    clients[0]?.send('"welcome"');
    await soon();
    expect(socket.status).toBe('open');
    expect(received).toEqual(['"token"', '"queued"']);
  });

  test('a server that goes silent is left, and another connection made', async () => {
    const socket = create({ heartbeat: { interval: 1_000, timeout: 500, expectReply: true } });
    await soon();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(received).toEqual(['{"type":"ping"}']);
    clients[0]?.send('{"type":"pong"}');
    await vi.advanceTimersByTimeAsync(900);
    expect(socket.status).toBe('open');
    expect(socket.latency).toBeGreaterThanOrEqual(0);
    await vi.advanceTimersByTimeAsync(900);
    expect(socket.status).toBe('waiting');
    await vi.advanceTimersByTimeAsync(945);
    expect(socket.status).toBe('open');
    expect(clients).toHaveLength(2);
  });

  test('close() reaches the server with its code and reason, and leaves nothing', async () => {
    const socket = create();
    await soon();
    const heard = vi.fn();
    clients[0]?.on('close', heard);
    const closed = socket.close({ code: 4000, reason: 'done' });
    await soon();
    await closed;
    expect(socket.status).toBe('closed');
    expect(heard.mock.calls).toMatchObject([[{ code: 4000, reason: 'done' }]]);
    expect(socket.getSnapshot().lastClose).toMatchObject({
      code: 4000,
      reason: 'done',
      cause: 'client',
      willReconnect: false,
    });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('the page’s own events wake the socket', async () => {
    server.stop();
    const socket = create({ reconnect: { delay: () => 3_600_000 } });
    await soon();
    expect(socket.status).toBe('waiting');
    serve();
    window.dispatchEvent(new Event('online'));
    await soon();
    expect(socket.status).toBe('open');
  });

  test('listeners on the page are there while a socket needs them', async () => {
    const added = vi.spyOn(globalThis, 'addEventListener');
    const removed = vi.spyOn(globalThis, 'removeEventListener');
    const socket = create({ autoConnect: false });
    expect(added).not.toHaveBeenCalled();
    socket.connect();
    await soon();
    expect(added).toHaveBeenCalled();
    const closed = socket.close();
    await soon();
    await closed;
    expect(removed.mock.calls.map(([type]) => type)).toEqual(
      added.mock.calls.map(([type]) => type),
    );
  });
});
