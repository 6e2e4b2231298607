import { getEventListeners } from 'node:events';
import { describe, expect, test, vi } from 'vitest';
import { binary } from '../../../src/codecs/binary.js';
import type { SendOptions } from '../../../src/outbox/send-options.js';
import { socketError } from '../../support/outbox-errors.js';
import {
  dropsOf,
  fateOf,
  idleSocket,
  lineOf,
  linesOf,
  openLine,
  openUp,
  parsed,
  reopen,
  stateOf,
} from '../../support/outbox-line.js';
import { turn, World } from '../../support/world.js';

describe('send, by where the line stands', () => {
  test('idle: it waits, and goes out once the line is open', async () => {
    const { world, socket } = idleSocket();
    expect(socket.send('a')).toBe('queued');
    expect(socket.queued).toEqual({ messages: 1, bytes: 3 });
    const line = await openUp(world, socket);
    expect(line.messages).toEqual(['a']);
    expect(socket.queued).toEqual({ messages: 0, bytes: 0 });
  });

  test('connecting: it waits, before there is a native socket and after', async () => {
    const { world, socket } = idleSocket();
    socket.connect();
    expect(socket.send(1)).toBe('queued');
    await turn();
    expect(world.natives).toHaveLength(1);
    expect(socket.send(2)).toBe('queued');
    expect(socket.status).toBe('connecting');
    world.native.open();
    expect(lineOf(world).messages).toEqual([1, 2]);
  });

  test('open: it is handed over at once', async () => {
    const { socket, line } = await openLine();
    expect(socket.send({ hello: 'you' })).toBe('sent');
    expect(line.sent).toEqual(['{"hello":"you"}']);
    expect(socket.queued).toEqual({ messages: 0, bytes: 0 });
  });

  test('waiting: it waits for the next connection', async () => {
    const { world, socket, line } = await openLine();
    line.die();
    expect(socket.status).toBe('waiting');
    expect(socket.send('a')).toBe('queued');
    expect((await reopen(world)).messages).toEqual(['a']);
  });

  test('closing: it is dropped, and said to be', async () => {
    const { socket, line } = await openLine();
    const drops = dropsOf(socket);
    void socket.close();
    expect(socket.status).toBe('closing');
    expect(socket.send('a')).toBe('dropped');
    expect(drops).toEqual([['a', 'closed']]);
    expect(line.sent).toEqual([]);
    expect(socket.queued.messages).toBe(0);
  });

  test('closed: it is dropped, and said to be', async () => {
    const { world, socket } = idleSocket();
    const drops = dropsOf(socket);
    await socket.close();
    expect(socket.send('a')).toBe('dropped');
    expect(fateOf(socket, 'b')).toEqual(['closed']);
    expect(drops).toEqual([
      ['a', 'closed'],
      ['b', 'closed'],
    ]);
    expect((await openUp(world, socket)).sent).toEqual([]);
  });

  test('revived after a close: it is sent again', async () => {
    const { world, socket } = idleSocket();
    await socket.close();
    const line = await openUp(world, socket);
    expect(socket.send('a')).toBe('sent');
    expect(line.messages).toEqual(['a']);
  });

  test('closing, but flushing first: what is sent meanwhile is dropped, what waited is not', async () => {
    const { world, socket } = idleSocket();
    const drops = dropsOf(socket);
    socket.connect();
    socket.send('before');
    void socket.close({ flush: true });
    expect(socket.send('after')).toBe('dropped');
    expect(drops).toEqual([['after', 'closed']]);
    await turn();
    world.native.open();
    expect(lineOf(world).messages).toEqual(['before']);
  });
});

