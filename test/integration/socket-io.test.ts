/** What the core gives to a client of Socket.IO, against its real server. */
import { createServer } from 'node:http';
import { once as onceEmitted } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Server, type Socket as Peer } from 'socket.io';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { createSocket, once, text, type SocketOptions } from '../../src/index.js';
import type { Lifecycle, LifecycleEvent } from '../../src/platform/lifecycle.js';
import { thrown } from '../support/errors.js';

type ServerOptions = NonNullable<ConstructorParameters<typeof Server>[1]>;
type Options = SocketOptions<string>;

/** A server on any port, which is gone when the test ends. */
async function serve(options: Partial<ServerOptions> = {}) {
  const http = createServer();
  const io = new Server(http, { transports: ['websocket'], ...options });
  http.listen(0, '127.0.0.1');
  await onceEmitted(http, 'listening');
  onTestFinished(() => io.close());
  const { port } = http.address() as AddressInfo;
  return { io, url: `ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket` };
}

/** The first packet, in which Engine.IO says what it is like. */
interface OpenPacket {
  readonly pingInterval: number;
  readonly pingTimeout: number;
  readonly maxPayload: number;
}

const isOpen = (frame: string): boolean => frame.startsWith('0');
const isConnected = (frame: string): boolean => frame.startsWith('40');

/** A client of a few lines: Engine.IO's pings and limits, and Socket.IO's CONNECT. */
function connect(url: string, options: Options = {}, auth = () => '') {
  const lines = { open: [] as OpenPacket[], connected: [] as string[], frames: [] as string[] };
  const errors: unknown[] = [];
  const natives: WebSocket[] = [];
  const socket = createSocket<string>(url, {
    codec: text(),
    WebSocket: class extends WebSocket {
      constructor(...given: ConstructorParameters<typeof WebSocket>) {
        super(...given);
        natives.push(this);
      }
    },
    reconnect: { baseDelay: 20 },
    heartbeat: {
      message: false,
      answer: (frame) => (frame === '2' ? '3' : frame === '6' || undefined),
    },
    async handshake(link) {
      const open = JSON.parse((await link.receive(isOpen)).slice(1)) as OpenPacket;
      lines.open.push(open);
      link.heartbeat({ interval: open.pingInterval, timeout: open.pingTimeout });
      link.maxMessageBytes = open.maxPayload;
      link.send(`40${auth()}`);
      lines.connected.push(await link.receive(isConnected));
    },
    ...options,
  });
  socket.on('message', (frame) => lines.frames.push(frame));
  socket.on('error', (error) => errors.push(error));
  onTestFinished(() => socket.close({ timeout: 0 }));
  return { socket, natives, errors, ...lines };
}

