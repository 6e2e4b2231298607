/**
 * The fault proxy and the line server, proved with raw clients: what the other integration tests
 * stand on. Waiting for a fixed time only ever proves that something does not happen.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import net from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import {
  ACCEPTS_THEN_KILLS,
  ANSWERS_503,
  PASSES,
  REFUSES,
  STALLS_THE_UPGRADE,
  answers,
  startFaultProxy,
  type FaultLine,
} from '../support/fault-proxy.mjs';
import { startLineServer } from '../support/line-server.mjs';

const QUIET_MS = 60;
const PING = '{"type":"ping"}';
const PONG = '{"type":"pong"}';

const cleanups: (() => unknown)[] = [];

const isBinary = (message: unknown) => Buffer.isBuffer(message);

const turn = () => new Promise(setImmediate);

const tcpHandles = () => process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP'));

afterEach(async () => {
  for (const cleanUp of cleanups.splice(0).reverse()) await cleanUp();
  // A closed handle is gone at the end of the turn of the event loop that closed it.
  await turn();
  await turn();
  expect(tcpHandles()).toEqual([]);
});

async function lineServer(options?: Parameters<typeof startLineServer>[0]) {
  const server = await startLineServer(options);
  cleanups.push(() => server.stop());
  return server;
}

async function faultProxy(options: Parameters<typeof startFaultProxy>[0]) {
  const proxy = await startFaultProxy(options);
  cleanups.push(() => proxy.close());
  return proxy;
}

async function behindProxy(options?: Parameters<typeof lineServer>[0]) {
  const server = await lineServer(options);
  const proxy = await faultProxy({ target: server.port });
  return { server, proxy };
}

/** A raw ws client that notes what happens to it. */
function dial(url: string, protocols?: string[]) {
  const socket = new WebSocket(url, protocols, { perMessageDeflate: false });
  const log: string[] = [];
  const messages: string[] = [];
  socket.on('error', (error: NodeJS.ErrnoException) => log.push(error.code ?? error.message));
  socket.on('open', () => log.push('open'));
  socket.on('message', (data: Buffer) => messages.push(data.toString()));
  const closed = new Promise<number>((resolve) => socket.on('close', (code) => resolve(code)));
  cleanups.push(async () => {
    socket.terminate();
    await closed;
  });
  const next = async () => String((await once(socket, 'message'))[0]);
  const refusal = async () => {
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    return response;
  };
  return { socket, log, messages, closed, next, refusal };
}

async function opened(url: string, protocols?: string[]) {
  const client = dial(url, protocols);
  await once(client.socket, 'open');
  return client;
}

/** A raw TCP client or, given one, the other end of it. */
function watch(socket: net.Socket) {
  let text = '';
  socket.on('data', (data) => (text += String(data)));
  socket.on('error', () => {});
  const error = new Promise<string | undefined>((resolve) =>
    socket.on('error', (problem: NodeJS.ErrnoException) => resolve(problem.code)),
  );
  const ended = new Promise<void>((resolve) => socket.on('end', resolve));
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  cleanups.push(async () => {
    socket.destroy();
    await closed;
  });
  return { socket, error, ended, closed, text: () => text, forget: () => void (text = '') };
}

const tcp = (port: number) => watch(net.connect({ port, host: '127.0.0.1', allowHalfOpen: true }));