describe('send waits although the socket is open', () => {
  test('while the native socket is closing already', async () => {
    const { world, socket, line } = await openLine();
    line.readyState = 2;
    expect(socket.status).toBe('open');
    expect(socket.send('a')).toBe('queued');
    expect(fateOf(socket, 'b')).toEqual(['queued']);
    world.clock.advance(100);
    expect(line.sent).toEqual([]);
    line.die();
    expect((await reopen(world)).messages).toEqual(['a', 'b']);
  });

  test('and so does a ping, while the native socket is closing already', async () => {
    const { clock, line, socket } = await openLine({ heartbeat: { interval: 1_000 } });
    const errors: unknown[] = [];
    socket.on('error', (error) => errors.push(error));
    line.readyState = 2;
    clock.advance(1_000);
    expect(line.sent).toEqual([]);
    expect(errors).toEqual([]);
  });

  test('until the handshake is done, and behind what the handshake sends', async () => {
    let shaken = (): void => undefined;
    const { world, socket } = idleSocket({
      handshake: async (link) => {
        link.send('hello');
        await new Promise<void>((resolve) => (shaken = resolve));
        link.send('hello again');
      },
    });
    socket.send('early');
    const line = await openUp(world, socket);
    await turn();
    expect(line.readyState).toBe(1);
    expect(socket.send('late')).toBe('queued');
    expect(line.messages).toEqual(['hello']);
    shaken();
    await turn();
    expect(line.messages).toEqual(['hello', 'hello again', 'early', 'late']);
  });

  test('while the browser still has as much as the high-water mark to send', async () => {
    const { world, socket, line } = await openLine({ queue: { highWaterMark: 6 } });
    expect(socket.send('a')).toBe('sent');
    expect(socket.send('b')).toBe('sent');
    expect(socket.bufferedAmount).toBe(6);
    expect(socket.send('c')).toBe('queued');
    line.flow(1);
    world.clock.advance(20);
    expect(line.messages).toEqual(['a', 'b', 'c']);
    expect(socket.bufferedAmount).toBe(8);
  });

  test('and the mark is 1,048,576 bytes by default', async () => {
    const { socket, line } = await openLine();
    line.bufferedAmount = 1_048_575;
    expect(socket.send('below')).toBe('sent');
    line.bufferedAmount = 1_048_576;
    expect(socket.send('at')).toBe('queued');
    expect(socket.send('at, with options', {})).toBe('queued');
  });

  test.each([
    ['replaced', { key: 'k' }, () => undefined],
    ['expired', { ttl: 100 }, () => undefined],
    ['aborted', {}, (controller: AbortController) => controller.abort()],
  ] as const)('where it can still be %s', async (reason, options, act) => {
    const { world, socket, line } = await openLine({ queue: { highWaterMark: 1 } });
    socket.send('in the browser');
    const controller = new AbortController();
    const fate = fateOf(socket, 'old', { ...options, signal: controller.signal });
    act(controller);
    if (reason === 'replaced') socket.send('new', { key: 'k' });
    world.clock.advance(100);
    line.flow();
    world.clock.advance(100);
    expect(fate).toEqual(['queued', reason]);
    expect(line.messages).not.toContain('old');
  });
});

describe('order', () => {
  test('what is sent while a backlog drains goes behind it, even when the line has room', async () => {
    const { world, socket } = idleSocket({ queue: { highWaterMark: 1 } });
    for (const message of [1, 2, 3]) socket.send(message);
    const line = await openUp(world, socket);
    expect(line.messages).toEqual([1]);
    line.flow();
    expect(socket.send(4)).toBe('queued');
    expect(socket.send(5, { ttl: 60_000 })).toBe('queued');
    for (let turns = 0; turns < 4; turns++) {
      world.clock.advance(20);
      line.flow();
    }
    expect(line.messages).toEqual([1, 2, 3, 4, 5]);
  });

  test('what a listener of `open` sends goes behind what waits', async () => {
    const { world, socket } = idleSocket();
    socket.send('waited');
    socket.on('open', () => socket.send('opened'));
    expect((await openUp(world, socket)).messages).toEqual(['waited', 'opened']);
  });

  test('what an onOutcome sends in the middle of a drain goes behind what waits', async () => {
    const { world, socket } = idleSocket();
    socket.send(1, { onOutcome: (outcome) => outcome === 'sent' && socket.send(3) });
    socket.send(2);
    expect((await openUp(world, socket)).messages).toEqual([1, 2, 3]);
  });
});