/** A page that the test plays. */
function page() {
  const listeners = new Set<(event: LifecycleEvent) => void>();
  const lifecycle: Lifecycle = {
    isOnline: () => true,
    isHidden: () => false,
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  return { lifecycle, tell: (event: LifecycleEvent) => listeners.forEach((hear) => hear(event)) };
}

const wait = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

/** The server's end of the next connection. */
async function peerOf(io: Server): Promise<Peer> {
  const [peer] = (await onceEmitted(io as never, 'connection')) as [Peer];
  return peer;
}

/** What carries the server's connections. */
function transportsOf(io: Server): (NodeJS.EventEmitter & { send(): void; close(): void })[] {
  const { clients } = io.engine as unknown as { clients: Record<string, { transport: never }> };
  return Object.values(clients).map(({ transport }) => transport);
}

/** The name of an event, and what comes with it. */
const partsOf = (frame = ''): unknown[] => JSON.parse(frame.slice(2)) as unknown[];

test('its pings are answered, also past a backlog, and keep the line alive', async () => {
  const { io, url } = await serve({ pingInterval: 200, pingTimeout: 1_000 });
  const { socket, open, frames, natives, errors } = connect(url, {
    queue: { highWaterMark: 1 },
  });
  await socket.ready();
  expect(open).toMatchObject([{ pingInterval: 200, pingTimeout: 1_000 }]);
  const pongs: unknown[] = [];
  const [transport] = transportsOf(io);
  transport?.on('packet', ({ type }: { type: string }) => pongs.push(type));
  // What its buffer holds for ever: whatever is sent from now on waits.
  Object.defineProperty(natives[0], 'bufferedAmount', { get: () => 1_000 });
  expect(socket.send('42["waits"]')).toBe('queued');
  await wait(1_300);
  expect(socket.queued.messages).toBe(1);
  expect(pongs.length).toBeGreaterThanOrEqual(4);
  expect([...new Set(pongs)]).toEqual(['pong']);
  expect([socket.status, open.length, frames, errors]).toEqual(['open', 1, [], []]);
});

test('a healthy line whose next ping is far off outlives an online event', async () => {
  const { io, url } = await serve();
  const { lifecycle, tell } = page();
  const { socket, open } = connect(url, { lifecycle });
  await socket.ready();
  expect(open).toMatchObject([{ pingInterval: 25_000, pingTimeout: 20_000 }]);
  for (const event of ['online', 'shown', 'awake', 'offline'] as const) tell(event);
  // A probe that nobody answers would have 3 s.
  await wait(3_300);
  expect([socket.status, open.length]).toEqual(['open', 1]);
  io.emit('still here');
  expect(await once(socket, 'message')).toBe('42["still here"]');
});

test('a line whose server pings no more is replaced', async () => {
  const { io, url } = await serve({ pingInterval: 200, pingTimeout: 200 });
  const { socket, open, errors } = connect(url);
  await socket.ready();
  // Nor does it close: it would, since it gets no answer to what it has not sent.
  for (const transport of transportsOf(io)) transport.send = transport.close = () => undefined;
  const { cause } = await once(socket, 'close');
  expect(cause).toBe('heartbeat');
  expect(errors).toMatchObject([{ code: 'heartbeat' }]);
  await socket.ready();
  expect(open).toHaveLength(2);
});

test('what was missed comes before CONNECT, and reaches the listeners, in order', async () => {
  const { io, url } = await serve({ connectionStateRecovery: {} });
  const first = peerOf(io);
  let session = {};
  const auth = () => JSON.stringify(session);
  const { socket, connected, frames, natives } = connect(url, {}, auth);
  const peer = await first;
  await socket.ready();
  peer.emit('news', 1);
  if (frames.length === 0) await once(socket, 'message');
  const { pid } = JSON.parse(connected[0]?.slice(2) ?? '') as { pid: string };
  session = { pid, offset: partsOf(frames[0]).at(-1) };

  natives[0]?.terminate();
  await once(socket, 'close');
  io.emit('news', 2);
  io.emit('news', 3);
  const again = await peerOf(io);
  await socket.ready();
  expect(again.recovered).toBe(true);
  again.emit('news', 4);
  while (frames.length < 4) await once(socket, 'message');
  expect(frames.map((frame) => partsOf(frame)[1])).toEqual([1, 2, 3, 4]);
});

test('a message over maxPayload is an error at send, and no end of the line', async () => {
  const { io, url } = await serve({ maxHttpBufferSize: 1_000 });
  io.on('connection', (peer) => peer.on('echo', (value) => peer.emit('echo', value)));
  const { socket, open } = connect(url);
  await socket.ready();
  expect(open).toMatchObject([{ maxPayload: 1_000 }]);
  thrown(() => socket.send(`42["echo","${'x'.repeat(1_000)}"]`), 'encode');
  const fits = `42["echo","${'x'.repeat(900)}"]`;
  expect(socket.send(fits)).toBe('sent');
  expect(await once(socket, 'message')).toBe(fits);
  expect(open).toHaveLength(1);
});
