import { describe, expect, test, vi } from 'vitest';
import { thrown } from '../../support/errors.js';
import { dropsOf, fateOf, lineOf, openLine, stateOf } from '../../support/outbox-line.js';
import { NOTHING, openSocket, record, socketIn, STATUSES, turn } from '../../support/world.js';

describe('pause()', () => {
  test.each(['connecting', 'open', 'waiting'] as const)(
    'is idle at once, and soon has nothing left: %s',
    async (status) => {
      const { world, socket } = await socketIn(status);
      const statuses: string[] = [];
      socket.on('status', (snapshot) => statuses.push(snapshot.status));
      socket.pause();
      expect(socket.status).toBe('idle');
      expect(statuses).toEqual(['idle']);
      if (status === 'open') {
        expect(world.native.closeCalls).toEqual([[1000, '']]);
        world.native.die(1000);
      }
      expect(world.leftovers).toEqual(NOTHING);
      await world.advance(100_000);
      expect(world.leftovers).toEqual(NOTHING);
      expect(socket.getSnapshot()).toMatchObject({
        status: 'idle',
        retryAt: undefined,
        lastClose: { willReconnect: status === 'waiting' },
      });
    },
  );

  test.each(['idle', 'closing', 'closed'] as const)('does nothing: %s', async (status) => {
    const { world, socket } = await socketIn(status);
    const events = record(socket);
    const { timers } = world.leftovers;
    socket.pause();
    await turn();
    expect(socket.status).toBe(status);
    expect(events).toEqual([]);
    expect(world.leftovers.timers).toEqual(timers);
    expect(socket.send('later')).toBe(status === 'idle' ? 'queued' : 'dropped');
  });

  test('twice is once', async () => {
    const { world, socket, native } = await openSocket();
    socket.pause();
    const events = record(socket);
    socket.pause();
    expect(events).toEqual([]);
    expect(native.closeCalls).toHaveLength(1);
    expect(world.clock.pending).toEqual([5_000]);
  });

  test('of a socket whose signal is aborted does nothing', async () => {
    const controller = new AbortController();
    const { world, socket } = await openSocket({ signal: controller.signal });
    controller.abort();
    await world.advance(0);
    socket.pause();
    expect(socket.status).toBe('closed');
  });

  test('does not outlast the signal', async () => {
    const controller = new AbortController();
    const { world, socket } = await openSocket({ signal: controller.signal });
    socket.send('a');
    socket.pause();
    socket.send('b');
    const drops = dropsOf(socket);
    controller.abort();
    expect(socket.status).toBe('closed');
    expect(drops).toEqual([['b', 'closed']]);
    expect(world.leftovers).toEqual(NOTHING);
    thrown(() => socket.connect(), 'aborted');
  });

  test('tells of the end of the connection once its close handshake is over', async () => {
    const { socket, native } = await openSocket();
    const events = record(socket);
    socket.pause();
    native.die(1000, 'bye');
    const close = { code: 1000, reason: 'bye', wasClean: true, cause: 'client' };
    expect(events).toMatchObject([
      ['status', { status: 'idle', lastClose: undefined }],
      ['close', { ...close, willReconnect: false }],
      ['status', { status: 'idle', lastClose: close }],
    ]);
  });

  test('hears what arrives until then', async () => {
    const { socket, native } = await openSocket();
    const heard: unknown[] = [];
    socket.on('message', (message) => heard.push(message));
    socket.pause();
    native.receiveJson('last words');
    expect(heard).toEqual(['last words']);
  });

  test('in a listener of `open` is heeded', async () => {
    const { world, socket } = await socketIn('connecting');
    socket.send('waits');
    socket.on('open', () => socket.pause());
    world.native.open();
    expect(socket.status).toBe('idle');
    expect(world.native.sent).toEqual([]);
    expect(socket.queued.messages).toBe(1);
  });
});

