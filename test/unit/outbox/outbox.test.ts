import { getEventListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test, vi } from 'vitest';
import { binary } from '../../../src/codecs/binary.js';
import { text } from '../../../src/codecs/text.js';
import type { SendOptions } from '../../../src/outbox/send-options.js';
import type { Socket } from '../../../src/socket/socket-interface.js';
import { socketError } from '../../support/outbox-errors.js';
import {
  dropsOf,
  fateOf,
  idleSocket,
  lineOf,
  openLine,
  openUp,
  reopen,
} from '../../support/outbox-line.js';
import { turn, type World } from '../../support/world.js';

describe('bounds', () => {
  test('1,000 messages wait by default, and the oldest makes room for another', () => {
    const { socket } = idleSocket();
    const drops = dropsOf(socket);
    for (let message = 0; message < 1_000; message++) socket.send(message);
    expect(socket.queued.messages).toBe(1_000);
    expect(drops).toEqual([]);
    expect(socket.send(1_000)).toBe('queued');
    expect(socket.queued.messages).toBe(1_000);
    expect(drops).toEqual([[0, 'overflow']]);
  });

  test('1,048,576 bytes wait by default', () => {
    const { socket } = idleSocket({ codec: text() });
    const drops = dropsOf(socket);
    socket.send('a');
    expect(socket.send('b'.repeat(1_048_575))).toBe('queued');
    expect(drops).toEqual([]);
    expect(socket.queued).toEqual({ messages: 2, bytes: 1_048_576 });
    socket.send('c');
    expect(drops).toEqual([['a', 'overflow']]);
    expect(socket.queued).toEqual({ messages: 2, bytes: 1_048_576 });
  });

  test('bytes are counted as they go over the line, not as characters', () => {
    const { socket } = idleSocket({ codec: text(), queue: { maxBytes: 8 } });
    const drops = dropsOf(socket);
    socket.send('😀');
    socket.send('é€');
    expect(socket.queued).toEqual({ messages: 1, bytes: 5 });
    expect(drops).toEqual([['😀', 'overflow']]);
  });

  test('what leaves the queue makes room again, in messages and in bytes', async () => {
    const { world, socket, line } = await openLine({
      codec: text(),
      queue: { maxMessages: 2, maxBytes: 10, overflow: 'throw', highWaterMark: 1 },
    });
    socket.send('in the browser');
    socket.send('12345');
    socket.send('67890');
    expect(() => socket.send('a')).toThrow(socketError('queue-full'));
    line.flow();
    world.clock.advance(20);
    expect(socket.queued).toEqual({ messages: 1, bytes: 5 });
    expect(socket.send('abcde')).toBe('queued');
    expect(() => socket.send('')).toThrow(socketError('queue-full'));
  });
});

describe('drop-oldest', () => {
  test('drops as many of the oldest as the newest needs', async () => {
    const { world, socket } = idleSocket({ codec: text(), queue: { maxBytes: 10 } });
    const drops = dropsOf(socket);
    for (const message of ['aaa', 'bbb', 'ccc']) socket.send(message);
    expect(socket.send('12345')).toBe('queued');
    expect(drops).toEqual([
      ['aaa', 'overflow'],
      ['bbb', 'overflow'],
    ]);
    expect(socket.queued).toEqual({ messages: 2, bytes: 8 });
    expect((await openUp(world, socket)).sent).toEqual(['ccc', '12345']);
  });

  test('drops a message that can never fit, and nothing for its sake', () => {
    const { socket } = idleSocket({ codec: text(), queue: { maxBytes: 10 } });
    const drops = dropsOf(socket);
    socket.send('a');
    expect(socket.send('12345678901')).toBe('dropped');
    expect(drops).toEqual([['12345678901', 'overflow']]);
    expect(socket.queued).toEqual({ messages: 1, bytes: 1 });
  });

  test('tells the dropped one and the new one what became of them', () => {
    const { socket } = idleSocket({ queue: { maxMessages: 1 } });
    const old = fateOf(socket, 'old');
    const young = fateOf(socket, 'young');
    expect(old).toEqual(['queued', 'overflow']);
    expect(young).toEqual(['queued']);
  });
});

