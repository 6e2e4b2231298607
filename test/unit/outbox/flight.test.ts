import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { binary } from '../../../src/codecs/binary.js';
import { text } from '../../../src/codecs/text.js';
import { dropsOf, fateOf, openLine, parsed, reopen } from '../../support/outbox-line.js';
import { openSocket, turn } from '../../support/world.js';

describe('what had not left when the line died', () => {
  test('goes back into the queue and out again, in order', async () => {
    const { world, socket, line } = await openLine();
    for (const message of ['a', 'b', 'c']) expect(socket.send(message)).toBe('sent');
    line.die();
    expect(socket.queued).toEqual({ messages: 3, bytes: 9 });
    expect((await reopen(world)).messages).toEqual(['a', 'b', 'c']);
    expect(socket.queued).toEqual({ messages: 0, bytes: 0 });
  });

  test('does not include what has left', async () => {
    const { world, socket, line } = await openLine();
    for (const message of ['a', 'b', 'c']) socket.send(message);
    line.flow(6);
    line.die();
    expect(line.received.map(parsed)).toEqual(['a', 'b']);
    expect((await reopen(world)).messages).toEqual(['c']);
  });

  test.each([
    [0, ['a', 'b', 'c']],
    [1, ['a', 'b', 'c']],
    [2, ['a', 'b', 'c']],
    [3, ['b', 'c']],
    [4, ['b', 'c']],
    [8, ['c']],
    [9, []],
  ])('includes what has left in part: %i of 9 bytes gone', async (bytes, expected) => {
    const { world, socket, line } = await openLine();
    for (const message of ['a', 'b', 'c']) socket.send(message);
    line.flow(bytes);
    line.die();
    expect((await reopen(world)).messages).toEqual(expected);
  });

  test('is counted right as bytes leave between the messages', async () => {
    const { world, socket, line } = await openLine({ codec: text() });
    socket.send('123456');
    line.flow(2);
    socket.send('é€😀');
    line.flow(5);
    socket.send('789');
    line.flow(4);
    // 11 of 18 bytes are gone: the first, and 5 of the 9 bytes of the second.
    line.die();
    expect(line.received).toEqual(['123456']);
    expect((await reopen(world)).sent).toEqual(['é€😀', '789']);
  });

  test('is counted right once the buffer was empty', async () => {
    const { world, socket, line } = await openLine();
    for (let message = 0; message < 10; message++) {
      socket.send(message);
      line.flow();
    }
    socket.send('stuck');
    line.die();
    expect((await reopen(world)).messages).toEqual(['stuck']);
  });

  test('is counted right over many thousands', async () => {
    const { world, socket, line } = await openLine();
    for (let message = 10_000; message < 30_000; message++) {
      socket.send(message);
      if (message % 3 === 0) line.flow(14);
    }
    const left = line.received.length;
    line.die();
    const again = (await reopen(world)).messages;
    expect(left).toBeGreaterThan(10_000);
    expect(again).toHaveLength(20_000 - left);
    expect(again).toEqual(again.map((_, index) => 10_000 + left + index));
  });

  test('is told from what was sent before the line was ours, in a handshake', async () => {
    const { world, socket, line } = await openLine({
      handshake: async (link) => {
        link.send('a long greeting');
        await Promise.resolve();
      },
    });
    await turn();
    expect(socket.status).toBe('open');
    socket.send('a');
    socket.send('b');
    line.flow('"a long greeting""a"'.length);
    line.die();
    const next = await reopen(world);
    await turn();
    expect(next.messages).toEqual(['a long greeting', 'b']);
  });

  test('is told from pings in between, which do not come back', async () => {
    const { world, clock, socket, line } = await openLine({
      codec: text(),
      heartbeat: { interval: 1_000, expectReply: false },
    });
    socket.send('one');
    clock.advance(1_000);
    socket.send('two');
    clock.advance(1_000);
    socket.send('three');
    expect(line.sent).toEqual(['one', 'ping', 'two', 'ping', 'three']);
    line.flow('onepingtw'.length);
    line.die();
    expect((await reopen(world)).sent).toEqual(['two', 'three']);
  });

  test('includes a message of no bytes', async () => {
    const { world, socket, line } = await openLine<string, string>({ codec: text() });
    for (const message of ['a', '', 'b']) socket.send(message);
    line.die();
    expect((await reopen(world)).sent).toEqual(['a', '', 'b']);
  });

  test('goes before what was queued since', async () => {
    const { world, socket, line } = await openLine({ queue: { highWaterMark: 6 } });
    socket.send('a');
    socket.send('b');
    expect(socket.send('c')).toBe('queued');
    line.die();
    socket.send('d');
    expect((await reopen(world)).messages).toEqual(['a', 'b']);
    expect(socket.queued.messages).toBe(2);
    world.native.bufferedAmount = 0;
    await world.advance(20);
    expect(world.native.sent.map(parsed)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('goes back before a listener hears that the line was lost', async () => {
    const { world, socket, line } = await openLine();
    socket.send('a');
    socket.on('close', () => socket.send('b'), { once: true });
    line.die();
    expect((await reopen(world)).messages).toEqual(['a', 'b']);
  });

  test('comes back again and again, until it is through', async () => {
    const { world, socket, line } = await openLine({ reconnect: { minUptime: 0 } });
    socket.send('a');
    socket.send('b');
    line.die();
    const second = await reopen(world);
    second.flow(3);
    second.die();
    const third = await reopen(world);
    expect(third.messages).toEqual(['b']);
    third.flow();
    third.die();
    expect((await reopen(world)).messages).toEqual([]);
  });

  test('comes back as it was, be it bytes or a Blob', async () => {
    const { world, socket, line } = await openLine({ codec: binary() });
    const blob = new Blob(['blob']);
    socket.send(new Uint8Array([1, 2]));
    socket.send(blob);
    line.die();
    const { sent } = await reopen(world);
    expect([...(sent[0] as Uint8Array)]).toEqual([1, 2]);
    expect(sent[1]).toBe(blob);
  });

  test('may stand above the bounds, but nothing is added then', async () => {
    const { world, socket, line } = await openLine({ queue: { maxMessages: 2 } });
    const drops = dropsOf(socket);
    for (const message of [1, 2, 3, 4]) socket.send(message);
    line.die();
    expect(socket.queued.messages).toBe(4);
    expect(drops).toEqual([]);
    expect(socket.send(5)).toBe('queued');
    expect(drops).toEqual([[1, 'overflow']]);
    expect((await reopen(world)).messages).toEqual([2, 3, 4, 5]);
  });

  test('may stand above the bound of bytes, and only makes room for what is added then', async () => {
    const { socket, line } = await openLine({ queue: { maxBytes: 6 } });
    const drops = dropsOf(socket);
    for (const message of ['a', 'b', 'c', 'd']) socket.send(message);
    line.die();
    expect(socket.queued).toEqual({ messages: 4, bytes: 12 });
    expect(socket.send('e')).toBe('queued');
    expect(drops).toEqual([['a', 'overflow']]);
    expect(socket.queued).toEqual({ messages: 4, bytes: 12 });
  });

  test('is dropped where there is no queue to go back to', async () => {
    const { world, socket, line } = await openLine({ queue: false });
    const drops = dropsOf(socket);
    const fate = fateOf(socket, 'a');
    socket.send('b');
    line.die();
    expect(fate).toEqual(['sent', 'overflow']);
    expect(drops.sort()).toEqual([
      ['a', 'overflow'],
      ['b', 'overflow'],
    ]);
    expect((await reopen(world)).messages).toEqual([]);
  });

  test('is dropped when the line is not coming back', async () => {
    const { socket, line } = await openLine({ reconnect: false });
    const drops = dropsOf(socket);
    const fate = fateOf(socket, 'a');
    line.die();
    expect(socket.status).toBe('closed');
    expect(fate.at(-1)).toBe('closed');
    expect(drops).toEqual([['a', 'closed']]);
  });
});

describe('what comes back', () => {
  test('is dropped when its ttl is over', async () => {
    const { world, clock, socket, line } = await openLine();
    const drops = dropsOf(socket);
    const fate = fateOf(socket, 'stale', { ttl: 100 });
    socket.send('fresh', { ttl: 100_000 });
    clock.advance(100);
    expect(fate).toEqual(['sent']);
    line.die();
    expect(fate).toEqual(['sent', 'expired']);
    expect(drops).toEqual([['stale', 'expired']]);
    expect((await reopen(world)).messages).toEqual(['fresh']);
  });

  test('is dropped when its ttl is over later, while it waits', async () => {
    const { clock, socket, line } = await openLine();
    const fate = fateOf(socket, 'a', { ttl: 100 });
    clock.advance(50);
    line.die();
    expect(fate).toEqual(['sent', 'queued']);
    clock.advance(50);
    expect(fate).toEqual(['sent', 'queued', 'expired']);
    expect(socket.queued.messages).toBe(0);
  });

  test('is dropped when its signal was aborted meanwhile', async () => {
    const { socket, line } = await openLine();
    const drops = dropsOf(socket);
    const controller = new AbortController();
    const fate = fateOf(socket, 'a', { signal: controller.signal });
    controller.abort();
    line.die();
    expect(fate).toEqual(['sent', 'aborted']);
    expect(drops).toEqual([['a', 'aborted']]);
    expect(socket.queued.messages).toBe(0);
  });

  test('is dropped when its signal is aborted while it waits', async () => {
    const { world, socket, line } = await openLine();
    const controller = new AbortController();
    const fate = fateOf(socket, 'a', { signal: controller.signal });
    line.die();
    controller.abort();
    expect(fate).toEqual(['sent', 'queued', 'aborted']);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    expect((await reopen(world)).messages).toEqual([]);
  });

  test('gives way to a newer one with its key that waits', async () => {
    const { world, socket, line } = await openLine({ queue: { highWaterMark: 6 } });
    const drops = dropsOf(socket);
    const fate = fateOf(socket, 'old', { key: 'k' });
    socket.send('b');
    expect(socket.send('new', { key: 'k' })).toBe('queued');
    expect(drops).toEqual([]);
    line.die();
    expect(fate).toEqual(['sent', 'replaced']);
    expect(drops).toEqual([['old', 'replaced']]);
    const next = await reopen(world);
    next.flow();
    await world.advance(20);
    expect(next.messages).toEqual(['b', 'new']);
  });

  test('gives way to a newer one with its key that comes back, too', async () => {
    const { world, socket, line } = await openLine();
    const drops = dropsOf(socket);
    socket.send('old', { key: 'k' });
    socket.send('b');
    socket.send('new', { key: 'k' });
    line.die();
    expect(drops).toEqual([['old', 'replaced']]);
    expect((await reopen(world)).messages).toEqual(['b', 'new']);
  });

  test('is told of in its order', async () => {
    const { world, socket, line } = await openLine();
    const queued: number[] = [];
    for (const n of [1, 2]) {
      socket.send(n, {
        onOutcome: (outcome) => {
          if (outcome === 'queued') queued.push(n);
        },
      });
    }
    for (const n of [3, 4]) socket.send(n, { ttl: 5 });
    const drops = dropsOf(socket);
    await world.advance(10);
    line.die();
    expect(queued).toEqual([1, 2]);
    expect(drops).toEqual([
      [3, 'expired'],
      [4, 'expired'],
    ]);
  });

  test('all expired but the last: that one is through', async () => {
    const { world, socket, line } = await openLine();
    socket.send(1, { ttl: 5 });
    socket.send(2);
    await world.advance(10);
    line.die();
    expect(socket.queued).toEqual({ messages: 1, bytes: 1 });
    expect((await reopen(world)).messages).toEqual([2]);
  });

  test('can be replaced by its key', async () => {
    const { world, socket, line } = await openLine();
    socket.send('old', { key: 'k' });
    socket.send('b');
    line.die();
    socket.send('new', { key: 'k' });
    expect((await reopen(world)).messages).toEqual(['new', 'b']);
  });
});

describe('what may have left is not sent again', () => {
  test('when the engine forgets at the end what it had not sent', async () => {
    const { world, socket, line } = await openLine({ queue: { highWaterMark: 3 } });
    const fate = fateOf(socket, 'gone');
    socket.send('waits');
    line.dieForgetful();
    expect(socket.queued.messages).toBe(1);
    expect(fate).toEqual(['sent', 'unknown']);
    expect((await reopen(world)).messages).toEqual(['waits']);
  });

  test('when a stand-in for a WebSocket has no bufferedAmount at all', async () => {
    const { world, socket, native } = await openSocket({ heartbeat: false });
    native.bufferedAmount = undefined as never;
    expect(socket.send('a')).toBe('sent');
    expect(socket.send('b')).toBe('sent');
    native.die();
    expect(socket.queued.messages).toBe(0);
    await world.advance(1_000);
    world.native.open();
    expect(world.native.sent).toEqual([]);
  });

  test('when the connection was replaced by reconnect()', async () => {
    const { world, socket, line } = await openLine();
    const fate = fateOf(socket, 'a');
    const drops = dropsOf(socket);
    socket.reconnect();
    expect(line.bufferedAmount).toBe(3);
    expect((await reopen(world)).messages).toEqual([]);
    expect(fate).toEqual(['sent', 'unknown']);
    expect(drops).toEqual([]);
  });

  test('when the connection was abandoned by the heartbeat', async () => {
    const { world, clock, socket, line } = await openLine({
      heartbeat: { interval: 1_000, timeout: 1_000, expectReply: true },
    });
    const fate = fateOf(socket, 'a');
    clock.advance(1_000);
    expect(line.messages).toEqual(['a', { type: 'ping' }]);
    clock.advance(1_000);
    expect(line.closeCalls).toHaveLength(1);
    expect(line.bufferedAmount).toBeGreaterThan(0);
    expect((await reopen(world)).messages).toEqual([]);
    expect(fate).toEqual(['sent', 'unknown']);
  });

  test('when the socket is closed', async () => {
    const { world, socket, line } = await openLine();
    const drops = dropsOf(socket);
    const fate = fateOf(socket, 'a');
    void socket.close();
    line.die(1006);
    expect(socket.status).toBe('closed');
    expect(fate).toEqual(['sent', 'unknown']);
    expect(drops).toEqual([]);
    socket.connect();
    expect((await reopen(world)).messages).toEqual([]);
  });

  test('when the connection after that one dies before anything was sent over it', async () => {
    const { world, socket } = await openLine();
    socket.send('a');
    socket.reconnect();
    const second = await reopen(world);
    // As by a handshake.
    second.bufferedAmount = 100;
    second.die();
    expect(socket.queued.messages).toBe(0);
    expect((await reopen(world)).messages).toEqual([]);
  });
});
