import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createSocket } from '../../src/index.js';
import { session as withSession } from '../../src/session.js';
import { createSessionServer, memoryStore } from '../../src/server/index.js';
import type { SessionServerError, SessionServerOptions } from '../../src/server/index.js';

const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** A session server on a port of its own. */
async function listening(options?: SessionServerOptions) {
  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(sockets, 'listening');
  const server = createSessionServer(options);
  const errors: SessionServerError[] = [];
  server.on('error', (error) => errors.push(error));
  server.attach(sockets);
  open.push(async () => {
    await server.close();
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
  });
  return { server, errors, url: `ws://127.0.0.1:${(sockets.address() as AddressInfo).port}` };
}

/** A client by hand. */
class RawClient {
  readonly socket: WebSocket;
  readonly #frames: (string | Buffer)[] = [];
  #wake: (() => void) | undefined;

  constructor(url: string) {
    this.socket = new WebSocket(url, 'holdline.session.v1');
    this.socket.on('message', (data: Buffer, isBinary: boolean) => {
      this.#frames.push(isBinary ? data : data.toString());
      this.#wake?.();
    });
    this.socket.on('error', () => undefined);
  }

  say(head: readonly unknown[], payload?: string): void {
    const text = JSON.stringify(head);
    this.socket.send(payload === undefined ? text : `${text}\n${payload}`);
  }

  /** The next frame: its head, and its payload, if any. */
  async next(): Promise<unknown[]> {
    while (this.#frames.length === 0) {
      await new Promise<void>((wake) => (this.#wake = wake));
    }
    const frame = this.#frames.shift();
    if (typeof frame !== 'string') return [frame];
    const [head, ...payload] = frame.split('\n');
    return [...(JSON.parse(head as string) as unknown[]), ...payload];
  }

  async hello(said: object = {}): Promise<Record<string, unknown>> {
    if (this.socket.readyState !== WebSocket.OPEN) await once(this.socket, 'open');
    this.say([0, { v: 1, n: 1, rx: 0, acked: 0, subs: [], ...said }]);
    const [, welcome] = await this.next();
    return welcome as Record<string, unknown>;
  }

  async closed(): Promise<number> {
    const [code] = (await once(this.socket, 'close')) as [number];
    return code;
  }
}

test('messages go both ways, across a connection that is cut', async () => {
  const { server, url } = await listening();
  server.on('session', (session) => {
    session.on('message', ({ data }) => void session.send({ echo: data }));
  });
  const first = new RawClient(url);
  const { sid, key } = await first.hello();
  first.say([2, 1], '"one"');
  expect(await first.next()).toEqual([2, 1, '{"echo":"one"}']);
  expect(await first.next()).toEqual([3, 1]);
  first.say([2, 2], '"two"');
  expect(await first.next()).toEqual([2, 2, '{"echo":"two"}']);
  first.socket.terminate();
  const second = new RawClient(url);
  expect(await second.hello({ sid, key, n: 2, rx: 1, acked: 1 })).toMatchObject({
    resumed: true,
    rx: 2,
  });
  expect(await second.next()).toEqual([2, 2, '{"echo":"two"}']);
  expect(server.counters).toMatchObject({ begun: 1, resumed: 1, sessions: 1 });
});

test('a loop over the messages of a session, and bytes in several frames', async () => {
  const { server, url } = await listening({
    codec: { encode: (data: unknown) => data as Uint8Array, decode: (data) => data },
  });
  const taken: unknown[] = [];
  server.on('session', async (session) => {
    for await (const { data } of session) {
      taken.push(data);
      session.send(new Uint8Array([9]));
    }
  });
  const client = new RawClient(url);
  await client.hello();
  client.say([2, 1, null, null, 2]);
  client.socket.send('text');
  client.socket.send(Buffer.from([1, 2]));
  expect(await client.next()).toEqual([2, 1, null, null, 1]);
  expect(await client.next()).toEqual([Buffer.from([9])]);
  expect(taken).toEqual([['text', new Uint8Array([1, 2]).buffer]]);
});

test('what breaks the protocol is closed with a code of its own, and told', async () => {
  const { errors, url } = await listening({ maxPayload: 1_000 });
  const frames: [string | Buffer, number][] = [
    ['what is this', 1007],
    ['[2,5]\n1', 1002],
    [`[2,1]\n${'x'.repeat(2_000)}`, 1009],
    // More than `ws` itself is to put together.
    [`[2,1]\n${'x'.repeat(2_000_000)}`, 1009],
  ];
  for (const [frame, code] of frames) {
    const client = new RawClient(url);
    await client.hello();
    client.socket.send(frame);
    expect(await client.closed()).toBe(code);
  }
  expect(errors.map(({ code }) => code)).toEqual([
    'malformed',
    'violation',
    'too-large',
    'too-large',
  ]);
});

test('a server that goes asks its clients to go before it closes', async () => {
  const { server, url } = await listening();
  const client = new RawClient(url);
  await client.hello();
  const going = server.goaway({ after: 50, spread: 10 });
  expect(await client.next()).toEqual([7, { after: 50, spread: 10 }]);
  expect(await client.closed()).toBe(1012);
  await going;
});

test('one node takes over what another had, over one store', async () => {
  const store = memoryStore();
  const one = await listening({ store });
  const other = await listening({ store });
  const first = new RawClient(one.url);
  const { sid, key } = await first.hello();
  const [session] = one.server.sessions.values();
  session?.send('from one');
  expect(await first.next()).toEqual([2, 1, '"from one"']);
  const second = new RawClient(other.url);
  expect(await second.hello({ sid, key, n: 2 })).toMatchObject({ resumed: true });
  expect(await second.next()).toEqual([2, 1, '"from one"']);
  session?.send('too late');
  expect(await first.closed()).toBe(4409);
});

test('a client that is shown the door as soon as it is in does not come back', async () => {
  const { server, url } = await listening();
  server.on('session', (session) => {
    void session.send('not you');
    session.close(4003, 'banned');
  });
  const socket = createSocket(url, { session: withSession(), WebSocket });
  open.push(() => socket.close());
  const heard: unknown[] = [];
  socket.on('message', (message) => heard.push(message));
  const error = await socket.ready().catch((reason: unknown) => reason);
  const closed = await new Promise((resolve) => {
    if (socket.status === 'closed') resolve(socket.getSnapshot());
    else socket.on('status', (snapshot) => snapshot.status === 'closed' && resolve(snapshot));
  });
  expect(closed).toMatchObject({ lastClose: { code: 4003 }, error: { code: 'rejected' } });
  expect([error, heard, server.counters.begun]).toEqual([
    expect.objectContaining({ code: 'closed' }),
    ['not you'],
    1,
  ]);
});