describe('drop-newest', () => {
  test.each([
    ['messages', { maxMessages: 2 }],
    ['bytes', { maxBytes: 7 }],
  ])('drops what would exceed the %s', async (_, bounds) => {
    const { world, socket } = idleSocket({ queue: { ...bounds, overflow: 'drop-newest' } });
    const drops = dropsOf(socket);
    socket.send('a');
    socket.send('b');
    expect(socket.send('c')).toBe('dropped');
    expect(fateOf(socket, 'd')).toEqual(['overflow']);
    expect(drops).toEqual([
      ['c', 'overflow'],
      ['d', 'overflow'],
    ]);
    expect((await openUp(world, socket)).messages).toEqual(['a', 'b']);
  });
});

describe('throw', () => {
  test.each([
    ['messages', { maxMessages: 2 }],
    ['bytes', { maxBytes: 7 }],
  ])('throws for what would exceed the %s, and the socket lives', async (_, bounds) => {
    const { world, socket } = idleSocket({ queue: { ...bounds, overflow: 'throw' } });
    const drops = dropsOf(socket);
    socket.send('a');
    socket.send('b');
    expect(() => socket.send('c')).toThrow(socketError('queue-full'));
    expect(drops).toEqual([]);
    expect(socket.queued).toEqual({ messages: 2, bytes: 6 });
    const line = await openUp(world, socket);
    socket.send('d');
    expect(line.messages).toEqual(['a', 'b', 'd']);
  });

  test('throws for a message that can never fit', () => {
    const { socket } = idleSocket({ codec: text(), queue: { maxBytes: 3, overflow: 'throw' } });
    expect(() => socket.send('abcd')).toThrow(socketError('queue-full'));
    expect(socket.send('abc')).toBe('queued');
  });
});

describe('queue: false', () => {
  test('drops what the line cannot take at once', async () => {
    const { world, socket } = idleSocket({ queue: false });
    const drops = dropsOf(socket);
    expect(socket.send('idle')).toBe('dropped');
    expect(fateOf(socket, 'still idle')).toEqual(['overflow']);
    const line = await openUp(world, socket);
    line.readyState = 2;
    expect(socket.send('going')).toBe('dropped');
    expect(line.sent).toEqual([]);
    line.die();
    expect(socket.send('gone')).toBe('dropped');
    expect(drops.map(([message, reason]) => [message, reason])).toEqual([
      ['idle', 'overflow'],
      ['still idle', 'overflow'],
      ['going', 'overflow'],
      ['gone', 'overflow'],
    ]);
    expect(socket.queued).toEqual({ messages: 0, bytes: 0 });
  });

  test('sends whatever the browser still has to send', async () => {
    const { socket, line } = await openLine({ queue: false });
    line.bufferedAmount = 1e9;
    expect(socket.send('a')).toBe('sent');
    expect(line.messages).toEqual(['a']);
  });
});

