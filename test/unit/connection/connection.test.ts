import { describe, expect, test, vi } from 'vitest';
import type { CloseInfo } from '../../../src/connection/close.js';
import { rejected, thrown } from '../../support/errors.js';
import { ScriptedSocket } from '../../support/scripted-socket.js';
import {
  NOTHING,
  openSocket,
  record,
  socketIn,
  STATUSES,
  turn,
  World,
} from '../../support/world.js';

describe('createSocket', () => {
  test('connects by itself', async () => {
    const world = new World();
    const socket = world.create('wss://example.com/line');
    expect(socket.status).toBe('connecting');
    const events = record(socket);
    await turn();
    expect(world.natives.map(({ url }) => url)).toEqual(['wss://example.com/line']);
    expect(events).toEqual([]);
    world.native.open();
    expect(socket.status).toBe('open');
    expect(events).toEqual([
      ['status', socket.getSnapshot()],
      ['open', socket.getSnapshot()],
    ]);
  });

  test('with autoConnect false stays idle until connect()', async () => {
    const world = new World();
    const socket = world.create(undefined, { autoConnect: false });
    await world.advance(60_000);
    expect(socket.status).toBe('idle');
    expect(world.natives).toHaveLength(0);
    expect(world.leftovers).toEqual(NOTHING);
    socket.connect();
    await turn();
    expect(socket.status).toBe('connecting');
    expect(world.natives).toHaveLength(1);
  });

  test('where there is no WebSocket stays idle, and connect() says why', async () => {
    const world = new World();
    world.hasWebSocket = false;
    const socket = world.create('/line');
    await turn();
    expect(socket.status).toBe('idle');
    thrown(() => socket.connect(), 'unsupported');
    thrown(() => socket.reconnect(), 'unsupported');
    expect(socket.status).toBe('idle');
    expect(socket.send('later')).toBe('queued');
    await socket.close();
    expect(socket.status).toBe('closed');
    thrown(() => socket.connect(), 'unsupported');
    expect(socket.send('too late')).toBe('dropped');
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('takes the WebSocket option rather than the global', async () => {
    const own: ScriptedSocket[] = [];
    class Own extends ScriptedSocket {
      constructor(url: string, protocols?: string[]) {
        super(url, protocols);
        own.push(this);
      }
    }
    for (const hasWebSocket of [true, false]) {
      const world = new World();
      world.hasWebSocket = hasWebSocket;
      const socket = world.create(undefined, { WebSocket: Own });
      await turn();
      own.at(-1)?.open();
      expect(socket.status).toBe('open');
      expect(world.natives).toHaveLength(0);
    }
    expect(own).toHaveLength(2);
  });

  test('asks for binary messages as ArrayBuffers', async () => {
    const { native } = await openSocket();
    expect(native.binaryType).toBe('arraybuffer');
  });
});

describe('connectTimeout', () => {
  test('is 10 s by default', async () => {
    const { world, clock, socket } = await socketIn('connecting');
    const events = record(socket);
    const { native } = world;
    expect(clock.pending).toEqual([10_000]);
    await world.advance(9_999);
    expect(socket.status).toBe('connecting');
    await world.advance(1);
    expect(socket.status).toBe('waiting');
    expect(native.closeCalls).toHaveLength(1);
    expect(native.isDetached).toBe(true);
    expect(events.map(([name]) => name)).toEqual(['error', 'close', 'status', 'retry']);
    expect(events[0]?.[1]).toMatchObject({ code: 'timeout' });
    expect(events[1]?.[1]).toEqual({
      code: 1006,
      reason: '',
      wasClean: false,
      cause: 'timeout',
      willReconnect: true,
    });
    expect(clock.pending).toEqual([925]);
  });

  test('runs over provider, native connect and handshake together', async () => {
    const world = new World();
    let answer: (url: string) => void = () => undefined;
    const socket = world.create(() => new Promise<string>((resolve) => (answer = resolve)), {
      connectTimeout: 900,
      handshake: () => new Promise(() => undefined),
    });
    await turn();
    await world.advance(300);
    answer('wss://example.com/');
    await turn();
    await world.advance(300);
    world.native.open();
    await world.advance(299);
    expect(socket.status).toBe('connecting');
    expect(world.native.isAlive).toBe(true);
    await world.advance(1);
    expect(socket.status).toBe('waiting');
    expect(socket.getSnapshot().lastClose).toMatchObject({ cause: 'timeout' });
    expect(world.live).toHaveLength(0);
  });

  test('ends with the attempt: an open line is not timed', async () => {
    const { world, socket } = await openSocket({ heartbeat: false });
    expect(world.clock.pending).toEqual([]);
    await world.advance(100_000);
    expect(socket.status).toBe('open');
  });

  test('counts anew for each attempt', async () => {
    const { world, clock, socket } = await socketIn('connecting', { connectTimeout: 1_000 });
    await world.advance(900);
    world.native.die(1006);
    await world.advance(925);
    expect(clock.pending).toEqual([1_000]);
    await world.advance(999);
    expect(socket.status).toBe('connecting');
  });
});

describe('there is one native socket at a time', () => {
  test('an attempt that is given up is closed, as a stalled one blocks the next', async () => {
    const { world, socket } = await socketIn('connecting');
    socket.reconnect();
    await turn();
    expect(world.natives).toHaveLength(2);
    expect(world.natives[0]?.closeCalls).toHaveLength(1);
    expect(world.live).toEqual([world.native]);
  });

  test('late events of a replaced one reach nobody', async () => {
    const { world, socket, native } = await openSocket();
    const late = native.handlers;
    const messages = vi.fn();
    socket.on('message', messages);
    socket.reconnect();
    await turn();
    world.native.open();
    const before = socket.getSnapshot();
    const events = record(socket);
    late.onmessage?.({ data: '"late"' });
    late.onerror?.({});
    late.onopen?.({});
    late.onclose?.({ code: 1008, reason: 'late', wasClean: true });
    await turn();
    expect(native.isDetached).toBe(true);
    expect(messages).not.toHaveBeenCalled();
    expect(events).toEqual([]);
    expect(socket.getSnapshot()).toBe(before);
  });

  test('a late open of a given up attempt does not start its handshake', async () => {
    const handshake = vi.fn(() => Promise.resolve());
    const { world, socket } = await socketIn('connecting', { handshake });
    const late = world.native.handlers;
    socket.reconnect();
    late.onopen?.({});
    await turn();
    expect(handshake).not.toHaveBeenCalled();
  });

  test('late events of a given up attempt reach nobody', async () => {
    const { world, socket } = await socketIn('connecting');
    const first = world.native;
    const late = first.handlers;
    await world.advance(10_000);
    await world.advance(925);
    const before = socket.getSnapshot();
    const events = record(socket);
    first.readyState = 1;
    late.onopen?.({});
    late.onclose?.({ code: 1000, reason: '', wasClean: true });
    await turn();
    expect(events).toEqual([]);
    expect(socket.getSnapshot()).toBe(before);
    expect(socket.status).toBe('connecting');
  });

  test('late events after the end reach nobody', async () => {
    const { world, socket, native } = await openSocket();
    const late = native.handlers;
    const closed = socket.close();
    native.die(1000);
    await closed;
    const events = record(socket);
    late.onopen?.({});
    late.onmessage?.({ data: '"late"' });
    late.onclose?.({ code: 1006, reason: '', wasClean: false });
    expect(events).toEqual([]);
    expect(socket.status).toBe('closed');
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('a late message of a handshake that is over reaches nobody', async () => {
    const world = new World();
    const heard = vi.fn();
    const socket = world.create(undefined, {
      handshake: async (link) => {
        heard(await link.receive());
        await link.receive();
      },
    });
    await turn();
    world.native.open();
    const late = world.native.handlers;
    const errors = vi.fn();
    socket.on('error', errors);
    socket.reconnect();
    await turn();
    late.onmessage?.({ data: '"late"' });
    late.onmessage?.({ data: 'not JSON' });
    await turn();
    expect(heard).not.toHaveBeenCalled();
    expect(errors).not.toHaveBeenCalled();
  });

  test('an error event of a native socket is not the end of it: its close event tells more', async () => {
    const { socket, native } = await openSocket();
    const events = record(socket);
    native.onerror?.({});
    expect(events).toEqual([]);
    expect(socket.status).toBe('open');
  });

  test('a replaced one can still not throw for want of an error handler', async () => {
    const { socket, native } = await openSocket();
    socket.reconnect();
    expect(native.onerror).toBeTypeOf('function');
  });
});

describe('connect()', () => {
  test.each([['idle'], ['waiting'], ['closed']] as const)('acts now when %s', async (status) => {
    const { world, clock, socket } = await socketIn(status, { heartbeat: false });
    const before = world.natives.length;
    const events = record(socket);
    socket.connect();
    expect(socket.status).toBe('connecting');
    await turn();
    expect(world.natives).toHaveLength(before + 1);
    expect(clock.pending).toEqual([10_000]);
    expect(events.map(([name]) => name)).toEqual(['status']);
    world.native.open();
    expect(socket.status).toBe('open');
    expect(world.live).toHaveLength(1);
  });

  test('acts now when closing: it settles close(), and ends the old connection', async () => {
    const { world, socket } = await socketIn('closing', { heartbeat: false });
    const closed = socket.close();
    const events = record(socket);
    socket.connect();
    await closed;
    expect(socket.status).toBe('connecting');
    expect(events.map(([name]) => name)).toEqual(['close', 'status']);
    expect(events[0]?.[1]).toMatchObject({ cause: 'client', willReconnect: true });
    await turn();
    expect(world.natives).toHaveLength(2);
    expect(world.clock.pending).toEqual([10_000]);
    world.natives[0]?.die(1000);
    world.native.open();
    expect(socket.status).toBe('open');
    expect(socket.send('again')).toBe('sent');
  });

  test.each([['connecting'], ['open']] as const)('has nothing to do when %s', async (status) => {
    const { world, clock, socket } = await socketIn(status);
    const before = [socket.getSnapshot(), clock.pending];
    const events = record(socket);
    socket.connect();
    await turn();
    expect(events).toEqual([]);
    expect(world.natives).toHaveLength(1);
    expect([socket.getSnapshot(), clock.pending]).toEqual(before);
  });

  test('makes a closed socket as good as new', async () => {
    const { world, socket } = await socketIn('closed');
    expect(world.leftovers).toEqual(NOTHING);
    const messages = vi.fn();
    socket.on('message', messages);
    socket.connect();
    expect(socket.send('first')).toBe('queued');
    const ready = socket.ready();
    await turn();
    world.native.open();
    await ready;
    expect(world.native.sent).toEqual(['"first"']);
    world.native.receiveJson('hello');
    expect(messages).toHaveBeenCalledWith('hello');
    expect(world.watchers.size).toBe(1);
    world.native.die(1006);
    expect(socket.status).toBe('waiting');
  });

  test('begins with no retries behind it, some time after the last attempt', async () => {
    const world = new World();
    const socket = world.create(undefined, { reconnect: { maxAttempts: 1 } });
    await turn();
    world.native.die(1006);
    await world.advance(925);
    world.native.die(1006);
    expect(socket.status).toBe('closed');
    expect(socket.getSnapshot().attempt).toBe(1);
    await world.advance(10_000);
    socket.connect();
    await turn();
    expect(socket.getSnapshot().attempt).toBe(0);
    world.native.die(1006);
    expect(socket.status).toBe('waiting');
    expect(world.clock.pending).toEqual([925]);
  });
});

describe('reconnect()', () => {
  test.each(STATUSES.map((status) => [status]))('acts now when %s', async (status) => {
    const { world, clock, socket } = await socketIn(status, { heartbeat: false });
    const before = world.natives.length;
    const closes: CloseInfo[] = [];
    socket.on('close', (close) => closes.push(close));
    socket.reconnect('fresh');
    expect(socket.status).toBe('connecting');
    await turn();
    expect(world.natives).toHaveLength(before + 1);
    expect(world.live).toEqual([world.native]);
    expect(clock.pending).toEqual([10_000]);
    world.native.open();
    expect(socket.status).toBe('open');
    const hadOne = status === 'connecting' || status === 'open' || status === 'closing';
    const close = { code: 1006, reason: 'fresh', wasClean: false, cause: 'reconnect' };
    expect(closes).toEqual(hadOne ? [{ ...close, willReconnect: true }] : []);
  });

  test('gives its reason to the server', async () => {
    const { socket, native } = await openSocket();
    socket.reconnect('new token');
    expect(native.closeCalls).toEqual([[1000, 'new token']]);
    expect(socket.getSnapshot().lastClose).toMatchObject({
      reason: 'new token',
      cause: 'reconnect',
    });
  });

  test('without a reason says none', async () => {
    const { socket, native } = await openSocket();
    socket.reconnect();
    expect(native.closeCalls).toEqual([[1000, '']]);
  });

  test('settles a close() that was under way', async () => {
    const { socket } = await socketIn('closing');
    const closed = socket.close();
    socket.reconnect();
    await closed;
    expect(socket.status).toBe('connecting');
  });

  test.each([['é'.repeat(62)], [42 as never]])(
    'with %j, which no close frame can take, throws and changes nothing',
    async (reason) => {
      const { world, socket, native } = await openSocket();
      thrown(() => socket.reconnect(reason), 'options');
      await turn();
      expect(socket.status).toBe('open');
      expect(native.closeCalls).toEqual([]);
      expect(world.natives).toHaveLength(1);
    },
  );

  test('begins with no retries behind it, and no wait, some time after the last attempt', async () => {
    const { world, socket, native } = await openSocket({
      reconnect: { baseDelay: 40_000, maxDelay: 40_000 },
    });
    native.die(1006);
    await world.next();
    world.native.die(1006);
    expect(socket.getSnapshot().attempt).toBe(2);
    await world.advance(10_000);
    socket.reconnect();
    await turn();
    expect(socket.getSnapshot()).toMatchObject({ status: 'connecting', attempt: 0 });
    world.native.die(1006);
    expect(world.clock.pending).toEqual([20_000]);
  });
});

describe('ready()', () => {
  test.each([['idle'], ['connecting'], ['waiting'], ['closing']] as const)(
    'waits for the line to open when %s',
    async (status) => {
      const { world, socket } = await socketIn(status);
      const opened = vi.fn();
      const ready = socket.ready().then(opened);
      await turn();
      socket.connect();
      await turn();
      expect(opened).not.toHaveBeenCalled();
      world.native.open();
      await ready;
      expect(socket.status).toBe('open');
    },
  );

  test('settles at once when open', async () => {
    const { socket } = await openSocket();
    await socket.ready();
  });

  test('goes on waiting through failed attempts', async () => {
    const { world, socket } = await socketIn('connecting');
    const opened = vi.fn();
    const ready = socket.ready().then(opened);
    for (let attempt = 0; attempt < 5; attempt++) {
      world.native.die(1006);
      await world.next();
      expect(socket.status).toBe('connecting');
      expect(opened).not.toHaveBeenCalled();
    }
    world.native.open();
    await ready;
  });

  test('rejects when the socket is, or comes to be, closed', async () => {
    for (const status of ['idle', 'connecting', 'waiting', 'closing'] as const) {
      const { world, socket } = await socketIn(status);
      const failure = rejected(socket.ready(), 'closed');
      void socket.close();
      if (status === 'closing') world.native.die(1000);
      expect((await failure).cause).toBeUndefined();
    }
    const { socket } = await socketIn('closed');
    await rejected(socket.ready(), 'closed');
  });

  test('rejects with what ended the socket as the cause', async () => {
    const { world, socket } = await socketIn('connecting', { reconnect: false });
    const failure = rejected(socket.ready(), 'closed');
    world.native.die(1006);
    expect((await failure).cause).toMatchObject({ code: 'gave-up' });
    const late = await rejected(socket.ready(), 'closed');
    expect(late.cause).toBe(socket.getSnapshot().error);
  });

  test('can be aborted, and hurts nobody else', async () => {
    const { world, socket } = await socketIn('connecting');
    const controller = new AbortController();
    const failure = rejected(socket.ready({ signal: controller.signal }), 'aborted');
    const other = socket.ready();
    controller.abort('no time');
    expect((await failure).cause).toBe('no time');
    expect(socket.status).toBe('connecting');
    world.native.open();
    await other;
  });

  test('with a signal that is aborted already rejects', async () => {
    const { socket } = await socketIn('connecting');
    await rejected(socket.ready({ signal: AbortSignal.abort() }), 'aborted');
  });

  test.each([[{ signal: {} }], [{ signal: 'abort' }], [{ sginal: undefined }], [null]])(
    'with %j, which are no options of it, throws at once',
    async (options) => {
      const { socket } = await socketIn('connecting');
      thrown(() => socket.ready(options as never), 'options');
    },
  );

  test('stops listening to its signal once it has settled', async () => {
    const { world, socket } = await socketIn('connecting');
    const { signal } = new AbortController();
    const removed = vi.spyOn(signal, 'removeEventListener');
    const ready = socket.ready({ signal });
    world.native.open();
    await ready;
    expect(removed).toHaveBeenCalledOnce();
  });
});

describe('disposing', () => {
  test('closes the socket', async () => {
    const { socket, native } = await openSocket();
    socket[Symbol.dispose]();
    expect(socket.status).toBe('closing');
    expect(native.closeCalls).toEqual([[1000, '']]);
  });

  test('and waiting for it waits for the end', async () => {
    const { world, socket, native } = await openSocket();
    const done = vi.fn();
    const disposed = socket[Symbol.asyncDispose]().then(done);
    await turn();
    expect(socket.status).toBe('closing');
    expect(done).not.toHaveBeenCalled();
    native.die(1000);
    await disposed;
    expect(socket.status).toBe('closed');
    expect(world.leftovers).toEqual(NOTHING);
  });
});

test('bufferedAmount is what the browser has taken and not sent, and 0 without a line', async () => {
  const { socket, native } = await openSocket();
  expect(socket.bufferedAmount).toBe(0);
  native.bufferedAmount = 123;
  expect(socket.bufferedAmount).toBe(123);
  native.die(1006);
  expect(socket.bufferedAmount).toBe(0);
});

test('one failed connection after another leaves nothing behind', async () => {
  const { world, socket } = await openSocket();
  for (let cycle = 0; cycle < 200; cycle++) {
    world.native.die(1006);
    expect(world.clock.pending).toHaveLength(1);
    await world.next();
    world.native.open();
    expect(world.clock.pending).toHaveLength(1);
    expect(world.watchers.size).toBe(1);
  }
  expect(world.live).toHaveLength(1);
  expect(world.natives.filter((native) => !native.isDetached)).toHaveLength(1);
  expect(socket.getSnapshot().connects).toBe(201);
});