describe('send encodes now', () => {
  test('an object that is changed while it waits is sent as it was', async () => {
    const { world, socket } = idleSocket<unknown, { text: string }>();
    const message = { text: 'before' };
    socket.send(message);
    message.text = 'after';
    expect((await openUp(world, socket)).messages).toEqual([{ text: 'before' }]);
  });

  const shared = new SharedArrayBuffer(3);
  test.each([
    ['a typed array', new Uint8Array([1, 2, 3])],
    ['a part of a buffer', new Uint8Array([0, 1, 2, 3, 4]).subarray(1, 4)],
    ['a DataView', new DataView(new Uint8Array([9, 1, 2, 3]).buffer, 1)],
    ['an ArrayBuffer', new Uint8Array([1, 2, 3]).buffer],
    ['a SharedArrayBuffer', (new Uint8Array(shared).set([1, 2, 3]), shared)],
  ])('%s that is changed while it waits is sent as it was', async (_, message) => {
    const { world, socket } = idleSocket({ codec: binary() });
    socket.send(message);
    expect(socket.queued).toEqual({ messages: 1, bytes: 3 });
    const [buffer, offset] =
      'buffer' in message ? [message.buffer, message.byteOffset] : [message, 0];
    new Uint8Array(buffer, offset).fill(7);
    const line = await openUp(world, socket);
    expect(bytes(line.sent[0])).toEqual([1, 2, 3]);
  });

  test('a typed array that is changed once it is sent comes back as it was', async () => {
    const { world, socket, line } = await openLine({ codec: binary() });
    const message = new Uint8Array([1, 2, 3]);
    expect(socket.send(message)).toBe('sent');
    message.fill(7);
    line.die();
    expect(bytes((await reopen(world)).sent[0])).toEqual([1, 2, 3]);
  });
});

/** Copied, so that what is a view of what does not matter. */
function bytes(data: unknown): number[] {
  return [...(data as Uint8Array)];
}

describe('onOutcome', () => {
  test('hears `sent` when the line takes it at once', async () => {
    const { socket } = await openLine();
    expect(fateOf(socket, 'a')).toEqual(['sent']);
  });

  test('hears `queued`, then `sent`', async () => {
    const { world, socket } = idleSocket();
    const fate = fateOf(socket, 'a');
    expect(fate).toEqual(['queued']);
    await openUp(world, socket);
    expect(fate).toEqual(['queued', 'sent']);
  });

  test('hears `queued` and `sent` again when the message came back', async () => {
    const { world, socket, line } = await openLine();
    const fate = fateOf(socket, 'a');
    line.die();
    expect(fate).toEqual(['sent', 'queued']);
    await reopen(world);
    expect(fate).toEqual(['sent', 'queued', 'sent']);
  });

  test('that throws is reported once, and the drain goes on', async () => {
    const { world, socket } = idleSocket();
    const broken = new Error('broken');
    const onOutcome = (outcome: string): void => {
      if (outcome === 'sent') throw broken;
    };
    socket.send(1, { onOutcome });
    socket.send(2);
    expect((await openUp(world, socket)).messages).toEqual([1, 2]);
    expect(world.reported).toEqual([broken]);
  });

  test('may close the socket in the middle of a drain', async () => {
    const { world, socket } = idleSocket();
    const drops = dropsOf(socket);
    socket.send(1, { onOutcome: (outcome) => void (outcome === 'sent' && socket.close()) });
    socket.send(2);
    const line = await openUp(world, socket);
    line.die(1000);
    // Whether it is heard between two messages or after a slice of them, none is lost unheard of.
    expect([...line.messages, ...drops.map(([message]) => message)]).toEqual([1, 2]);
  });
});

test.each<[option: string, value: string, options: unknown]>([
  ['key', '5', { key: 5 }],
  ['ttl', '-1', { ttl: -1 }],
  ['ttl', 'NaN', { ttl: NaN }],
  ['ttl', 'string', { ttl: '5' }],
  ['signal', 'object', { signal: {} }],
  ['onOutcome', 'string', { onOutcome: 'x' }],
  ['tll', '', { tll: 5 }],
])('send with a bad %s (%s) throws, and sends nothing', async (option, value, options) => {
  const { socket, line } = await openLine();
  const drops = dropsOf(socket);
  expect(() => socket.send('a', options as SendOptions)).toThrow(
    socketError('options', option, value),
  );
  expect(line.sent).toEqual([]);
  expect(socket.queued.messages).toBe(0);
  expect(drops).toEqual([]);
  expect(socket.send('b')).toBe('sent');
});