describe('key', () => {
  test('replaces a queued message where it stands', async () => {
    const { world, socket } = idleSocket();
    const drops = dropsOf(socket);
    socket.send('first');
    const fate = fateOf(socket, 'x: 1', { key: 'x' });
    socket.send('last');
    expect(socket.send('x: 22', { key: 'x' })).toBe('queued');
    expect(fate).toEqual(['queued', 'replaced']);
    expect(drops).toEqual([['x: 1', 'replaced']]);
    expect(socket.queued).toEqual({ messages: 3, bytes: 7 + 7 + 6 });
    expect((await openUp(world, socket)).messages).toEqual(['first', 'x: 22', 'last']);
  });

  test.each([
    ['the first', ['old', 'b', 'c'], 0],
    ['the last', ['a', 'b', 'old'], 2],
    ['the only', ['old'], 0],
  ])('replaces %s of the queue', async (_, queue, index) => {
    const { world, socket } = idleSocket();
    for (const message of queue) socket.send(message, message === 'old' ? { key: 'k' } : {});
    socket.send('new', { key: 'k' });
    socket.send('end');
    const expected = [...queue.slice(0, index), 'new', ...queue.slice(index + 1), 'end'];
    expect((await openUp(world, socket)).messages).toEqual(expected);
  });

  test('again and again: the latest wins, each of the others is dropped once', async () => {
    const { world, socket } = idleSocket({ queue: { maxMessages: 2 } });
    const drops = dropsOf(socket);
    socket.send('a');
    for (let price = 0; price < 100; price++) socket.send(price, { key: 'price' });
    expect(drops).toEqual(Array.from({ length: 99 }, (__, price) => [price, 'replaced']));
    expect((await openUp(world, socket)).messages).toEqual(['a', 99]);
  });

  test('has nothing to do with another key, nor with a message without one', async () => {
    const { world, socket } = idleSocket();
    const drops = dropsOf(socket);
    socket.send(1, { key: 'a' });
    socket.send(2, { key: 'b' });
    socket.send(3, { key: '' });
    socket.send(4);
    socket.send(5, { key: '__proto__' });
    expect(drops).toEqual([]);
    expect((await openUp(world, socket)).messages).toEqual([1, 2, 3, 4, 5]);
  });

  test('of a message that has left is free again', async () => {
    const { socket, line } = await openLine();
    const drops = dropsOf(socket);
    expect(socket.send(1, { key: 'k' })).toBe('sent');
    expect(socket.send(2, { key: 'k' })).toBe('sent');
    expect(line.messages).toEqual([1, 2]);
    expect(drops).toEqual([]);
  });

  test('of a message that was dropped is free again', async () => {
    const { world, socket } = idleSocket({ queue: { maxMessages: 1 } });
    socket.send(1, { key: 'k' });
    socket.send(2);
    const drops = dropsOf(socket);
    socket.send(3, { key: 'k' });
    expect(drops).toEqual([[2, 'overflow']]);
    expect((await openUp(world, socket)).messages).toEqual([3]);
  });

  test('brings its own ttl: that of the replaced message is forgotten', async () => {
    const { world, clock, socket } = idleSocket();
    socket.send('short', { key: 'k', ttl: 100 });
    socket.send('long', { key: 'k', ttl: 1_000 });
    const drops = dropsOf(socket);
    clock.advance(999);
    expect(drops).toEqual([]);
    expect((await openUp(world, socket)).messages).toEqual(['long']);
    expect(clock.pending).toEqual([]);
  });

  test('brings its own signal: that of the replaced message is let go', () => {
    const { socket } = idleSocket();
    const old = new AbortController();
    socket.send('old', { key: 'k', signal: old.signal });
    socket.send('new', { key: 'k' });
    expect(getEventListeners(old.signal, 'abort')).toEqual([]);
    old.abort();
    expect(socket.queued.messages).toBe(1);
  });

  test('in a full queue needs no room for another message', () => {
    const { socket } = idleSocket({ queue: { maxMessages: 2, overflow: 'throw' } });
    const drops = dropsOf(socket);
    socket.send(1, { key: 'k' });
    socket.send(2);
    expect(socket.send(3, { key: 'k' })).toBe('queued');
    expect(drops).toEqual([[1, 'replaced']]);
  });

  test('with more bytes makes the oldest others go, and not the one that it replaces twice', async () => {
    const { world, socket } = idleSocket({ codec: text(), queue: { maxBytes: 10 } });
    const drops = dropsOf(socket);
    socket.send('kk', { key: 'k' });
    socket.send('aaaa');
    socket.send('bbbb');
    socket.send('KKKKKK', { key: 'k' });
    expect(drops).toEqual([
      ['aaaa', 'overflow'],
      ['kk', 'replaced'],
    ]);
    expect(socket.queued).toEqual({ messages: 2, bytes: 10 });
    expect((await openUp(world, socket)).sent).toEqual(['KKKKKK', 'bbbb']);
  });

  test('with more bytes than fit leaves the old message where it was', () => {
    const { socket } = idleSocket({ codec: text(), queue: { maxBytes: 3, overflow: 'throw' } });
    const fate = fateOf(socket, 'old', { key: 'k' });
    expect(() => socket.send('newer', { key: 'k' })).toThrow(socketError('queue-full'));
    expect(fate).toEqual(['queued']);
    expect(socket.queued).toEqual({ messages: 1, bytes: 3 });
  });
});

