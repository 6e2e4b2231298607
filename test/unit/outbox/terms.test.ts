import { describe, expect, test, vi } from 'vitest';
import type { Outcome, SendOptions } from '../../../src/outbox/send-options.js';
import { thrown } from '../../support/errors.js';
import {
  dropsOf,
  fateOf,
  idleSocket,
  lineOf,
  openLine,
  openUp,
  reopen,
} from '../../support/outbox-line.js';
import { openSocket, socketIn, turn } from '../../support/world.js';

const large = 'x'.repeat(2_000_000);

describe('ttl: 0 is now or never', () => {
  test('on an open line: it is sent', async () => {
    const { clock, socket, line } = await openLine();
    expect(socket.send('a', { ttl: 0 })).toBe('sent');
    expect(fateOf(socket, 'b', { ttl: 0 })).toEqual(['sent']);
    expect(line.messages).toEqual(['a', 'b']);
    expect(clock.pending).toEqual([]);
  });

  test.each(['idle', 'connecting', 'waiting'] as const)('%s: it is dropped', async (status) => {
    const { socket } = await socketIn(status);
    const drops = dropsOf(socket);
    expect(socket.send('a', { ttl: 0 })).toBe('dropped');
    expect(fateOf(socket, 'b', { ttl: 0 })).toEqual(['expired']);
    expect(drops).toEqual([
      ['a', 'expired'],
      ['b', 'expired'],
    ]);
    expect(socket.queued.messages).toBe(0);
  });

  test.each(['closing', 'closed'] as const)('%s: it is dropped for that', async (status) => {
    const { socket } = await socketIn(status);
    expect(fateOf(socket, 'a', { ttl: 0 })).toEqual(['closed']);
  });

  test('on a line with a backlog, or a full buffer, it is dropped', async () => {
    const { socket, line } = await openLine({ queue: { maxBytes: 5_000_000 } });
    socket.send(large);
    expect(fateOf(socket, 'a', { ttl: 0 })).toEqual(['expired']);
    expect(socket.send('waits')).toBe('queued');
    line.flow();
    // The buffer is empty, but it must not pass what waits.
    expect(fateOf(socket, 'b', { ttl: 0 })).toEqual(['expired']);
    expect(line.sent).toHaveLength(1);
  });

  test('in the listener of `open` it does not pass what waits either', async () => {
    const { world, socket } = idleSocket();
    socket.send('waits');
    const fates: string[][] = [];
    socket.on('open', () => fates.push(fateOf(socket, 'now', { ttl: 0 })));
    const line = await openUp(world, socket);
    expect(fates).toEqual([['expired']]);
    expect(line.messages).toEqual(['waits']);
  });

  test('makes room for itself nowhere, and replaces nobody', () => {
    const { socket } = idleSocket({ queue: { maxMessages: 1, overflow: 'throw' } });
    socket.send('a', { key: 'key' });
    expect(fateOf(socket, 'b', { ttl: 0, key: 'key' })).toEqual(['expired']);
    expect(fateOf(socket, 'c', { ttl: 0 })).toEqual(['expired']);
    expect(socket.queued.messages).toBe(1);
  });

  test('that comes back from a dead line does not wait', async () => {
    const { world, socket, line } = await openLine();
    const drops = dropsOf(socket);
    const fate = fateOf(socket, 'a', { ttl: 0 });
    line.die();
    expect(fate).toEqual(['sent', 'expired']);
    expect(drops).toEqual([['a', 'expired']]);
    expect((await reopen(world)).sent).toEqual([]);
  });

  test('without a queue is the same', async () => {
    const { world, socket } = idleSocket({ queue: false });
    expect(fateOf(socket, 'a', { ttl: 0 })).toEqual(['expired']);
    await openUp(world, socket);
    expect(fateOf(socket, 'b', { ttl: 0 })).toEqual(['sent']);
  });
});