test('undefined send options mean the defaults', async () => {
  const { socket } = await openLine();
  const none = { key: undefined, ttl: undefined, signal: undefined, onOutcome: undefined };
  expect(socket.send('a', none)).toBe('sent');
});

test('bufferedAmount is the native one, and 0 without a line', async () => {
  const { socket, line } = await openLine();
  socket.send('four');
  expect(socket.bufferedAmount).toBe(6);
  line.flow(2);
  expect(socket.bufferedAmount).toBe(4);
  line.die();
  expect(socket.bufferedAmount).toBe(0);
});

describe('draining', () => {
  test('goes as far as the mark, and on as the buffer falls', async () => {
    const { world, clock, socket } = idleSocket({ queue: { highWaterMark: 6 } });
    for (let message = 1; message <= 5; message++) socket.send(message * 100);
    const line = await openUp(world, socket);
    expect(line.messages).toEqual([100, 200]);
    clock.advance(1_000);
    expect(line.messages).toEqual([100, 200]);
    line.flow(3);
    clock.advance(20);
    expect(line.messages).toEqual([100, 200, 300]);
    line.flow();
    clock.advance(20);
    expect(line.messages).toEqual([100, 200, 300, 400, 500]);
  });

  test('leaves no timer behind when all is sent', async () => {
    const { world, clock, socket, line } = await openLine({ queue: { highWaterMark: 1 } });
    socket.send(1);
    socket.send(2);
    expect(clock.pending).toHaveLength(1);
    line.flow();
    clock.advance(20);
    expect(line.messages).toEqual([1, 2]);
    expect(clock.pending).toEqual([]);
    expect(world.reported).toEqual([]);
  });

  test('leaves no timer behind when the line is lost', async () => {
    const { clock, socket, line } = await openLine({ queue: { highWaterMark: 1 } });
    socket.send(1);
    socket.send(2);
    line.die();
    // The retry's, and no other.
    expect(clock.pending).toHaveLength(1);
    await socket.close();
    expect(clock.pending).toEqual([]);
  });

  test('costs nothing for each message that waits while the line takes none', async () => {
    const { clock, socket } = await openLine({
      queue: { maxMessages: Infinity, highWaterMark: 1 },
    });
    for (let message = 0; message < 10_000; message++) socket.send(message, { ttl: 60_000 });
    // Whoever goes through the queue looks at the clock, for each message's time to live.
    const now = vi.spyOn(clock, 'now');
    clock.advance(1_000);
    expect(now.mock.calls.length).toBeLessThan(1_000);
    expect(socket.queued.messages).toBe(9_999);
  });

  test('never holds the event loop for longer than a frame', async () => {
    const count = 1_000;
    const { world, clock, socket } = idleSocket();
    for (let message = 0; message < count; message++) socket.send(message);
    socket.connect();
    await turn();
    const line = lineOf(world);
    const send = line.send.bind(line);
    let busy = 0;
    line.send = (data) => {
      send(data);
      line.flow();
      clock.sleep(0.25);
      busy += 0.25;
    };
    const slices: number[] = [];
    line.open();
    // At once, but not before whatever else waits for its turn.
    expect(clock.pending).toEqual([0]);
    while (busy > 0) {
      slices.push(busy);
      busy = 0;
      clock.advance(clock.pending[0] ?? 0);
    }
    expect(line.received.map(parsed)).toEqual(Array.from({ length: count }, (_, index) => index));
    expect(Math.max(...slices)).toBeLessThanOrEqual(16);
    // No slower than it must be, either.
    expect(slices.length).toBeLessThan(50);
  });
});