describe('ttl', () => {
  test('drops what still waits then, and not before', () => {
    const { clock, socket } = idleSocket();
    const drops = dropsOf(socket);
    const fate = fateOf(socket, 'a', { ttl: 100 });
    clock.advance(99);
    expect(socket.queued.messages).toBe(1);
    clock.advance(1);
    expect(drops).toEqual([['a', 'expired']]);
    expect(fate).toEqual(['queued', 'expired']);
    expect(socket.queued).toEqual({ messages: 0, bytes: 0 });
    expect(clock.pending).toEqual([]);
  });

  test('of each message is its own', () => {
    const { clock, socket } = idleSocket();
    const drops = dropsOf(socket);
    for (const ttl of [300, 100, 200]) socket.send(ttl, { ttl });
    socket.send('for ever');
    clock.advance(99);
    expect(drops).toEqual([]);
    clock.advance(1);
    expect(drops.map(([message]) => message)).toEqual([100]);
    clock.advance(200);
    expect(drops.map(([message]) => message)).toEqual([100, 200, 300]);
    expect(socket.queued.messages).toBe(1);
    expect(clock.pending).toEqual([]);
  });

  test('leaves no timer behind once the message has left', async () => {
    const { world, clock, socket } = idleSocket();
    socket.send('a', { ttl: 60_000 });
    expect((await openUp(world, socket)).messages).toEqual(['a']);
    expect(clock.pending).toEqual([]);
  });

  test('means nothing to what was sent at once', async () => {
    const { clock, socket } = await openLine();
    const fate = fateOf(socket, 'a', { ttl: 100 });
    expect(clock.pending).toEqual([]);
    clock.advance(200);
    expect(fate).toEqual(['sent']);
  });

  test('holds although its timer is late, as after a sleep', async () => {
    const { world, clock, socket } = idleSocket();
    const drops = dropsOf(socket);
    socket.connect();
    await turn();
    socket.send('stale', { ttl: 5_000 });
    socket.send('fresh', { ttl: 50_000 });
    clock.sleep(6_000);
    world.native.open();
    expect(lineOf(world).messages).toEqual(['fresh']);
    expect(drops).toEqual([['stale', 'expired']]);
    expect(clock.pending).toEqual([]);
  });

  test('is over when its time is, although the wall clock was set back', () => {
    const { clock, socket } = idleSocket();
    const drops = dropsOf(socket);
    socket.send('a', { ttl: 100 });
    clock.advance(99);
    const early = clock.now();
    const now = vi.spyOn(clock, 'now').mockReturnValue(early);
    clock.advance(1);
    now.mockRestore();
    expect(drops).toEqual([['a', 'expired']]);
    expect(clock.pending).toEqual([]);
  });

  test('is over when its time has come exactly', async () => {
    const { world, clock, socket } = idleSocket();
    socket.connect();
    await turn();
    socket.send('stale', { ttl: 5_000 });
    clock.sleep(5_000);
    world.native.open();
    expect(lineOf(world).messages).toEqual([]);
  });
});