/** A raw TCP server behind the proxy, for what is below WebSocket: one client, both its ends. */
async function rawLine() {
  const server = net.createServer({ allowHalfOpen: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  const proxy = await faultProxy({ target: (server.address() as net.AddressInfo).port });
  const connection = once(server, 'connection') as Promise<[net.Socket]>;
  const client = tcp(proxy.port);
  const far = watch((await connection)[0]);
  // Only once a byte has crossed is the proxy's own connection to the far end known to stand.
  far.socket.write('!');
  await once(client.socket, 'data');
  client.forget();
  return { proxy, client, far };
}

/** Whether it settled within a short while. */
async function settles(promise: Promise<unknown>) {
  const settled = promise.then(() => true);
  return Promise.race([settled, new Promise((resolve) => setTimeout(resolve, QUIET_MS, false))]);
}

const quietly = () => new Promise((resolve) => setTimeout(resolve, QUIET_MS));

function only<T>(items: readonly T[]): T {
  expect(items).toHaveLength(1);
  return items[0] as T;
}

describe('the fault proxy, for new lines', () => {
  test('passes everything on, both ways, in order', async () => {
    const { server, proxy } = await behindProxy({ echo: true });
    const client = await opened(`${proxy.url}/chat?client=abc`);
    for (let n = 0; n < 100; n += 1) client.socket.send(`message ${n}`);
    const bytes = Buffer.alloc(3_000_000, 'every byte of it');
    client.socket.send(bytes);
    const arrived = await server.nextMessage(isBinary);
    expect(bytes.equals(arrived as Buffer)).toBe(true);
    expect(server.received.slice(0, 100)).toEqual(
      Array.from({ length: 100 }, (_, n) => `message ${n}`),
    );
    while (client.messages.length < 101) await once(client.socket, 'message');
    expect(client.messages[99]).toBe('message 99');
    expect(client.messages[100]).toHaveLength(3_000_000);
  });

  test('knows its lines: how many there were, which live, and what they asked for', async () => {
    const { proxy } = await behindProxy();
    expect([proxy.accepted, proxy.lines]).toEqual([0, []]);
    const first = await opened(`${proxy.url}/chat?client=abc`);
    await opened(`${proxy.url}/`);
    expect(proxy.lines.map(({ id, path }) => [id, path])).toEqual([
      [1, '/chat?client=abc'],
      [2, '/'],
    ]);
    const [line] = proxy.lines;
    first.socket.close();
    await line?.closed;
    expect(proxy.lines.map(({ id }) => id)).toEqual([2]);
    expect(proxy.accepted).toBe(2);
  });

  test('reads a request that comes in pieces', async () => {
    const { proxy } = await behindProxy();
    proxy.behave(answers(503));
    const client = tcp(proxy.port);
    await once(client.socket, 'connect');
    client.socket.setNoDelay();
    for (const piece of ['GET /a', '?b=c HTTP/1.1\r\nHost: x\r', '\n\r', '\n']) {
      expect(client.text()).toBe('');
      client.socket.write(piece);
      await turn();
    }
    await client.ended;
    expect(client.text()).toMatch(/^HTTP\/1\.1 503 /);
    expect(only(proxy.lines).path).toBe('/a?b=c');
  });

  test('listens on the port it is told', async () => {
    const { server, proxy } = await behindProxy();
    const { port } = proxy;
    await proxy.close();
    const again = await faultProxy({ target: { port: server.port }, port, host: '127.0.0.1' });
    expect(again.url).toBe(`ws://127.0.0.1:${port}`);
    await opened(again.url);
  });

  test('REFUSES: the connection is reset before the upgrade, and the server hears nothing', async () => {
    const { server, proxy } = await behindProxy();
    proxy.behave(REFUSES);
    const client = dial(proxy.url);
    expect(await client.closed).toBe(1006);
    expect(client.log).toEqual(['ECONNRESET']);
    expect([proxy.accepted, proxy.lines, server.accepted]).toEqual([1, [], 0]);
  });

  test.each([401, 302, 426, 429, 503])('answers the upgrade with %i', async (status) => {
    const { server, proxy } = await behindProxy();
    proxy.behave(status === 503 ? ANSWERS_503 : answers(status, { 'Retry-After': '7' }));
    const client = dial(`${proxy.url}/private`);
    const response = await client.refusal();
    expect(response.statusCode).toBe(status);
    expect(response.headers['retry-after']).toBe(status === 503 ? undefined : '7');
    const line = only(proxy.lines);
    expect(line.path).toBe('/private');
    client.socket.terminate();
    await line.closed;
    expect(server.accepted).toBe(0);
  });

  test('an answered line ends for a client that waits for the end', async () => {
    const { proxy } = await behindProxy();
    proxy.behave(ANSWERS_503);
    const client = tcp(proxy.port);
    client.socket.write('GET / HTTP/1.1\r\n\r\n');
    await client.ended;
    expect(client.text()).toBe(
      'HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
    );
    client.socket.end();
    await client.closed;
  });

  test('STALLS_THE_UPGRADE: no answer, nothing forwarded, until the client gives up', async () => {
    const { server, proxy } = await behindProxy();
    proxy.behave(STALLS_THE_UPGRADE);
    const client = dial(`${proxy.url}/stalled`);
    expect(await settles(client.closed)).toBe(false);
    expect(client.socket.readyState).toBe(WebSocket.CONNECTING);
    const line = only(proxy.lines);
    expect(line.path).toBe('/stalled');
    client.socket.terminate();
    await line.closed;
    expect([proxy.lines, server.accepted]).toEqual([[], 0]);
  });

  test('ACCEPTS_THEN_KILLS: the client opens, every time, and is reset at once', async () => {
    const { server, proxy } = await behindProxy({
      onConnection: (socket) => socket.send('too late'),
    });
    proxy.behave(ACCEPTS_THEN_KILLS);
    for (let n = 1; n <= 20; n += 1) {
      const client = dial(proxy.url);
      expect(await client.closed).toBe(1006);
      expect(client.log).toEqual(['open']); // ws keeps the ECONNRESET of an open socket to itself
      expect(client.messages).toEqual([]);
      expect(server.accepted).toBe(n);
    }
  });

  test('ACCEPTS_THEN_KILLS hands on the whole response head and nothing more', async () => {
    const { server, proxy } = await behindProxy({
      onConnection: (socket) => socket.send('too late'),
    });
    proxy.behave(ACCEPTS_THEN_KILLS);
    const client = tcp(proxy.port);
    const lines = [
      'GET / HTTP/1.1',
      'Host: localhost',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ];
    client.socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    // libuv reports an RST that comes together with data as a plain end.
    await Promise.race([client.ended, client.error]);
    expect(client.text()).toMatch(/^HTTP\/1\.1 101 [^]*\r\n\r\n$/);
    expect(client.text()).not.toContain('too late');
    expect(server.accepted).toBe(1);
  });

  test('ACCEPTS_THEN_KILLS leaves alone what the server refused', async () => {
    const { proxy } = await behindProxy({ verifyClient: () => false });
    proxy.behave(ACCEPTS_THEN_KILLS);
    const client = dial(proxy.url);
    const response = await client.refusal();
    expect(response.statusCode).toBe(401);
  });

  test('a behaviour holds for new lines, until changed, and can be composed', async () => {
    const { proxy } = await behindProxy();
    const before = await opened(proxy.url);
    const seen: FaultLine[] = [];
    proxy.behave((line) => {
      seen.push(line);
      (seen.length < 3 ? REFUSES : PASSES)(line);
    });
    expect(await dial(proxy.url).closed).toBe(1006);
    expect(await dial(proxy.url).closed).toBe(1006);
    await opened(proxy.url);
    expect(seen.map(({ id }) => id)).toEqual([2, 3, 4]);
    expect(before.socket.readyState).toBe(WebSocket.OPEN);
  });

  test('a target that refuses is a reset for the client', async () => {
    const { server, proxy } = await behindProxy();
    await server.stop();
    const client = dial(proxy.url);
    expect(await client.closed).toBe(1006);
    expect(client.log).toEqual(['ECONNRESET']);
    expect(proxy.lines).toEqual([]);
  });

  test('retarget sends new lines elsewhere and keeps the old ones', async () => {
    const { server, proxy } = await behindProxy();
    const other = await lineServer();
    const before = await opened(proxy.url);
    proxy.retarget(other.port);
    const after = await opened(proxy.url);
    before.socket.send('before');
    after.socket.send('after');
    expect(await server.nextMessage()).toBe('before');
    expect(await other.nextMessage()).toBe('after');
    expect([server.accepted, other.accepted]).toEqual([1, 1]);
  });
});

describe('the fault proxy, for live lines', () => {
  test('reset: both sides see a reset, and no line is left', async () => {
    const { proxy, client, far } = await rawLine();
    proxy.reset();
    expect(proxy.lines).toEqual([]);
    expect(await client.error).toBe('ECONNRESET');
    expect(await far.error).toBe('ECONNRESET');
  });

  test('a reset leaks nothing at whatever moment of a FIN it comes', async () => {
    for (let turns = 0; turns < 10; turns += 1) {
      const { proxy, client } = await rawLine();
      const line = only(proxy.lines);
      client.socket.end('bye');
      for (let n = 0; n < turns; n += 1) await turn();
      proxy.reset();
      await line.closed;
    }
  });

  test('a filter picks the lines', async () => {
    const { server, proxy } = await behindProxy();
    const a = await opened(`${proxy.url}/a`);
    const b = await opened(`${proxy.url}/b`);
    proxy.reset(({ path }) => path === '/a');
    expect(await a.closed).toBe(1006);
    proxy.blackHole({}, ({ path }) => path === '/c');
    b.socket.send('still here');
    expect(await server.nextMessage()).toBe('still here');
    expect(only(proxy.lines).path).toBe('/b');
  });

  test('FIN crosses one way at a time, as it does on a real line', async () => {
    const { proxy, client, far } = await rawLine();
    const line = only(proxy.lines);
    client.socket.end('last words');
    await far.ended;
    expect(far.text()).toBe('last words');
    far.socket.end('an answer all the same');
    await client.ended;
    expect(client.text()).toBe('an answer all the same');
    await line.closed;
  });

  test.each(['client', 'far'] as const)('RST of the %s side crosses', async (side) => {
    const { proxy, client, far } = await rawLine();
    const line = only(proxy.lines);
    const [dies, other] = side === 'client' ? [client, far] : [far, client];
    dies.socket.resetAndDestroy();
    expect(await other.error).toBe('ECONNRESET');
    await line.closed;
  });

  test('a black hole swallows both directions, and healing delivers in order', async () => {
    const { server, proxy } = await behindProxy();
    const client = await opened(proxy.url);
    proxy.blackHole();
    for (let n = 0; n < 50; n += 1) {
      client.socket.send(`up ${n}`);
      server.broadcast(`down ${n}`);
    }
    await quietly();
    expect([server.received, client.messages]).toEqual([[], []]);
    expect([client.socket.readyState, server.connections]).toEqual([WebSocket.OPEN, 1]);
    proxy.heal();
    await server.nextMessage((message) => message === 'up 49');
    while (client.messages.length < 50) await once(client.socket, 'message');
    expect(server.received).toEqual(Array.from({ length: 50 }, (_, n) => `up ${n}`));
    expect(client.messages).toEqual(Array.from({ length: 50 }, (_, n) => `down ${n}`));
  });

  test('up only: the client hears and is not heard', async () => {
    const { server, proxy } = await behindProxy();
    const client = await opened(proxy.url);
    proxy.blackHole({ down: false });
    client.socket.send('lost for now');
    server.broadcast('heard');
    expect(await client.next()).toBe('heard');
    await quietly();
    expect(server.received).toEqual([]);
    proxy.heal();
    expect(await server.nextMessage()).toBe('lost for now');
  });

  test('down only: the client is heard and does not hear', async () => {
    const { server, proxy } = await behindProxy();
    const client = await opened(proxy.url);
    proxy.blackHole({ up: false });
    client.socket.send(PING);
    expect(await server.nextMessage()).toBe(PING);
    await quietly();
    expect(client.messages).toEqual([]);
    const pong = client.next();
    proxy.heal();
    expect(await pong).toBe(PONG);
  });

  test('a stalled line pushes back: bytes pile up in the sender', async () => {
    const { server, proxy } = await behindProxy();
    const client = await opened(proxy.url);
    proxy.blackHole();
    const megabyte = 'x'.repeat(1_000_000);
    for (let n = 0; n < 30; n += 1) client.socket.send(megabyte);
    client.socket.send('the last');
    await quietly();
    expect(client.socket.bufferedAmount).toBeGreaterThan(5_000_000);
    expect(server.received).toEqual([]);
    proxy.heal();
    await server.nextMessage((message) => message === 'the last');
    expect(server.received).toHaveLength(31);
    expect(client.socket.bufferedAmount).toBe(0);
  });

  test('a reader that does not read holds the sender up, not the proxy', async () => {
    const { client, far } = await rawLine();
    client.socket.pause();
    for (let n = 0; n < 30; n += 1) far.socket.write(Buffer.alloc(1_000_000));
    let before: number;
    do {
      before = far.socket.writableLength;
      await quietly();
    } while (far.socket.writableLength < before);
    expect(far.socket.writableLength).toBeGreaterThan(0);
    const drained = once(far.socket, 'drain');
    client.socket.resume();
    await drained;
  });

  test('a server that dies behind a black hole is not seen to die before it heals', async () => {
    const { server, proxy } = await behindProxy();
    const client = await opened(proxy.url);
    proxy.blackHole({ up: false });
    await server.stop();
    client.socket.send('into the void');
    client.socket.send('and again');
    expect(await settles(client.closed)).toBe(false);
    expect(client.socket.readyState).toBe(WebSocket.OPEN);
    expect(proxy.lines).toHaveLength(1);
    proxy.heal();
    expect(await client.closed).toBe(1006);
  });

  test('a client that leaves a black-holed line delivers when it heals, and leaves then', async () => {
    const { server, proxy } = await behindProxy();
    const client = await opened(proxy.url);
    const line = only(proxy.lines);
    proxy.blackHole({ down: false });
    client.socket.send('last words');
    client.socket.terminate();
    await client.closed;
    await quietly();
    expect([server.connections, server.received]).toEqual([1, []]);
    const gone = once(only(server.sockets), 'close');
    proxy.heal();
    await Promise.all([gone, line.closed]);
    expect(server.received).toEqual(['last words']);
    expect(proxy.lines).toEqual([]);
  });

  test('an RST does not cross a black hole, even when the other side keeps sending', async () => {
    const { proxy, client, far } = await rawLine();
    proxy.blackHole({ down: false });
    client.socket.resetAndDestroy();
    await client.closed;
    far.socket.write('anyone there?');
    far.socket.write(Buffer.alloc(20_000_000));
    expect(await settles(far.closed)).toBe(false);
    expect(far.socket.writableLength).toBeGreaterThan(0);
    expect(proxy.lines).toHaveLength(1);
    proxy.heal();
    await far.closed;
    expect(proxy.lines).toEqual([]);
  });

  test('a FIN does not cross a black hole, and does when it heals', async () => {
    const { proxy, client, far } = await rawLine();
    proxy.blackHole({ up: false });
    far.socket.end('good bye');
    expect(await settles(client.ended)).toBe(false);
    expect(client.text()).toBe('');
    client.socket.write('I did not notice');
    await once(far.socket, 'data');
    proxy.heal();
    await client.ended;
    expect(client.text()).toBe('good bye');
  });

  test('a black-holed line can be reset', async () => {
    const { server, proxy } = await behindProxy();
    const client = await opened(proxy.url);
    const gone = once(only(server.sockets), 'close');
    proxy.blackHole();
    proxy.reset();
    expect(await client.closed).toBe(1006);
    await gone;
    expect(proxy.lines).toEqual([]);
  });

  test.each(['up', 'down'] as const)('throttle slows the way %s, and lifts', async (way) => {
    const { server, proxy } = await behindProxy();
    const client = await opened(proxy.url);
    const send = (data: string) =>
      way === 'up' ? client.socket.send(data) : server.broadcast(data);
    const arrival = () => (way === 'up' ? server.nextMessage() : client.next());

    proxy.throttle(20_000);
    const start = performance.now();
    let arrived = arrival();
    send('x'.repeat(4_000));
    await arrived;
    expect(performance.now() - start).toBeGreaterThan(120); // 200 less what goes at once

    // At this speed it would take 17 minutes.
    proxy.throttle(1_000);
    arrived = arrival();
    send('y'.repeat(1_000_000));
    expect(await settles(arrived)).toBe(false);
    proxy.throttle(undefined);
    expect(await arrived).toHaveLength(1_000_000);
  });

  test('throttle wants a speed', async () => {
    const { proxy } = await behindProxy();
    await opened(proxy.url);
    expect(() => proxy.throttle(0)).toThrow(RangeError);
    expect(() => proxy.throttle(NaN)).toThrow(RangeError);
  });

  test('close ends lines in every state, is safe to repeat, and frees the port', async () => {
    const { server, proxy } = await behindProxy();
    const clients = [await opened(proxy.url), await opened(proxy.url), await opened(proxy.url)];
    proxy.blackHole({}, ({ id }) => id === 1);
    proxy.throttle(1, ({ id }) => id === 2);
    const stalled = dial(proxy.url);
    await new Promise<void>((resolve) =>
      proxy.behave((line) => {
        STALLS_THE_UPGRADE(line);
        resolve();
      }),
    );
    server.broadcast('x'.repeat(1_000));
    await Promise.all([proxy.close(), proxy.close()]);
    await proxy.close();
    for (const { closed } of [...clients, stalled]) expect(await closed).toBe(1006);
    const refused = tcp(proxy.port);
    expect(await refused.error).toBe('ECONNREFUSED');
  });
});

describe('the line server', () => {
  test('answers pings, echoes nothing, and keeps what it received', async () => {
    const server = await lineServer();
    const client = await opened(server.url);
    client.socket.send('hello');
    client.socket.send(PING);
    client.socket.send(Buffer.from([1, 2, 3]));
    expect(await client.next()).toBe(PONG);
    await server.nextMessage(isBinary);
    expect(server.received).toEqual(['hello', PING, Buffer.from([1, 2, 3])]);
    expect(client.messages).toEqual([PONG]);
  });

  test('can leave pings unanswered, and can echo', async () => {
    const server = await lineServer({ answersPing: false, echo: true });
    const client = await opened(server.url);
    client.socket.send(PING);
    expect(await client.next()).toBe(PING);
    client.socket.send(Buffer.from([9]));
    expect(await once(client.socket, 'message')).toEqual([Buffer.from([9]), true]);
  });

  test('hands connections and messages to the test', async () => {
    const seen: unknown[] = [];
    const server = await lineServer({
      onConnection: (socket, request) => {
        seen.push(request.url);
        socket.send('welcome');
      },
      onMessage: (message, socket) => {
        seen.push(message);
        socket.send(`you said ${String(message)}`);
      },
    });
    const client = dial(`${server.url}/room?x=1`);
    expect(await client.next()).toBe('welcome');
    client.socket.send('hi');
    expect(await client.next()).toBe('you said hi');
    expect(seen).toEqual(['/room?x=1', 'hi']);
  });

  test('refuses and negotiates as ws does', async () => {
    const server = await lineServer({
      verifyClient: ({ req }: { req: { url?: string | undefined } }) => req.url !== '/no',
      handleProtocols: (offered) => (offered.has('b') ? 'b' : false),
    });
    const refused = dial(`${server.url}/no`);
    expect(await refused.closed).toBe(1006);
    expect(refused.log).toEqual(['Unexpected server response: 401']);
    const client = await opened(server.url, ['a', 'b']);
    expect(client.socket.protocol).toBe('b');
    expect(server.accepted).toBe(1);
  });

  test('counts connections, and tells of the next one', async () => {
    const server = await lineServer();
    const [first] = await Promise.all([opened(server.url), server.nextConnection()]);
    const [socket] = await Promise.all([server.nextConnection(), opened(server.url)]);
    expect([server.connections, server.accepted]).toEqual([2, 2]);
    expect(server.sockets[1]).toBe(socket);
    const gone = once(only(server.sockets.slice(0, 1)), 'close');
    first.socket.close();
    await gone;
    expect([server.connections, server.accepted]).toEqual([1, 2]);
    expect(server.sockets).toEqual([socket]);
  });

  test('broadcasts to every open connection', async () => {
    const server = await lineServer();
    const clients = await Promise.all([opened(server.url), opened(server.url)]);
    const heard = clients.map(({ next }) => next());
    server.broadcast('all of you');
    expect(await Promise.all(heard)).toEqual(['all of you', 'all of you']);
  });

  test('nextMessage walks through past and future messages, each handed out once', async () => {
    const server = await lineServer();
    const client = await opened(server.url);
    const future = server.nextMessage((message) => message === 'c');
    for (const message of ['a', 'b', 'c', 'a']) client.socket.send(message);
    expect(await future).toBe('c');
    expect(await server.nextMessage((message) => message === 'b')).toBe('b');
    expect(await server.nextMessage()).toBe('a');
    expect(await server.nextMessage()).toBe('a');
    const later = server.nextMessage();
    expect(await settles(later)).toBe(false);
    client.socket.send('d');
    expect(await later).toBe('d');
  });

  test('closeAll says why, and settles when all are gone', async () => {
    const server = await lineServer();
    const clients = await Promise.all([opened(server.url), opened(server.url)]);
    const reasons = clients.map(async ({ socket }) => String((await once(socket, 'close'))[1]));
    await server.closeAll(1012, 'restart');
    expect(await Promise.all(clients.map(({ closed }) => closed))).toEqual([1012, 1012]);
    expect(await Promise.all(reasons)).toEqual(['restart', 'restart']);
    expect(server.connections).toBe(0);
  });

  test('terminateAll drops everyone without a word, and goes on', async () => {
    const server = await lineServer();
    const client = await opened(server.url);
    server.terminateAll();
    expect(server.connections).toBe(0);
    expect(await client.closed).toBe(1006);
    await opened(server.url);
  });

  test('stop and start are a restart on the same port, with the memory kept', async () => {
    const server = await lineServer();
    for (let n = 1; n <= 3; n += 1) {
      const client = await opened(server.url);
      client.socket.send(`run ${n}`);
      await server.nextMessage();
      await server.stop();
      expect(server.connections).toBe(0);
      expect(await client.closed).toBe(1006);
      const refused = dial(server.url);
      await refused.closed;
      expect(refused.log).toEqual(['ECONNREFUSED']);
      await server.start();
    }
    await server.start(); // again, to no effect
    await opened(server.url);
    expect(server.received).toEqual(['run 1', 'run 2', 'run 3']);
    expect(server.accepted).toBe(4);
    await server.stop();
    await server.stop();
  });

  test('stop does not wait for an upgrade that hangs, nor for a client that says nothing', async () => {
    let asked: (parts: unknown) => void = () => {};
    const hanging = new Promise((resolve) => (asked = resolve));
    const server = await lineServer({
      // Takes the callback, which makes ws wait, and never calls it.
      verifyClient: (info: unknown, answer: unknown) => asked([info, answer]),
    });
    const upgrading = dial(server.url);
    const silent = tcp(server.port);
    await Promise.all([hanging, once(silent.socket, 'connect')]);
    await server.stop();
    expect(await upgrading.closed).toBe(1006);
    await silent.ended;
  });

  test('a broken frame and a reset do not bring it down', async () => {
    const server = await lineServer();
    const client = await opened(server.url);
    const { _socket } = client.socket as unknown as { _socket: net.Socket };
    _socket.write(Buffer.from([0xff, 0xff, 0xff]));
    expect(await client.closed).toBe(1002);
    const { _socket: other } = (await opened(server.url)).socket as unknown as {
      _socket: net.Socket;
    };
    const gone = once(only(server.sockets), 'close');
    other.resetAndDestroy();
    await gone;
    await opened(server.url);
  });

  test('a port that is taken is a rejection', async () => {
    const server = await lineServer();
    await expect(startLineServer({ port: server.port })).rejects.toThrow('EADDRINUSE');
    await expect(startFaultProxy({ target: 1, port: server.port })).rejects.toThrow('EADDRINUSE');
  });
});

test('once closed, nothing keeps the process alive', async () => {
  const program = `
    import { once } from 'node:events';
    import { WebSocket } from 'ws';
    import { startFaultProxy, STALLS_THE_UPGRADE } from './test/support/fault-proxy.mjs';
    import { startLineServer } from './test/support/line-server.mjs';
    const server = await startLineServer({ onConnection: (socket) => socket.send('hello') });
    const proxy = await startFaultProxy({ target: server.port });
    const clients = [];
    for (const path of ['open', 'holed', 'slow', 'stalled']) {
      if (path === 'stalled') proxy.behave(STALLS_THE_UPGRADE);
      const client = new WebSocket(proxy.url + '/' + path);
      client.on('error', () => {});
      clients.push(client);
      if (path !== 'stalled') await once(client, 'open');
    }
    while (proxy.accepted < 4) await new Promise(setImmediate);
    proxy.blackHole({}, ({ path }) => path === '/holed');
    proxy.throttle(0.001, ({ path }) => path === '/slow'); // a timer of 1,000 s
    const firstByte = once(clients[2]._socket, 'data');
    server.broadcast('x'.repeat(100));
    await firstByte;
    const closed = clients.map((client) => new Promise((resolve) => client.on('close', resolve)));
    void server.closeAll();
    await proxy.close();
    await server.stop();
    await Promise.all(closed);
    process.stdout.write('done');
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program]);
  cleanups.push(() => child.kill());
  let output = '';
  child.stdout.on('data', (data) => (output += String(data)));
  child.stderr.on('data', (data) => (output += String(data)));
  await once(child, 'close');
  expect([output, child.exitCode]).toEqual(['done', 0]);
});