describe('drained', () => {
  test('settles at once when nothing waits', async () => {
    const { socket } = await openLine();
    expect(await stateOf(socket.drained())).toBe('fulfilled');
    expect(await stateOf(idleSocket().socket.drained())).toBe('fulfilled');
  });

  test('waits for an empty queue', async () => {
    const { world, clock, socket } = idleSocket({ queue: { highWaterMark: 3 } });
    socket.send('a');
    socket.send('b');
    const drained = socket.drained();
    const line = await openUp(world, socket);
    expect(await stateOf(drained)).toBe('pending');
    line.flow();
    clock.advance(20);
    expect(line.messages).toEqual(['a', 'b']);
    expect(await stateOf(drained)).toBe('pending');
    line.flow(1);
    clock.advance(20);
    expect(await stateOf(drained)).toBe('fulfilled');
  });

  test('waits for the buffer to fall below the mark, also when nothing is queued', async () => {
    const { clock, socket, line } = await openLine({ queue: { highWaterMark: 3 } });
    socket.send('a');
    const drained = socket.drained();
    clock.advance(1_000);
    expect(await stateOf(drained)).toBe('pending');
    line.flow(1);
    clock.advance(20);
    expect(await stateOf(drained)).toBe('fulfilled');
    expect(clock.pending).toEqual([]);
  });

  test('settles for everybody who waits', async () => {
    const { world, socket } = idleSocket();
    socket.send('a');
    const all = [socket.drained(), socket.drained(), socket.drained()];
    await openUp(world, socket);
    expect(await Promise.all(all.map(stateOf))).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
  });

  test('settles when the queue is emptied by expiry', async () => {
    const { clock, socket } = idleSocket();
    socket.send('a', { ttl: 100 });
    const drained = socket.drained();
    clock.advance(99);
    expect(await stateOf(drained)).toBe('pending');
    clock.advance(1);
    expect(await stateOf(drained)).toBe('fulfilled');
  });

  test('settles when the queue is emptied by an abort', async () => {
    const { socket } = idleSocket();
    const controller = new AbortController();
    socket.send('a', { signal: controller.signal });
    const drained = socket.drained();
    controller.abort();
    expect(await stateOf(drained)).toBe('fulfilled');
  });

  test('settles when the line was lost with nothing left to send', async () => {
    const { socket, line } = await openLine({ queue: { highWaterMark: 3 } });
    socket.send('a');
    const drained = socket.drained();
    line.dieForgetful();
    expect(socket.queued.messages).toBe(0);
    expect(socket.bufferedAmount).toBe(0);
    expect(await stateOf(drained)).toBe('fulfilled');
  });

  test('waits on for what came back from a lost line', async () => {
    const { world, socket, line } = await openLine({ queue: { highWaterMark: 3 } });
    socket.send('a');
    const drained = socket.drained();
    line.die();
    expect(await stateOf(drained)).toBe('pending');
    (await reopen(world)).flow();
    await world.advance(20);
    expect(await stateOf(drained)).toBe('fulfilled');
  });

  test('rejects when the socket is closed first', async () => {
    const { socket } = idleSocket();
    socket.send('a');
    const drained = socket.drained();
    void socket.close();
    await expect(drained).rejects.toEqual(socketError('closed'));
  });

  test('rejects when the signal was aborted before', async () => {
    const { socket } = idleSocket();
    socket.send('a');
    const reason = new Error('enough');
    const drained = socket.drained({ signal: AbortSignal.abort(reason) });
    await expect(drained).rejects.toEqual(socketError('aborted'));
    await expect(drained).rejects.toHaveProperty('cause', reason);
  });

  test('rejects when the signal is aborted, and stops looking', async () => {
    const { clock, socket } = await openLine({ queue: { highWaterMark: 3 } });
    socket.send('a');
    const controller = new AbortController();
    const drained = socket.drained({ signal: controller.signal });
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(drained).rejects.toEqual(socketError('aborted'));
    await expect(drained).rejects.toHaveProperty('cause', reason);
    clock.advance(20);
    expect(clock.pending).toEqual([]);
  });

  test('leaves no listener on the signal', async () => {
    const world = new World();
    const socket = world.create(undefined, { WebSocket: linesOf(world), autoConnect: false });
    socket.send('a');
    const { signal } = new AbortController();
    const drained = socket.drained({ signal });
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await openUp(world, socket);
    await drained;
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
