import { describe, expect, test, vi } from 'vitest';
import type { CloseOptions } from '../../../src/socket/close-options.js';
import type { CloseInfo } from '../../../src/connection/close.js';
import { thrown } from '../../support/errors.js';
import { dropsOf, idleSocket } from '../../support/outbox-line.js';
import {
  NOTHING,
  openSocket,
  record,
  socketIn,
  STATUSES,
  turn,
  type World,
} from '../../support/world.js';

describe('close()', () => {
  test.each(STATUSES.map((status) => [status]))(
    'settles and leaves nothing behind, from %s',
    async (status) => {
      const { world, clock, socket } = await socketIn(status);
      socket.send('queued', { ttl: 60_000, key: 'key', signal: new AbortController().signal });
      const ready = socket.ready().catch(() => 'rejected');
      const drained = socket.drained().catch(() => 'rejected');
      const closed = vi.fn();
      const promise = socket.close().then(closed);
      await turn();
      if (status === 'open' || status === 'closing') {
        expect(closed).not.toHaveBeenCalled();
        expect(clock.pending).toHaveLength(1);
        world.native.die(1000);
      }
      await promise;
      expect(socket.status).toBe('closed');
      expect(world.leftovers).toEqual(NOTHING);
      expect(socket.queued).toEqual({ messages: 0, bytes: 0 });
      await Promise.all([ready, drained]);
    },
  );

  test.each(STATUSES.map((status) => [status]))(
    'tells of the end of a connection or an attempt once, if there was one: %s',
    async (status) => {
      const { world, socket } = await socketIn(status);
      const closes: CloseInfo[] = [];
      socket.on('close', (close) => closes.push(close));
      void socket.close();
      if (status === 'open' || status === 'closing') world.native.die(1000, 'bye');
      await turn();
      const close = { wasClean: true, cause: 'client', willReconnect: false };
      const lost = { ...close, code: 1006, reason: '', wasClean: false };
      const ended = { ...close, code: 1000, reason: 'bye' };
      const expected = { connecting: [lost], open: [ended], closing: [ended] };
      expect(closes).toEqual((expected as Record<string, unknown>)[status] ?? []);
    },
  );

  test('of an open line does the close handshake', async () => {
    const { socket, native } = await openSocket();
    const events = record(socket);
    void socket.close({ code: 4000, reason: 'done' });
    expect(socket.status).toBe('closing');
    expect(native.closeCalls).toEqual([[4000, 'done']]);
    native.die(4000, 'done');
    expect(events).toMatchObject([
      ['status', { status: 'closing' }],
      ['close', { code: 4000, reason: 'done', wasClean: true, cause: 'client' }],
      ['status', { status: 'closed', error: undefined }],
    ]);
  });

  test('of an open line hears what arrives until the end', async () => {
    const { socket, native } = await openSocket();
    const heard: unknown[] = [];
    socket.on('message', (message) => heard.push(message));
    void socket.close();
    native.receiveJson('last words');
    expect(heard).toEqual(['last words']);
  });

  test('is 1000 with no reason by default', async () => {
    const { socket, native } = await openSocket();
    void socket.close();
    expect(native.closeCalls).toEqual([[1000, '']]);
  });

  test.each([
    [undefined, 5_000],
    [{ timeout: 300 }, 300],
    [{ timeout: 0 }, 0],
  ])('does not wait for ever for the server to answer (%j)', async (options, timeout) => {
    const { world, clock, socket, native } = await openSocket();
    const closes: CloseInfo[] = [];
    socket.on('close', (close) => closes.push(close));
    const late = native.handlers;
    const closed = socket.close(options);
    expect(clock.pending).toEqual([timeout]);
    if (timeout > 0) {
      await world.advance(timeout - 1);
      expect(socket.status).toBe('closing');
    }
    await world.advance(timeout > 0 ? 1 : 0);
    await closed;
    expect(socket.status).toBe('closed');
    const close = { code: 1006, reason: '', wasClean: false, cause: 'client' };
    expect(closes).toEqual([{ ...close, willReconnect: false }]);
    late.onclose?.({ code: 1000, reason: '', wasClean: true });
    expect(closes).toHaveLength(1);
    expect(native.isDetached).toBe(true);
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('of a line that dies meanwhile is the end of it, too', async () => {
    const { world, socket, native } = await openSocket();
    const closed = socket.close();
    native.die(1006);
    await closed;
    expect(socket.status).toBe('closed');
    expect(socket.getSnapshot().lastClose).toMatchObject({ code: 1006, willReconnect: false });
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('during an attempt gives that up, and its native socket', async () => {
    const { world, socket } = await socketIn('connecting');
    await socket.close();
    expect(world.native.closeCalls).toHaveLength(1);
    expect(world.native.isDetached).toBe(true);
  });

  test('cancels the wait for a retry', async () => {
    const { world, socket } = await socketIn('waiting');
    await socket.close();
    await world.advance(100_000);
    expect(world.natives).toHaveLength(1);
    expect(socket.status).toBe('closed');
  });

  test('again is the same end: both settle with it', async () => {
    const { socket, native } = await openSocket();
    const settled: string[] = [];
    const first = socket.close().then(() => settled.push('first'));
    const second = socket.close({ code: 3000 }).then(() => settled.push('second'));
    expect(native.closeCalls).toEqual([[1000, '']]);
    await turn();
    expect(settled).toEqual([]);
    native.die(1000);
    await Promise.all([first, second]);
    await socket.close();
  });

  test('drops what is queued, and says so', async () => {
    const { socket } = await socketIn('waiting');
    const drops: unknown[] = [];
    socket.on('drop', (drop) => drops.push(drop));
    socket.send(1);
    socket.send(2);
    await socket.close();
    expect(drops).toEqual([
      { message: 1, reason: 'closed' },
      { message: 2, reason: 'closed' },
    ]);
    expect(socket.send(3)).toBe('dropped');
    expect(drops).toHaveLength(3);
  });

  test('means that nothing more is sent, from now on', async () => {
    const { socket, native } = await openSocket();
    void socket.close();
    expect(socket.send('late')).toBe('dropped');
    native.die(1000);
    expect(socket.send('later')).toBe('dropped');
    expect(native.sent).toEqual([]);
  });
});

describe('what a close frame cannot say', () => {
  const INVALID: [option: string, options: object][] = [
    ...[0, 999, 1001, 1005, 1006, 1015, 2999, 5000, 1000.5, 3000.5, NaN, Infinity].map(
      (code): [string, object] => ['code', { code }],
    ),
    ['code', { code: '1000' }],
    ['code', { code: null }],
    ['reason', { reason: 'x'.repeat(124) }],
    ['reason', { reason: 'é'.repeat(62) }],
    ['reason', { reason: '😀'.repeat(31) }],
    ['reason', { reason: 42 }],
    ['reason', { reason: null }],
    ['timeout', { timeout: -1 }],
    ['timeout', { timeout: NaN }],
    ['timeout', { timeout: '5' }],
    ['flush', { flush: 1 }],
    ['flsh', { flsh: true }],
  ];

  test.each(INVALID)(
    '%s: %j throws, from every state, and changes nothing',
    async (option, options) => {
      for (const status of STATUSES) {
        const { socket } = await socketIn(status);
        const before = socket.getSnapshot();
        const error = thrown(() => socket.close(options), 'options');
        expect(error.message).toContain(option);
        await turn();
        expect(socket.getSnapshot()).toBe(before);
      }
    },
  );

  test.each([[null], [1000], ['bye']])('%j is no options at all', async (options) => {
    const { socket } = await openSocket();
    thrown(() => socket.close(options as never), 'options');
    expect(socket.status).toBe('open');
  });

  test.each<CloseOptions>([
    { code: 1000 },
    { code: 3000 },
    { code: 4999 },
    { reason: 'x'.repeat(123) },
    { reason: `${'é'.repeat(61)}!` },
    { reason: '😀'.repeat(30) },
    { code: undefined, reason: undefined, flush: undefined, timeout: undefined },
  ])('%j is fine', async (options) => {
    const { socket, native } = await openSocket();
    void socket.close(options);
    expect(native.closeCalls).toEqual([[options.code ?? 1000, options.reason ?? '']]);
  });
});

describe('close({ flush: true })', () => {
  /** An open line that takes nothing at the moment, and three messages that wait for it. */
  async function withBacklog() {
    const given = await openSocket({ heartbeat: false });
    given.native.bufferedAmount = 2_000_000;
    for (const message of [1, 2, 3]) given.socket.send(message);
    expect(given.socket.queued.messages).toBe(3);
    return given;
  }

  test('with nothing to flush is close()', async () => {
    const { world, socket, native } = await openSocket();
    const closed = socket.close({ flush: true, code: 3001, reason: 'bye' });
    await turn();
    expect(native.closeCalls).toEqual([[3001, 'bye']]);
    native.die(3001);
    await closed;
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('sends the backlog first', async () => {
    const { world, socket, native } = await withBacklog();
    const drops = vi.fn();
    socket.on('drop', drops);
    const closed = socket.close({ flush: true, code: 3001, reason: 'bye' });
    await world.advance(1_000);
    expect(socket.status).toBe('open');
    expect(native.closeCalls).toEqual([]);
    native.bufferedAmount = 0;
    await world.advance(10);
    expect(native.sent).toEqual(['1', '2', '3']);
    expect(native.closeCalls).toEqual([[3001, 'bye']]);
    native.die(3001);
    await closed;
    expect(socket.status).toBe('closed');
    expect(drops).not.toHaveBeenCalled();
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('takes no further message', async () => {
    const { world, socket, native } = await withBacklog();
    void socket.close({ flush: true });
    const drops: unknown[] = [];
    socket.on('drop', (drop) => drops.push(drop));
    expect(socket.send(4)).toBe('dropped');
    expect(drops).toEqual([{ message: 4, reason: 'closed' }]);
    native.bufferedAmount = 0;
    await world.advance(10);
    expect(native.sent).toEqual(['1', '2', '3']);
  });

  test('while waiting reconnects, flushes and closes', async () => {
    const { world, socket } = await socketIn('waiting', { heartbeat: false });
    for (const message of [1, 2, 3]) socket.send(message);
    const closed = socket.close({ flush: true });
    await turn();
    expect(socket.status).toBe('waiting');
    await world.next();
    expect(socket.status).toBe('connecting');
    expect(socket.send('late')).toBe('dropped');
    world.native.open();
    await turn();
    expect(world.native.sent).toEqual(['1', '2', '3']);
    expect(socket.status).toBe('closing');
    world.native.die(1000);
    await closed;
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('while connecting waits for the line, flushes and closes', async () => {
    const { world, socket } = await socketIn('connecting', { heartbeat: false });
    socket.send(1);
    const closed = socket.close({ flush: true });
    await turn();
    expect(socket.status).toBe('connecting');
    world.native.open();
    await turn();
    expect(world.native.sent).toEqual(['1']);
    world.native.die(1000);
    await closed;
    expect(socket.status).toBe('closed');
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('survives a loss on the way', async () => {
    const { world, socket, native } = await withBacklog();
    const closed = socket.close({ flush: true });
    await turn();
    native.die(1006);
    expect(socket.status).toBe('waiting');
    await world.next();
    world.native.open();
    await turn();
    expect(world.native.sent).toEqual(['1', '2', '3']);
    world.native.die(1000);
    await closed;
    expect(world.leftovers).toEqual(NOTHING);
  });

  test.each([
    [undefined, 5_000],
    [300, 300],
  ])('ends after its timeout (%s), dropping what is left', async (timeout, expected) => {
    const { world, socket, native } = await withBacklog();
    const drops: unknown[] = [];
    socket.on('drop', (drop) => drops.push(drop));
    const closed = socket.close({ flush: true, timeout });
    await world.advance(expected - 1);
    expect(socket.status).toBe('open');
    await world.advance(1);
    expect(socket.status).toBe('closing');
    native.die(1000);
    await closed;
    expect(native.sent).toEqual([]);
    expect(drops).toEqual([1, 2, 3].map((message) => ({ message, reason: 'closed' })));
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('ends after its timeout while waiting, too', async () => {
    const { world, socket } = await socketIn('waiting', { reconnect: { delay: () => 60_000 } });
    socket.send(1);
    const closed = socket.close({ flush: true });
    await world.advance(5_000);
    await closed;
    expect(socket.status).toBe('closed');
    expect(world.natives).toHaveLength(1);
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('ends when the line ends for good', async () => {
    const { world, socket, native } = await withBacklog();
    const closed = socket.close({ flush: true });
    native.die(1008);
    await closed;
    expect(socket.status).toBe('closed');
    await turn();
    expect(world.leftovers).toEqual(NOTHING);
  });

  test.each([
    ['the server', (world: World) => world.native.die(1008)],
    ['the signal', (_: World, controller: AbortController) => controller.abort()],
  ])('is no end of the backlog when %s ends it: drained() says so', async (_, endIt) => {
    const controller = new AbortController();
    const { world, socket } = idleSocket({ signal: controller.signal });
    const drops = dropsOf(socket);
    socket.send(1);
    socket.connect();
    const closed = socket.close({ flush: true });
    const drained = socket.drained();
    await turn();
    endIt(world, controller);
    await expect(drained).rejects.toMatchObject({ code: 'closed' });
    await closed;
    expect(drops).toEqual([[1, 'closed']]);
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('when idle or closed is close()', async () => {
    for (const status of ['idle', 'closed'] as const) {
      const { world, socket } = await socketIn(status);
      await socket.close({ flush: true });
      expect(socket.status).toBe('closed');
      expect(world.leftovers).toEqual(NOTHING);
    }
  });

  test('when closing already leaves no timer either', async () => {
    const { world, socket } = await socketIn('closing');
    const closed = socket.close({ flush: true });
    await turn();
    world.native.die(1000);
    await closed;
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('is cut short by close()', async () => {
    const { world, socket, native } = await withBacklog();
    const flushed = socket.close({ flush: true });
    const closed = socket.close({ code: 3002 });
    expect(native.closeCalls).toEqual([[3002, '']]);
    native.die(3002);
    await Promise.all([flushed, closed]);
    expect(native.sent).toEqual([]);
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('again goes on flushing, with the new options', async () => {
    const { world, socket, native } = await withBacklog();
    const first = socket.close({ flush: true, code: 3001 });
    const second = socket.close({ flush: true, code: 3002 });
    await turn();
    expect(socket.status).toBe('open');
    expect(socket.send('late')).toBe('dropped');
    native.bufferedAmount = 0;
    await world.advance(10);
    expect(native.sent).toEqual(['1', '2', '3']);
    expect(native.closeCalls).toEqual([[3002, '']]);
    native.die(3002);
    await Promise.all([first, second]);
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('that a listener asks for has the last word over the connect() that it heard of', async () => {
    const { world, socket } = await socketIn('waiting', { heartbeat: false });
    socket.on('status', ({ status }) => {
      if (status === 'connecting') void socket.close({ flush: true });
    });
    socket.connect();
    await turn();
    expect(socket.status).toBe('closed');
    expect(world.leftovers).toEqual(NOTHING);
  });

  describe('is superseded', () => {
    test.each([
      ['connect()', 'open'],
      ['connect()', 'connecting'],
      ['connect()', 'waiting'],
      ['reconnect()', 'open'],
      ['reconnect()', 'connecting'],
      ['reconnect()', 'waiting'],
    ] as const)('by %s when %s: it settles, and the line stays', async (call, status) => {
      const { world, socket, native } =
        status === 'open'
          ? await withBacklog()
          : await socketIn(status, { heartbeat: false }).then((given) => ({
              ...given,
              native: given.world.native,
            }));
      if (status !== 'open') socket.send(1);
      const settled = vi.fn();
      void socket.close({ flush: true }).then(settled);
      await turn();
      if (call === 'connect()') socket.connect();
      else socket.reconnect();
      await turn();
      expect(settled).toHaveBeenCalledOnce();
      expect(socket.send('more')).not.toBe('dropped');
      native.bufferedAmount = 0;
      if (socket.status === 'connecting') world.native.open();
      await world.advance(60_000);
      expect(socket.status).toBe('open');
      expect(world.native.sent.at(-1)).toBe('"more"');
      expect(world.native.isAlive).toBe(true);
      expect(world.clock.pending).toEqual([]);
    });
  });
});

describe('a close that is under way is hastened', () => {
  test('by a later one with less time', async () => {
    const { world, clock, socket } = await openSocket();
    void socket.close({ timeout: 60_000 });
    const settled = vi.fn();
    void socket.close({ timeout: 100 }).then(settled);
    await world.advance(99);
    expect(settled).not.toHaveBeenCalled();
    await world.advance(1);
    expect(settled).toHaveBeenCalledOnce();
    expect(clock.pending).toEqual([]);
  });

  test('by the signal', async () => {
    const aborting = new AbortController();
    const { world, socket } = await openSocket({ signal: aborting.signal });
    void socket.close({ timeout: Infinity });
    aborting.abort();
    await world.advance(0);
    expect(socket.status).toBe('closed');
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('and not put off by one with more', async () => {
    const { world, socket } = await openSocket();
    void socket.close({ timeout: 100 });
    void socket.close({ timeout: 60_000 });
    await world.advance(100);
    expect(socket.status).toBe('closed');
  });
});