describe('requeue: false', () => {
  test('is given back when the line dies before it left', async () => {
    const { world, socket, line } = await openLine();
    const drops = dropsOf(socket);
    socket.send('before');
    const fate = fateOf(socket, 'subscribe', { requeue: false });
    socket.send('after');
    line.die();
    expect(fate).toEqual(['sent', 'returned']);
    expect(drops).toEqual([['subscribe', 'returned']]);
    expect(socket.queued.messages).toBe(2);
    expect((await reopen(world)).messages).toEqual(['before', 'after']);
  });

  test('has left, and that is all, where it has', async () => {
    const { world, socket, line } = await openLine();
    const drops = dropsOf(socket);
    const fate = fateOf(socket, 'a', { requeue: false });
    line.flow();
    line.die(1000);
    expect(fate).toEqual(['sent']);
    expect(drops).toEqual([]);
    expect((await reopen(world)).sent).toEqual([]);
  });

  test('is unknown where nobody can tell', async () => {
    const { socket, line } = await openLine();
    const fate = fateOf(socket, 'a', { requeue: false });
    line.dieForgetful();
    expect(fate).toEqual(['sent', 'unknown']);
    const second = await openLine();
    const other = fateOf(second.socket, 'a', { requeue: false });
    second.socket.reconnect();
    expect(other).toEqual(['sent', 'unknown']);
  });

  test('makes no difference while it waits, whatever dies meanwhile', async () => {
    const { world, socket } = idleSocket();
    const fate = fateOf(socket, 'a', { requeue: false });
    socket.connect();
    await turn();
    world.native.die();
    expect(fate).toEqual(['queued']);
    expect((await reopen(world)).messages).toEqual(['a']);
    expect(fate).toEqual(['queued', 'sent']);
    world.native.die();
    expect(fate).toEqual(['queued', 'sent', 'returned']);
  });

  test('goes before its terms do: it is returned, though it has expired, too', async () => {
    const { clock, socket, line } = await openLine();
    const fate = fateOf(socket, 'a', { requeue: false, ttl: 10 });
    clock.advance(20);
    line.die();
    expect(fate).toEqual(['sent', 'returned']);
  });

  test('can be made anew in the listener that hears of it', async () => {
    const { world, socket, line } = await openLine();
    socket.on('drop', ({ message, reason }) => {
      if (reason === 'returned') socket.send(`${message as string} again`);
    });
    socket.send('a', { requeue: false });
    line.die();
    expect((await reopen(world)).messages).toEqual(['a again']);
  });

  test('leaves nothing behind', async () => {
    const { world, clock, socket, line } = await openLine();
    const { signal } = new AbortController();
    const outcomes = vi.fn();
    socket.send('a', { requeue: false, ttl: 50, key: 'k', signal, onOutcome: outcomes });
    line.die();
    await socket.close();
    expect(clock.pending).toEqual([]);
    expect(outcomes.mock.calls).toEqual([['sent'], ['returned']]);
    expect(world.reported).toEqual([]);
  });
});