describe('a paused socket', () => {
  test('queues, and sends all that waits, in order, on the next connection', async () => {
    const { world, socket, native } = await openSocket();
    socket.pause();
    expect(socket.send('a')).toBe('queued');
    native.die(1000);
    expect(socket.send('b')).toBe('queued');
    socket.connect();
    await turn();
    world.native.open();
    expect(native.sent).toEqual([]);
    expect(world.native.sent).toEqual(['"a"', '"b"']);
  });

  test('keeps its listeners, and those who wait', async () => {
    const { world, socket } = await socketIn('connecting');
    socket.send('waits');
    const heard: unknown[] = [];
    socket.on('message', (message) => heard.push(message));
    const waits = [socket.ready(), socket.drained()];
    socket.pause();
    for (const wait of waits) expect(await stateOf(wait)).toBe('pending');
    const [late] = [socket.ready()];
    socket.connect();
    await turn();
    world.native.open();
    await Promise.all([...waits, late]);
    world.native.receiveJson('hello');
    expect(heard).toEqual(['hello']);
  });

  test.each(['online', 'awake', 'shown'] as const)('is not connected by `%s`', async (event) => {
    for (const status of ['connecting', 'open', 'waiting'] as const) {
      const { world, socket } = await socketIn(status);
      const made = world.natives.length;
      socket.pause();
      world.wake(event);
      await world.advance(60_000);
      world.wake(event);
      await turn();
      expect(socket.status).toBe('idle');
      expect(world.natives).toHaveLength(made);
    }
  });

  test('does not try again by itself', async () => {
    const { world, socket } = await socketIn('waiting');
    socket.pause();
    await world.advance(100_000);
    expect(world.natives).toHaveLength(1);
  });

  test.each([
    ['connect', true],
    ['connect', false],
    ['reconnect', true],
    ['reconnect', false],
  ] as const)('is connected by %s() (its close handshake is over: %j)', async (method, isOver) => {
    const { world, socket, native } = await openSocket();
    const late = native.handlers;
    socket.pause();
    if (isOver) native.die(1000);
    const events = record(socket);
    socket[method]();
    expect(socket.status).toBe('connecting');
    await turn();
    expect(world.natives).toHaveLength(2);
    const cause = method === 'connect' ? 'client' : 'reconnect';
    const closes = events.filter(([name]) => name === 'close');
    expect(closes).toMatchObject(isOver ? [] : [['close', { cause, willReconnect: true }]]);
    world.native.open();
    late.onclose?.({ code: 1000, reason: '', wasClean: true });
    await world.advance(5_000);
    expect(socket.status).toBe('open');
  });

  test('begins with a clean record', async () => {
    const { world, clock, socket } = await socketIn('waiting', { heartbeat: false });
    await world.next();
    world.native.die();
    expect(socket.getSnapshot().attempt).toBe(2);
    socket.pause();
    socket.connect();
    await turn();
    world.native.die();
    expect(clock.pending).toEqual([925]);
  });

  test('is closed by close(), at once, and then drops', async () => {
    const { world, socket, native } = await openSocket();
    socket.pause();
    native.die(1000);
    socket.send('a');
    const drops = dropsOf(socket);
    await socket.close({ flush: true });
    expect(drops).toEqual([['a', 'closed']]);
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('is closed also while its close handshake is still on', async () => {
    const { world, socket, native } = await openSocket();
    socket.pause();
    await socket.close();
    expect(socket.status).toBe('closed');
    expect(native.isDetached).toBe(true);
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('can be paused and connected by listeners, but not in circles', async () => {
    const { world, socket } = await socketIn('idle', { heartbeat: false });
    const statuses: string[] = [];
    socket.on('status', ({ status }) => {
      statuses.push(status);
      if (statuses.length > 100) return;
      if (status === 'connecting') socket.pause();
      if (status === 'idle') socket.connect();
    });
    socket.connect();
    await turn();
    expect(statuses.length).toBeLessThan(20);
    // It does not end there: what was asked for comes in a moment.
    expect(socket.status).toBe('waiting');
    await world.next();
    expect(statuses.length).toBeLessThan(20);
  });
});

describe('what is in flight at a pause', () => {
  test('of a clean end has arrived', async () => {
    const { socket, line } = await openLine();
    const fate = fateOf(socket, 'a');
    socket.pause();
    line.flow();
    line.die(1000);
    expect(fate).toEqual(['sent']);
    expect(line.received).toEqual(['"a"']);
  });

  test.each(['dies', 'is given up', 'is replaced'])(
    'of a connection that %s is unknown',
    async (end) => {
      const { world, socket, line } = await openLine();
      const fate = fateOf(socket, 'a');
      socket.pause();
      expect(fate).toEqual(['sent']);
      if (end === 'dies') line.die(1006);
      else if (end === 'is given up') await world.advance(5_000);
      else socket.connect();
      expect(fate).toEqual(['sent', 'unknown']);
      socket.connect();
      await turn();
      world.native.open();
      expect(lineOf(world).messages).toEqual([]);
    },
  );
});

describe('pause() while a flush is under way', () => {
  test('calls that off, and keeps what waits', async () => {
    const { world, socket } = await socketIn('waiting');
    socket.send('a');
    const drops = dropsOf(socket);
    const closed = vi.fn();
    void socket.close({ flush: true }).then(closed);
    expect(socket.send('b')).toBe('dropped');
    socket.pause();
    await turn();
    expect(closed).toHaveBeenCalledOnce();
    expect(socket.send('c')).toBe('queued');
    expect(drops).toEqual([['b', 'closed']]);
    await world.advance(60_000);
    expect(socket.status).toBe('idle');
    socket.connect();
    await turn();
    world.native.open();
    expect(world.native.sent).toEqual(['"a"', '"c"']);
  });
});

test.each(STATUSES.map((status) => [status]))(
  'pause() needs no `this`, and gives nothing back: %s',
  async (status) => {
    const { socket } = await socketIn(status);
    const { pause } = socket;
    expect(pause()).toBeUndefined();
  },
);