describe('signal', () => {
  test('aborted before: dropped at once, wherever the line stands', async () => {
    const signal = AbortSignal.abort();
    for (const { socket } of [idleSocket(), await openLine()]) {
      const drops = dropsOf(socket);
      expect(socket.send('a', { signal })).toBe('dropped');
      expect(fateOf(socket, 'b', { signal })).toEqual(['aborted']);
      expect(drops).toEqual([
        ['a', 'aborted'],
        ['b', 'aborted'],
      ]);
      expect(socket.queued.messages).toBe(0);
    }
  });

  test('aborted while it waits: dropped from wherever it stands', async () => {
    const { world, socket } = idleSocket();
    const drops = dropsOf(socket);
    const controllers = [0, 1, 2, 3].map((message) => {
      const controller = new AbortController();
      socket.send(message, { signal: controller.signal });
      return controller;
    });
    for (const index of [1, 3, 0]) controllers[index]?.abort();
    expect(drops).toEqual([
      [1, 'aborted'],
      [3, 'aborted'],
      [0, 'aborted'],
    ]);
    expect(socket.queued).toEqual({ messages: 1, bytes: 1 });
    socket.send(4);
    expect((await openUp(world, socket)).messages).toEqual([2, 4]);
  });

  test('shared by several messages takes them all', () => {
    const { socket } = idleSocket();
    const { signal, ...controller } = sharedSignal();
    const fates = [1, 2, 3].map((message) => fateOf(socket, message, { signal }));
    controller.abort();
    expect(fates).toEqual(Array(3).fill(['queued', 'aborted']));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('aborted once the message has left: means nothing', async () => {
    const { socket, line } = await openLine();
    const drops = dropsOf(socket);
    const controller = new AbortController();
    const fate = fateOf(socket, 'a', { signal: controller.signal });
    controller.abort();
    expect(fate).toEqual(['sent']);
    expect(drops).toEqual([]);
    expect(line.messages).toEqual(['a']);
  });

  const ways: [way: string, leave: (queue: ReturnType<typeof idleSocket>) => unknown][] = [
    ['sent', ({ world, socket }) => openUp(world, socket)],
    ['replaced', ({ socket }) => socket.send('b', { key: 'k' })],
    ['expired', ({ clock }) => clock.advance(100)],
    ['pushed out', ({ socket }) => socket.send('b')],
    ['dropped by a close', ({ socket }) => socket.close()],
  ];
  test.each(ways)('has no listener on it any more once the message was %s', async (_, leave) => {
    const queue = idleSocket({ queue: { maxMessages: 1 } });
    const { signal } = new AbortController();
    queue.socket.send('a', { key: 'k', ttl: 100, signal });
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await leave(queue);
    expect(queue.socket.queued.messages).toBeLessThan(2);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('never gets a listener when the message is sent at once or refused', async () => {
    const { signal } = new AbortController();
    const { socket } = await openLine();
    socket.send('sent', { signal });
    const full = idleSocket({ queue: { maxBytes: 1, overflow: 'drop-newest' } });
    full.socket.send('refused', { signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

function sharedSignal(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

describe('close', () => {
  test('drops what waits, in order, each once and for `closed`', async () => {
    const { clock, socket } = idleSocket();
    const drops = dropsOf(socket);
    const fate = fateOf(socket, 1, { key: 'k', ttl: 100 });
    socket.send(2);
    const { signal, abort } = sharedSignal();
    socket.send(3, { signal });
    await socket.close();
    abort();
    clock.advance(1_000);
    expect(drops).toEqual([
      [1, 'closed'],
      [2, 'closed'],
      [3, 'closed'],
    ]);
    expect(fate).toEqual(['queued', 'closed']);
    expect(socket.queued).toEqual({ messages: 0, bytes: 0 });
    expect(clock.pending).toEqual([]);
  });

  test('leaves the fate of what was sent as it is', async () => {
    const { socket, line } = await openLine();
    const drops = dropsOf(socket);
    const fate = fateOf(socket, 'a');
    const closed = socket.close();
    line.die(1000);
    await closed;
    expect(fate).toEqual(['sent']);
    expect(drops).toEqual([]);
  });

  test('by the server, for good, drops what waits too', async () => {
    const { socket, line } = await openLine({ queue: { highWaterMark: 1 } });
    socket.send('in the browser');
    const fate = fateOf(socket, 'waits');
    line.flow();
    line.die(1008);
    expect(socket.status).toBe('closed');
    expect(fate).toEqual(['queued', 'closed']);
  });
});

test('a drop listener may send: what it sends has its own turn', () => {
  const { socket } = idleSocket<string, string>({ queue: { maxMessages: 2 } });
  const drops = dropsOf(socket);
  socket.on('drop', ({ message }) => message === 'a' && socket.send('again'));
  for (const message of ['a', 'b', 'c']) socket.send(message);
  expect(drops).toEqual([
    ['a', 'overflow'],
    ['b', 'overflow'],
  ]);
  expect(socket.queued.messages).toBe(2);
});

test.each<[act: string, act: (socket: Socket) => unknown, sent: unknown[]]>([
  ['closes the socket', (socket) => socket.close(), []],
  ['asks for a new connection', (socket) => socket.reconnect(), ['fresh', 'last']],
  ['sends', (socket) => socket.send('more'), ['fresh', 'last', 'more']],
])('in the middle of a drain, a listener of the expired one %s', async (_, act, sent) => {
  const { world, clock, socket } = idleSocket();
  const drops = dropsOf(socket);
  socket.connect();
  await turn();
  socket.send('stale', { ttl: 5_000 });
  for (const message of ['fresh', 'last']) socket.send(message);
  socket.on('drop', () => void act(socket), { once: true });
  clock.sleep(6_000);
  lineOf(world).open();
  await turn();
  if (lineOf(world).readyState === 0) lineOf(world).open();
  if (socket.status === 'closing') lineOf(world).die(1000);
  expect(lineOf(world).messages).toEqual(sent);
  const unsent = ['fresh', 'last'].filter((message) => !sent.includes(message));
  expect(drops.map(([message]) => message)).toEqual(['stale', ...unsent]);
  expect(socket.queued).toEqual({ messages: 0, bytes: 0 });
});

describe('in the middle of an expiry, each message is still dropped once', () => {
  const acts: [what: string, act: (socket: Socket, abort: () => void) => unknown][] = [
    ['a listener closes the socket', (socket) => socket.close()],
    ['a listener aborts the next one', (_, abort) => abort()],
    ['a listener replaces the next one', (socket) => socket.send('new', { key: 'k' })],
    ['a listener sends one more', (socket) => socket.send('new', { ttl: 50 })],
  ];

  test.each(acts)('although %s', (_, act) => {
    const { clock, socket } = idleSocket();
    const drops = dropsOf(socket);
    const { signal, abort } = sharedSignal();
    socket.on('drop', () => void act(socket, abort), { once: true });
    const fates = [1, 2, 3, 4].map((message) =>
      fateOf(socket, message, message === 2 ? { key: 'k', ttl: 100, signal } : { ttl: 100 }),
    );
    clock.advance(100);
    expect(drops.map(([message]) => message)).toEqual([1, 2, 3, 4]);
    for (const fate of fates) expect(fate).toEqual(['queued', expect.any(String)]);
    const isSending = socket.status !== 'closed' && !signal.aborted;
    expect(socket.queued.messages).toBe(isSending ? 1 : 0);
    void socket.close();
    expect(socket.queued).toEqual({ messages: 0, bytes: 0 });
    expect(clock.pending).toEqual([]);
  });
});

test('views and Blobs are queued by their size', async () => {
  const { world, socket } = idleSocket({ codec: binary() });
  const blob = new Blob(['é', new Uint8Array(3)]);
  socket.send(blob);
  expect(socket.queued).toEqual({ messages: 1, bytes: 5 });
  socket.send(new Float64Array(2));
  expect(socket.queued).toEqual({ messages: 2, bytes: 21 });
  const line = await openUp(world, socket);
  expect(line.sent[0]).toBe(blob);
  expect(socket.queued).toEqual({ messages: 0, bytes: 0 });
});

// The timeouts leave room for a slow machine, and none for a cost that is more than linear.
describe('very many messages', { timeout: 15_000 }, () => {
  const vast = { maxMessages: Infinity, maxBytes: Infinity };

  function sendMany(socket: Socket, count: number, options?: SendOptions): void {
    for (let message = 0; message < count; message++) socket.send(message, options);
  }

  function expectInOrder(messages: readonly unknown[], count: number): void {
    expect(messages).toHaveLength(count);
    expect(messages.findIndex((message, index) => Number(message) !== index)).toBe(-1);
  }

  test('a million wait, and are sent in order', { timeout: 60_000 }, async () => {
    const { world, clock, socket } = idleSocket({ queue: vast });
    sendMany(socket, 1_000_000);
    expect(socket.queued.messages).toBe(1_000_000);
    const line = await openUp(world, socket);
    while (line.bufferedAmount > 0) {
      line.flow();
      clock.advance(10);
    }
    expectInOrder(line.received, 1_000_000);
    expect(socket.queued).toEqual({ messages: 0, bytes: 0 });
  });

  test('a million come back from a dead line, in order', { timeout: 60_000 }, async () => {
    const { world, socket, line } = await openLine({ queue: { highWaterMark: Infinity } });
    sendMany(socket, 1_000_000);
    line.die();
    expect(socket.queued.messages).toBe(1_000_000);
    expectInOrder((await reopen(world)).sent, 1_000_000);
  });

  const many = 200_000;

  test('are dropped by a close, each once and in order', async () => {
    const { socket } = idleSocket({ queue: vast });
    const drops = dropsOf(socket);
    sendMany(socket, many);
    await socket.close();
    expectInOrder(
      drops.map(([message]) => message),
      many,
    );
  });

  test('expire together, each once and in order', () => {
    const { clock, socket } = idleSocket({ queue: vast });
    const drops = dropsOf(socket);
    sendMany(socket, 20_000, { ttl: 100 });
    clock.advance(100);
    expectInOrder(
      drops.map(([message]) => message),
      20_000,
    );
    expect(clock.pending).toEqual([]);
  });

  test('tell each what became of it when they come back', async () => {
    const { socket, line } = await openLine({ queue: { highWaterMark: Infinity } });
    let count = 0;
    sendMany(socket, many, { onOutcome: (outcome) => (count += outcome === 'queued' ? 1 : 0) });
    line.die();
    expect(count).toBe(many);
  });

  test('make room for one big message at once', () => {
    const { socket } = idleSocket({ queue: { maxMessages: Infinity } });
    const drops = dropsOf(socket);
    sendMany(socket, 180_000);
    drops.length = 0;
    socket.send('x'.repeat(1_048_574));
    expect(drops.length).toBeGreaterThan(150_000);
    expect(socket.queued).toEqual({ messages: 1, bytes: 1_048_576 });
  });
});

describe('what is over is kept in memory by nobody', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;

  test.each<[string, SendOptions, (world: World, socket: Socket) => unknown]>([
    ['was dropped at the end', {}, (_, socket) => socket.close()],
    ['has expired', { ttl: 5 }, (world) => world.advance(10)],
    [
      'was sent',
      {},
      async (world, socket) => {
        const line = await openUp(world, socket);
        line.flow();
        // It is looked for at the next message.
        socket.send(1);
      },
    ],
  ])('when it %s', async (_, options, finish) => {
    const { world, socket } = idleSocket();
    const messages = Array.from({ length: 100 }, () => {
      const message = {};
      socket.send(message, options);
      return new WeakRef(message);
    });
    await finish(world, socket);
    expect(socket.queued.messages).toBe(0);
    // What a WeakRef was made of lives on until the end of the task.
    await new Promise(setImmediate);
    collect();
    // The engine itself may hold on to the one that it was compiling for; a queue would to all.
    expect(messages.filter((message) => message.deref()).length).toBeLessThan(10);
  });
});