describe('ahead: true', () => {
  const ahead: SendOptions = { ahead: true, requeue: false };

  test('goes out after the handshake and before the backlog, in order', async () => {
    const { world, socket } = idleSocket({
      handshake: (link) => link.send('hello'),
    });
    socket.send('first');
    socket.send('second');
    socket.on('open', () => {
      expect(socket.send('a', ahead)).toBe('sent');
      expect(socket.send('not ahead')).toBe('queued');
      expect(socket.send('b', { ahead: true })).toBe('sent');
    });
    socket.on('open', () => socket.send('c', ahead));
    socket.connect();
    await turn();
    world.native.open();
    await turn();
    expect(lineOf(world).messages).toEqual([
      'hello',
      'a',
      'b',
      'c',
      'first',
      'second',
      'not ahead',
    ]);
  });

  test('does so on each connection', async () => {
    const { world, socket } = idleSocket();
    socket.on('open', () => socket.send('subscribe', ahead));
    const line = await openUp(world, socket);
    line.flow();
    line.die();
    socket.send('waits');
    expect((await reopen(world)).messages).toEqual(['subscribe', 'waits']);
  });

  test('passes also what a full buffer would hold up', async () => {
    const { world, socket } = idleSocket({ queue: { highWaterMark: 1 } });
    socket.send('waits');
    socket.on('open', () => {
      for (const message of ['a', 'b', 'c']) expect(socket.send(message, ahead)).toBe('sent');
    });
    const line = await openUp(world, socket);
    expect(line.messages).toEqual(['a', 'b', 'c']);
    line.flow();
    await world.advance(10);
    expect(line.messages).toEqual(['a', 'b', 'c', 'waits']);
  });

  test('works without a queue', async () => {
    const { world, socket } = idleSocket({ queue: false });
    socket.on('open', () => socket.send('a', ahead));
    expect((await openUp(world, socket)).messages).toEqual(['a']);
  });

  test.each(['idle', 'connecting', 'open', 'waiting', 'closing', 'closed'] as const)(
    'is refused outside of a listener of `open`: %s',
    async (status) => {
      const { socket } = await socketIn(status);
      const drops = dropsOf(socket);
      const error = thrown(() => socket.send('a', { ahead: true }), 'options');
      expect(error.message).toContain('ahead');
      expect(socket.queued.messages).toBe(0);
      expect(drops).toEqual([]);
      expect(socket.send('b', { ahead: false })).toMatch(/sent|queued|dropped/);
    },
  );

  test('is refused a moment after the listener', async () => {
    const { world, socket } = await socketIn('connecting');
    const later = vi.fn(() => thrown(() => socket.send('a', { ahead: true }), 'options'));
    socket.on('open', () => void Promise.resolve().then(later));
    world.native.open();
    await turn();
    expect(later).toHaveReturned();
  });

  test.each(['close', 'status', 'retry'] as const)('is refused in one of `%s`', async (event) => {
    const { socket, native } = await openSocket();
    const refused = vi.fn(() => thrown(() => socket.send('a', { ahead: true }), 'options'));
    socket.on(event, refused);
    native.die();
    expect(refused).toHaveReturned();
  });

  test.each([
    [false, ['returned'], []],
    [true, ['queued', 'sent'], ['waits', 'a']],
  ])(
    'on a line that is lost within the listener (requeue: %j)',
    async (requeue, fate, messages) => {
      const { world, socket } = idleSocket();
      socket.send('waits');
      const outcomes: Outcome[] = [];
      socket.on(
        'open',
        () => {
          lineOf(world).readyState = 3;
          const result = socket.send('a', {
            ahead: true,
            requeue,
            onOutcome: (outcome) => outcomes.push(outcome),
          });
          expect(result).toBe(requeue ? 'queued' : 'dropped');
        },
        { once: true },
      );
      const line = await openUp(world, socket);
      line.die();
      expect(line.sent).toEqual([]);
      const next = await reopen(world);
      expect(outcomes).toEqual(fate);
      expect(next.messages).toEqual(messages.length > 0 ? messages : ['waits']);
    },
  );

  test.each(['reconnect', 'pause', 'close'] as const)(
    'after %s() within the listener goes nowhere',
    async (end) => {
      const { world, socket } = idleSocket();
      const drops = dropsOf(socket);
      socket.on(
        'open',
        () => {
          void socket[end]();
          socket.send('a', ahead);
        },
        { once: true },
      );
      const line = await openUp(world, socket);
      expect(line.sent).toEqual([]);
      expect(drops).toEqual([['a', end === 'close' ? 'closed' : 'returned']]);
      expect(world.reported).toEqual([]);
    },
  );

  test('that comes back from a dead line is at the head', async () => {
    const { world, socket } = idleSocket();
    socket.send('waits');
    socket.on('open', () => socket.send('a', { ahead: true }), { once: true });
    const line = await openUp(world, socket);
    line.die();
    expect((await reopen(world)).messages).toEqual(['a', 'waits']);
  });

  test('is dropped where its signal is aborted, and has no time to expire', async () => {
    const { world, socket } = idleSocket();
    const signal = AbortSignal.abort();
    const fates: string[][] = [];
    socket.on('open', () => {
      fates.push(
        fateOf(socket, 'a', { ...ahead, signal }),
        fateOf(socket, 'b', { ...ahead, ttl: 0 }),
      );
    });
    const line = await openUp(world, socket);
    expect(fates).toEqual([['aborted'], ['sent']]);
    expect(line.messages).toEqual(['b']);
  });
});

test.each([
  { ttl: -1 },
  { ttl: NaN },
  { ttl: '0' },
  { requeue: 0 },
  { requeue: 'no' },
  { ahead: 1 },
  { ahead: null },
])('send refuses %j', async (options) => {
  const { socket, line } = await openLine();
  const [name = ''] = Object.keys(options);
  expect(thrown(() => socket.send('a', options as never), 'options').message).toContain(name);
  expect(line.sent).toEqual([]);
});
