import { describe, expect, test, vi } from 'vitest';
import { SocketError } from '../../../src/base/errors.js';
import type { CloseInfo } from '../../../src/connection/close.js';
import { thrown } from '../../support/errors.js';
import { fateOf, openLine } from '../../support/outbox-line.js';
import { NOTHING, openSocket, record, socketIn, turn } from '../../support/world.js';

const broken = new Error('out of step');

describe('fail()', () => {
  test('gives an open connection up as if it had been lost', async () => {
    const { world, socket, native } = await openSocket();
    const events = record(socket);
    socket.fail(broken);
    const close = { code: 1006, reason: '', wasClean: false, cause: 'failed' };
    expect(events).toEqual([
      ['error', expect.objectContaining({ code: 'failed', cause: broken })],
      ['close', { ...close, willReconnect: true }],
      ['status', expect.objectContaining({ status: 'waiting', attempt: 1 })],
      ['retry', { attempt: 1, delay: 925, cause: 'failed' }],
    ]);
    expect(socket.getSnapshot().error).toBe(events[0]?.[1]);
    expect(native.isAlive).toBe(false);
    expect(native.isDetached).toBe(true);
    await world.next();
    expect(socket.status).toBe('connecting');
    expect(world.live).toHaveLength(1);
  });

  test('gives up an attempt, too', async () => {
    const { world, socket } = await socketIn('connecting');
    const closes: CloseInfo[] = [];
    socket.on('close', (close) => closes.push(close));
    socket.fail(broken);
    expect(socket.status).toBe('waiting');
    expect(closes).toMatchObject([{ cause: 'failed', willReconnect: true }]);
    expect(world.live).toEqual([]);
  });

  test.each(['idle', 'waiting', 'closing', 'closed'] as const)(
    'does nothing where nothing is connected: %s',
    async (status) => {
      const { world, socket } = await socketIn(status);
      const events = record(socket);
      const { timers } = world.leftovers;
      socket.fail(broken, { code: 1012 });
      await turn();
      expect(socket.status).toBe(status);
      expect(events).toEqual([]);
      expect(world.leftovers.timers).toEqual(timers);
    },
  );

  test('waits longer each time: it is a retry like any other', async () => {
    const { world, socket } = await openSocket();
    const delays: number[] = [];
    socket.on('retry', ({ delay }) => delays.push(delay));
    for (let count = 0; count < 3; count++) {
      socket.fail(broken);
      await world.next();
      world.native.open();
    }
    expect(delays).toEqual([925, 2_220, 3_552]);
  });

  test('keeps a SocketError as it is', async () => {
    const { socket } = await openSocket();
    const error = new SocketError('timeout', 'the server has stopped');
    const heard = vi.fn();
    socket.on('error', heard);
    socket.fail(error);
    expect(heard.mock.calls).toEqual([[error]]);
  });

  test('with `rejected` is the end', async () => {
    const { world, socket } = await openSocket();
    const closes: CloseInfo[] = [];
    socket.on('close', (close) => closes.push(close));
    const error = new SocketError('rejected', 'another version');
    socket.fail(error);
    expect(socket.getSnapshot()).toMatchObject({ status: 'closed', error });
    expect(closes).toMatchObject([{ cause: 'failed', willReconnect: false }]);
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('with `reconnect: false` is the end, too', async () => {
    const { world, socket } = await openSocket({ reconnect: false });
    socket.fail(broken);
    expect(socket.getSnapshot()).toMatchObject({
      status: 'closed',
      error: { code: 'gave-up', cause: { code: 'failed', cause: broken } },
    });
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('is no answer to what is in flight: nobody can tell', async () => {
    const { socket, world } = await openLine();
    const fate = fateOf(socket, 'a');
    socket.fail(broken);
    expect(fate).toEqual(['sent', 'unknown']);
    await world.next();
    world.native.open();
    expect(world.native.sent).toEqual([]);
  });
});

describe('fail(…, { code })', () => {
  test.each([1001, 1012, 1013])('%i spreads the clients', async (code) => {
    const { socket } = await openSocket();
    const events = record(socket);
    socket.fail(broken, { code });
    expect(events).toContainEqual(['retry', { attempt: 1, delay: 2_500, cause: 'failed' }]);
    expect(events).toContainEqual(['close', expect.objectContaining({ code, wasClean: false })]);
  });

  test('is what `shouldReconnect` and `delay` go by', async () => {
    const shouldReconnect = vi.fn(() => true);
    const delay = vi.fn(() => 7);
    const { clock, socket } = await openSocket({
      heartbeat: false,
      reconnect: { shouldReconnect, delay },
    });
    socket.fail(broken, { code: 4400 });
    expect(shouldReconnect.mock.calls).toMatchObject([[{ code: 4400, cause: 'failed' }]]);
    expect(delay.mock.calls).toMatchObject([[{ cause: 'failed', delay: 925 }]]);
    expect(clock.pending).toEqual([7]);
  });

  test('that is not worth a retry is the end', async () => {
    const { socket } = await openSocket();
    socket.fail(broken, { code: 4403 });
    expect(socket.getSnapshot()).toMatchObject({ status: 'closed', error: { code: 'gave-up' } });
  });

  test('is not what the server is told: that is an ordinary close', async () => {
    const { socket, native } = await openSocket();
    socket.fail(broken, { code: 1012 });
    expect(native.closeCalls).toEqual([[1000, '']]);
  });
});

describe('fail() in a listener', () => {
  test('of messages: what comes after is not heard', async () => {
    const { socket, native } = await openSocket();
    const heard: unknown[] = [];
    const { onmessage } = native.handlers;
    socket.on('message', (message) => {
      heard.push(message);
      socket.fail(broken);
    });
    native.receiveJson('one');
    onmessage?.({ data: '"two"' });
    expect(heard).toEqual(['one']);
    expect(socket.status).toBe('waiting');
  });

  test.each(['open', 'close', 'status', 'error', 'retry'] as const)(
    'of `%s` goes in no circles',
    async (event) => {
      const { world, socket } = await socketIn('connecting', { heartbeat: false });
      const call = vi.fn(() => socket.fail(broken));
      socket.on(event, call);
      for (let count = 0; count < 10; count++) {
        if (world.natives.at(-1)?.readyState === 0) world.native.open();
        if (socket.status === 'open') world.native.die();
        await world.next();
      }
      // Each time at least one wait lies between.
      expect(call.mock.calls.length).toBeLessThan(50);
      expect(world.natives.length).toBeLessThanOrEqual(11);
      expect(world.reported).toEqual([]);
    },
  );

  test('of `open`: nothing that waits goes out on that line', async () => {
    const { world, socket } = await socketIn('connecting');
    socket.send('waits');
    socket.on('open', () => socket.fail(broken), { once: true });
    world.native.open();
    expect(world.native.sent).toEqual([]);
    expect(socket.queued.messages).toBe(1);
    await world.next();
    world.native.open();
    expect(world.native.sent).toEqual(['"waits"']);
  });
});

describe('fail() refuses', () => {
  test.each([undefined, null, 'text', 5, { message: 'almost' }])(
    'what is no Error: %j',
    async (error) => {
      const { socket } = await openSocket();
      const events = record(socket);
      expect(thrown(() => socket.fail(error as never), 'options').message).not.toContain('text');
      expect(events).toEqual([]);
      expect(socket.status).toBe('open');
    },
  );

  test.each([0, 999, 5_000, 1006.5, NaN, '1012', null])('the code %j', async (code) => {
    const { socket } = await openSocket();
    const call = (): void => socket.fail(broken, { code: code as never });
    expect(thrown(call, 'options').message).toContain('options.code');
    expect(socket.status).toBe('open');
  });

  test('options that it does not know, also where there is nothing to fail', async () => {
    const { socket } = await socketIn('idle');
    expect(thrown(() => socket.fail(broken, { reason: '' } as never), 'options').message).toContain(
      'options.reason',
    );
  });

  test.each([1_000, 4_999, undefined])('no code from 1000 to 4999: %j', async (code) => {
    const { socket } = await openSocket();
    socket.fail(broken, { code });
    expect(socket.getSnapshot().lastClose?.code).toBe(code ?? 1006);
  });
});
