import { describe, expect, test, vi } from 'vitest';
import type { ConnectionClose } from '../../../src/connection/close.js';
import type { SocketError } from '../../../src/base/errors.js';
import type { Status } from '../../../src/connection/machine.js';
import type { DelayContext, ReconnectOptions } from '../../../src/connection/reconnect-options.js';
import type { CloseInfo } from '../../../src/connection/close.js';
import { rejected } from '../../support/errors.js';
import { stateOf } from '../../support/outbox-line.js';
import {
  NOTHING,
  openSocket,
  record,
  socketIn,
  turn,
  World,
  type WorldOptions,
} from '../../support/world.js';

const CHANCES = [0, 0.5, 0.999];

test('a connection that dies leads to another', async () => {
  const { world, socket, native } = await openSocket();
  const events = record(socket);
  native.die(1006);
  expect(socket.status).toBe('waiting');
  expect(world.clock.pending).toEqual([925]);
  await world.advance(924);
  expect(world.natives).toHaveLength(1);
  await world.advance(1);
  expect(world.natives).toHaveLength(2);
  world.native.open();
  expect(socket.status).toBe('open');
  expect(events.map(([name]) => name)).toEqual([
    ...['close', 'status', 'retry'],
    'status',
    ...['status', 'open'],
  ]);
});

/** The delay before the first retry after `lose`, for each chance. */
async function firstDelays(
  lose: (world: World) => unknown,
  options: WorldOptions = {},
  status: Status = 'open',
): Promise<number[]> {
  const delays: number[] = [];
  for (const chance of CHANCES) {
    const { world, socket } = await socketIn(status, options);
    socket.on('retry', ({ delay }) => delays.push(delay), { once: true });
    world.chance = chance;
    await lose(world);
  }
  return delays;
}

describe('the first delay follows the cause', () => {
  test.each([[1001], [1012], [1013]])(
    'after %i everybody comes back within spread, not at once',
    async (code) => {
      const die = (world: World): void => world.native.die(code);
      expect(await firstDelays(die)).toEqual([0, 2_500, 4_995]);
      expect(await firstDelays(die, { reconnect: { spread: 60_000 } })).toEqual([
        0, 30_000, 59_940,
      ]);
    },
  );

  test.each([[1000], [1005], [1006], [1011], [1014], [3000], [4000], [4399], [4500]])(
    'after %i, which is unclear, anywhere below baseDelay',
    async (code) => {
      const die = (world: World): void => world.native.die(code);
      expect(await firstDelays(die)).toEqual([0, 925, 1_848]);
      expect(await firstDelays(die, { reconnect: { baseDelay: 300 } })).toEqual([0, 150, 299]);
    },
  );

  test('after an attempt that timed out, anywhere below baseDelay', async () => {
    const timeUp = (world: World): Promise<void> => world.advance(10_000);
    expect(await firstDelays(timeUp, {}, 'connecting')).toEqual([0, 925, 1_848]);
  });

  test('after a refused upgrade, anywhere below baseDelay', async () => {
    const refuse = (world: World): void => world.native.die(1006);
    expect(await firstDelays(refuse, {}, 'connecting')).toEqual([0, 925, 1_848]);
  });

  test('after a missed heartbeat, anywhere below baseDelay', async () => {
    const heartbeat = { interval: 2_000, timeout: 700, expectReply: true };
    const goSilent = (world: World): Promise<void> => world.advance(2_700);
    expect(await firstDelays(goSilent, { heartbeat })).toEqual([0, 925, 1_848]);
  });

  test('after a loss that comes with waking up, at once', async () => {
    const dieAwoken = (world: World): void => {
      world.wake();
      world.native.die(1006);
    };
    expect(await firstDelays(dieAwoken)).toEqual([0, 0, 0]);
    expect(await firstDelays(dieAwoken, { heartbeat: false })).toEqual([0, 0, 0]);
  });

  test('a server that sends everybody away does so also to those who have just woken', async () => {
    const dieAwoken = (world: World): void => {
      world.wake();
      world.native.die(1012);
    };
    expect(await firstDelays(dieAwoken)).toEqual([0, 2_500, 4_995]);
  });

  test.each([[1000], [1011], [4000]])(
    'a server that closes with %i has its own reasons: waking up is none',
    async (code) => {
      const dieAwoken = (world: World): void => {
        world.wake();
        world.native.die(code);
      };
      expect(await firstDelays(dieAwoken)).toEqual([0, 925, 1_848]);
    },
  );

  test('a loss some time after waking up is unclear again', async () => {
    const dieLater = async (world: World): Promise<void> => {
      world.wake();
      await world.advance(10_000);
      world.native.die(1006);
    };
    expect(await firstDelays(dieLater)).toEqual([0, 925, 1_848]);
  });

  test('waking up excuses one loss only, or a server that kills would be hammered', async () => {
    const { world, clock, native } = await openSocket();
    world.wake();
    native.die(1006);
    expect(clock.pending).toEqual([0]);
    await world.next();
    world.native.open();
    world.native.die(1006);
    expect(clock.pending).toEqual([2_220]);
  });

  test('a retry is announced with its delay and cause', async () => {
    const { socket, native } = await openSocket();
    const retries: unknown[] = [];
    socket.on('retry', (retry) => retries.push(retry));
    native.die(1012);
    expect(retries).toEqual([{ attempt: 1, delay: 2_500, cause: 'server' }]);
  });
});

describe('backing off', () => {
  /** The delays after `count` losses, each of them right after the line was opened. */
  async function delaysOf(
    count: number,
    options: ReconnectOptions = {},
    chance = 0.5,
  ): Promise<(number | undefined)[]> {
    const { world, clock } = await socketIn('open', { reconnect: options });
    world.chance = chance;
    const delays = [];
    for (let loss = 0; loss < count; loss++) {
      if (loss > 0) world.native.open();
      world.native.die(1006);
      delays.push(clock.pending[0]);
      await world.next();
    }
    return delays;
  }

  test('multiplies the ceiling by 1.6, up to 15 s', async () => {
    const delays = [925, 2_220, 3_552, 5_683, 9_093, 11_250];
    expect(await delaysOf(6)).toEqual(delays);
  });

  test('multiplies by factor, up to maxDelay', async () => {
    const options = { baseDelay: 100, factor: 3, maxDelay: 1_000 };
    expect(await delaysOf(5, options)).toEqual([50, 225, 675, 750, 750]);
  });

  test('jitters over the upper half also at the cap', async () => {
    expect((await delaysOf(9, {}, 0)).at(-1)).toBe(7_500);
    expect((await delaysOf(9, {}, 0.999)).at(-1)).toBe(14_992);
  });

  test('goes on for a server that accepts and then kills', async () => {
    const { world, clock, socket } = await socketIn('open');
    for (const delay of [925, 2_220, 3_552, 5_683]) {
      await world.advance(4_999);
      world.native.die(1006);
      expect(clock.pending).toEqual([delay]);
      await world.next();
      world.native.open();
    }
    expect(socket.getSnapshot().attempt).toBe(4);
  });

  test.each([
    [undefined, 5_000],
    [{ minUptime: 200 }, 200],
    [{ minUptime: 0 }, 0],
  ])(
    'starts over after a connection that stayed open for minUptime (%j)',
    async (options, uptime) => {
      const { world, clock, socket } = await socketIn('open', { reconnect: options });
      world.native.die(4000);
      await world.next();
      world.native.die(4000);
      expect(clock.pending).toEqual([2_220]);
      await world.next();
      world.native.open();
      expect(socket.getSnapshot().attempt).toBe(2);
      await world.advance(uptime);
      world.native.die(4000);
      expect(clock.pending).toEqual([925]);
      expect(socket.getSnapshot().attempt).toBe(1);
    },
  );

  test('does not start over for an attempt that took as long to fail', async () => {
    const { world, clock } = await socketIn('connecting', { reconnect: { minUptime: 100 } });
    world.native.die(1006);
    await world.next();
    await world.advance(9_000);
    world.native.die(1006);
    expect(clock.pending).toEqual([2_220]);
  });

  test('counts uptime from when the line is open, not from the attempt', async () => {
    const { world, clock } = await socketIn('open', { reconnect: { minUptime: 1_000 } });
    world.native.die(1006);
    await world.next();
    await world.advance(5_000);
    world.native.open();
    await world.advance(999);
    world.native.die(1006);
    expect(clock.pending).toEqual([2_220]);
  });
});

describe('whether to reconnect at all', () => {
  test.each([
    [1000, true],
    [1001, true],
    [1002, false],
    [1003, false],
    [1005, true],
    [1006, true],
    [1007, false],
    [1008, false],
    [1009, false],
    [1010, false],
    [1011, true],
    [1012, true],
    [1013, true],
    [1014, true],
    [3000, true],
    [3008, true],
    [4000, true],
    [4399, true],
    [4400, false],
    [4401, false],
    [4403, false],
    [4499, false],
    [4500, true],
  ])('after %i: %s', async (code, willReconnect) => {
    const { world, socket, native } = await openSocket();
    const events = record(socket);
    native.die(code, 'why', true);
    expect(socket.status).toBe(willReconnect ? 'waiting' : 'closed');
    const cause = code === 1006 ? 'network' : 'server';
    expect(events[0]).toEqual([
      'close',
      { code, reason: 'why', wasClean: true, cause, willReconnect },
    ]);
    if (willReconnect) return;
    expect(events.map(([name]) => name)).toEqual(['close', 'status']);
    expect(socket.getSnapshot().error).toMatchObject({ code: 'gave-up' });
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('after 4401 where the url comes from a provider', async () => {
    const world = new World();
    const socket = world.create(() => 'wss://example.com/');
    await turn();
    world.native.open();
    world.native.die(4401);
    expect(socket.status).toBe('waiting');
    await world.next();
    world.native.die(4402);
    expect(socket.status).toBe('closed');
  });

  test('after 4401 where the protocols come from a provider', async () => {
    const { socket, native } = await openSocket({ protocols: () => 'token' });
    native.die(4401);
    expect(socket.status).toBe('waiting');
  });

  test('reconnect false means never', async () => {
    const { world, socket, native } = await openSocket({ reconnect: false });
    const events = record(socket);
    native.die(1006);
    expect(socket.status).toBe('closed');
    expect(events.map(([name]) => name)).toEqual(['close', 'status']);
    expect(events[0]?.[1]).toMatchObject({ code: 1006, willReconnect: false });
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('reconnect false means never for a failed attempt, too', async () => {
    const { socket, world } = await socketIn('connecting', { reconnect: false });
    await world.advance(10_000);
    expect(socket.status).toBe('closed');
    expect(socket.getSnapshot().error).toMatchObject({
      code: 'gave-up',
      cause: { code: 'timeout' },
    });
  });

  test('maxAttempts are the retries in a row, and then it is over', async () => {
    const { world, socket } = await socketIn('connecting', { reconnect: { maxAttempts: 3 } });
    const failure = rejected(socket.ready(), 'closed');
    const events = record(socket);
    for (let failed = 0; failed < 3; failed++) {
      world.native.die(1006);
      expect(socket.status).toBe('waiting');
      await world.next();
    }
    world.native.die(1006);
    expect(socket.status).toBe('closed');
    expect(world.natives).toHaveLength(4);
    const closes = events.filter(([name]) => name === 'close').map(([, close]) => close);
    expect(closes).toMatchObject(
      [true, true, true, false].map((willReconnect) => ({ willReconnect })),
    );
    expect((await failure).cause).toMatchObject({ code: 'gave-up' });
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('maxAttempts count anew after a connection that stayed', async () => {
    const { world, socket } = await socketIn('open', { reconnect: { maxAttempts: 1 } });
    for (let loss = 0; loss < 3; loss++) {
      await world.advance(5_000);
      world.native.die(1006);
      expect(socket.status).toBe('waiting');
      await world.next();
      world.native.open();
    }
    world.native.die(1006);
    expect(socket.status).toBe('closed');
  });

  test('maxAttempts 0 means that the first loss is the last', async () => {
    const { socket, native } = await openSocket({ reconnect: { maxAttempts: 0 } });
    native.die(1006);
    expect(socket.status).toBe('closed');
  });

  test('by default there is no last attempt', async () => {
    const { world, socket } = await socketIn('connecting');
    for (let failed = 0; failed < 200; failed++) {
      world.native.die(1006);
      await world.next();
    }
    expect(socket.status).toBe('connecting');
    expect(socket.getSnapshot().attempt).toBe(200);
  });

  test('what was sent meanwhile is dropped when it is over', async () => {
    const { socket, native } = await socketIn('open', { reconnect: false }).then((given) => ({
      ...given,
      native: given.world.native,
    }));
    const drops: unknown[] = [];
    socket.on('drop', (drop) => drops.push(drop));
    native.isStalled = true;
    socket.send('lost');
    native.die(1006);
    expect(drops).toEqual([{ message: 'lost', reason: 'closed' }]);
    expect(socket.send('later')).toBe('dropped');
  });
});

describe('shouldReconnect', () => {
  test('is asked with how it ended, and decides', async () => {
    const asked: ConnectionClose[] = [];
    for (const answer of [true, false]) {
      const { world, socket, native } = await openSocket({
        reconnect: { shouldReconnect: (close) => (asked.push(close), answer) },
      });
      const closes: CloseInfo[] = [];
      socket.on('close', (close) => closes.push(close));
      native.die(answer ? 1008 : 1006, 'why');
      expect(socket.status).toBe(answer ? 'waiting' : 'closed');
      expect(closes).toMatchObject([{ willReconnect: answer }]);
      if (!answer) expect(world.leftovers).toEqual(NOTHING);
    }
    expect(asked).toMatchObject([
      { code: 1008, reason: 'why', wasClean: true, cause: 'server' },
      { code: 1006, reason: 'why', wasClean: false, cause: 'network' },
    ]);
  });

  test('is asked once for each loss, and after failed attempts as well', async () => {
    const shouldReconnect = vi.fn(() => true);
    const { world } = await socketIn('connecting', { reconnect: { shouldReconnect } });
    world.native.die(1006);
    await world.next();
    await world.advance(10_000);
    expect(shouldReconnect.mock.calls).toMatchObject([
      [{ cause: 'network' }],
      [{ cause: 'timeout' }],
    ]);
  });

  test.each(['shouldReconnect', 'delay'] as const)(
    'the page wakes up while %s is asked: one attempt, and nothing of the old connection is left',
    async (name) => {
      const world = new World();
      const wake = () => (world.wake(), undefined);
      const heartbeat = { interval: 1_000, timeout: 500, expectReply: true };
      const { socket, native } = await openSocket(
        { heartbeat, reconnect: { [name]: wake } },
        world,
      );
      const events = record(socket);
      await world.advance(1_500);
      expect(socket.status).toBe('connecting');
      expect(world.live).toEqual([world.native]);
      expect(world.natives).toHaveLength(2);
      expect(native.closeCalls).toHaveLength(1);
      expect(events.filter(([event]) => event === 'close')).toMatchObject([
        ['close', { cause: 'heartbeat', willReconnect: true }],
      ]);
    },
  );

  test('somebody waits for ready() while it is asked: the line is lost already', async () => {
    let isReady: Promise<void> | undefined;
    const shouldReconnect = (): boolean => {
      isReady = socket.ready();
      return true;
    };
    const { socket, native }: Awaited<ReturnType<typeof openSocket>> = await openSocket({
      reconnect: { shouldReconnect },
    });
    native.die(1006);
    expect(await stateOf(Promise.resolve(isReady))).toBe('pending');
  });

  test('is not asked where nothing can help: after maxAttempts, for a final error', async () => {
    const shouldReconnect = vi.fn(() => true);
    const first = await openSocket({ reconnect: { maxAttempts: 0, shouldReconnect } });
    first.native.die(1006);
    expect(first.socket.status).toBe('closed');
    const world = new World();
    const second = world.create(() => 'nonsense:', { reconnect: { shouldReconnect } });
    await turn();
    expect(second.status).toBe('closed');
    expect(shouldReconnect).not.toHaveBeenCalled();
  });

  test.each([
    [1006, 'waiting'],
    [1008, 'closed'],
  ])('that throws is reported, and the default holds: %i → %s', async (code, status) => {
    const failure = new Error('oops');
    const { world, socket, native } = await openSocket({
      reconnect: {
        shouldReconnect: () => {
          throw failure;
        },
      },
    });
    const errors: SocketError[] = [];
    socket.on('error', (error) => errors.push(error));
    native.die(code);
    expect(socket.status).toBe(status);
    expect(errors).toMatchObject([{ code: 'callback', cause: failure }]);
    expect(errors[0]?.message).toContain('shouldReconnect');
    expect(world.reported).toEqual([]);
  });

  test.each([
    [undefined],
    [null],
    [0],
    [1],
    ['no'],
    [{}],
    [Promise.resolve(false)],
    [Symbol('no')],
  ])('that gives %s, which is no answer, still leads to a clear one', async (answer) => {
    const { socket, native } = await openSocket({
      reconnect: { shouldReconnect: () => answer as never },
    });
    const closes: CloseInfo[] = [];
    socket.on('close', (close) => closes.push(close));
    native.die(1006);
    const willReconnect = socket.status === 'waiting';
    expect(['waiting', 'closed']).toContain(socket.status);
    expect(closes).toMatchObject([{ willReconnect }]);
  });

  test.each([
    ['close()', 'closed', false],
    ['reconnect()', 'connecting', true],
    ['connect()', 'connecting', true],
  ])('that calls %s itself is overtaken by that', async (call, status, willReconnect) => {
    const world = new World();
    const socket = world.create(undefined, {
      heartbeat: false,
      reconnect: {
        shouldReconnect: () => {
          if (call === 'close()') void socket.close();
          else if (call === 'connect()') socket.connect();
          else socket.reconnect();
          return call === 'close()';
        },
      },
    });
    await turn();
    world.native.open();
    await world.advance(1_000);
    const events = record(socket);
    world.native.die(1011, 'oops');
    await turn();
    expect(socket.status).toBe(status);
    const closes = events.filter(([name]) => name === 'close').map(([, close]) => close);
    expect(closes).toMatchObject([{ code: 1011, reason: 'oops', cause: 'server', willReconnect }]);
    expect(world.clock.pending).toHaveLength(call === 'close()' ? 0 : 1);
    expect(world.live).toHaveLength(call === 'close()' ? 0 : 1);
  });
});

describe('delay', () => {
  async function delayed(
    delay: (context: DelayContext) => unknown,
    code = 1006,
  ): Promise<{ delays: number[]; errors: SocketError[]; status: string }> {
    const { clock, socket, native } = await openSocket({
      reconnect: { delay: delay as () => number },
    });
    const errors: SocketError[] = [];
    socket.on('error', (error) => errors.push(error));
    native.die(code, 'retry-after=7');
    return { delays: clock.pending, errors, status: socket.status };
  }

  test('overrides one delay', async () => {
    expect(await delayed(() => 7_000)).toMatchObject({ delays: [7_000], errors: [] });
    expect(await delayed(() => 0, 1012)).toMatchObject({ delays: [0], errors: [] });
  });

  test('may leave it as it is', async () => {
    expect(await delayed(() => undefined)).toMatchObject({ delays: [925], errors: [] });
  });

  test('is asked with all that is known', async () => {
    const asked: DelayContext[] = [];
    await delayed((context) => void asked.push(context), 1013);
    const lastClose = { code: 1013, reason: 'retry-after=7', wasClean: true, cause: 'server' };
    expect(asked).toMatchObject([{ attempt: 1, cause: 'server', delay: 2_500, lastClose }]);
  });

  test('is asked anew for each retry, and backs off on', async () => {
    const asked: number[][] = [];
    const { world } = await openSocket({
      reconnect: { delay: ({ attempt, delay }) => void asked.push([attempt, delay]) },
    });
    for (let loss = 0; loss < 3; loss++) {
      world.native.die(1006);
      await world.next();
    }
    expect(asked).toEqual([
      [1, 925],
      [2, 2_220],
      [3, 3_552],
    ]);
  });

  test('shows in the snapshot and in the retry event', async () => {
    const { clock, socket, native } = await openSocket({ reconnect: { delay: () => 7_000 } });
    const retries: unknown[] = [];
    socket.on('retry', (retry) => retries.push(retry));
    native.die(1006);
    expect(retries).toEqual([{ attempt: 1, delay: 7_000, cause: 'network' }]);
    expect(socket.getSnapshot().retryAt).toBe(clock.now() + 7_000);
  });

  test('may be for ever: then there is no timer', async () => {
    const { delays, status } = await delayed(() => Infinity);
    expect({ delays, status }).toEqual({ delays: [], status: 'waiting' });
  });

  test('that throws is reported, and the backoff holds', async () => {
    const failure = new Error('oops');
    const { delays, errors } = await delayed(() => {
      throw failure;
    });
    expect(delays).toEqual([925]);
    expect(errors).toMatchObject([{ code: 'callback', cause: failure }]);
    expect(errors[0]?.message).toContain('delay');
  });

  test.each([[NaN], [-1], ['soon'], [{}], [Promise.resolve(5)], [Symbol('5')], [5n]])(
    'that gives %s is reported, and the backoff holds',
    async (nonsense) => {
      const { delays, errors, status } = await delayed(() => nonsense);
      expect(status).toBe('waiting');
      expect(delays).toEqual([925]);
      expect(errors).toMatchObject([{ code: 'callback' }]);
    },
  );

  test('that closes the socket itself is overtaken by that', async () => {
    const world = new World();
    const socket = world.create(undefined, {
      reconnect: { delay: () => (void socket.close(), 1_000) },
    });
    await turn();
    const closes: CloseInfo[] = [];
    socket.on('close', (close) => closes.push(close));
    world.native.die(1011, 'oops');
    expect(socket.status).toBe('closed');
    expect(closes).toMatchObject([{ code: 1011, reason: 'oops', willReconnect: false }]);
    expect(world.leftovers).toEqual(NOTHING);
  });
});

describe('without a network', () => {
  test('attempts slow down to about maxDelay, and do not stop', async () => {
    const { world, clock, native } = await openSocket();
    world.isOnline = false;
    native.die(1006);
    for (let failed = 0; failed < 20; failed++) {
      expect(clock.pending).toEqual([11_250]);
      await world.next();
      expect(world.natives).toHaveLength(failed + 2);
      world.native.die(1006);
    }
  });

  test.each([
    [0, 5_000],
    [0.5, 7_500],
    [0.999, 9_995],
  ])('they still differ: chance %d → %d ms', async (chance, delay) => {
    const { world, clock, native } = await openSocket({ reconnect: { maxDelay: 10_000 } });
    world.isOnline = false;
    world.chance = chance;
    native.die(1012);
    expect(clock.pending).toEqual([delay]);
  });

  test('the first attempt is made all the same: it is only a hint', async () => {
    const world = new World();
    world.isOnline = false;
    const socket = world.create();
    await turn();
    world.native.open();
    expect(socket.status).toBe('open');
  });

  test('an open line is left alone', async () => {
    const { world, socket } = await openSocket();
    world.isOnline = false;
    await world.advance(20_000);
    expect(socket.status).toBe('open');
    expect(socket.send('hello')).toBe('sent');
  });

  test('an online event cuts any wait short', async () => {
    const { world, clock, socket, native } = await openSocket({
      heartbeat: false,
      reconnect: { delay: () => 3_600_000 },
    });
    native.die(1006);
    await world.advance(1_000);
    world.wake();
    await turn();
    expect(socket.status).toBe('connecting');
    expect(world.natives).toHaveLength(2);
    expect(clock.pending).toEqual([10_000]);
  });
});

describe('the true code and reason are passed on', () => {
  test.each([
    [1000, 'bye', true],
    [1005, '', true],
    [1006, '', false],
    [1011, 'oops', true],
    [4000, 'custom', true],
  ])('%i %j', async (code, reason, wasClean) => {
    const { socket, native } = await openSocket();
    const closes: CloseInfo[] = [];
    socket.on('close', (close) => closes.push(close));
    native.die(code, reason, wasClean);
    expect(closes).toMatchObject([{ code, reason, wasClean }]);
    expect(socket.getSnapshot().lastClose).toBe(closes[0]);
    expect(Object.isFrozen(closes[0])).toBe(true);
  });

  test('a refused upgrade is 1006, not 1000', async () => {
    const { world, socket } = await socketIn('connecting');
    const closes: CloseInfo[] = [];
    socket.on('close', (close) => closes.push(close));
    world.native.die(1006);
    expect(closes).toEqual([
      { code: 1006, reason: '', wasClean: false, cause: 'network', willReconnect: true },
    ]);
  });
});

test.each([
  ['maxDelay', { maxDelay: Infinity }, 1006],
  ['spread', { spread: Infinity }, 1012],
])('an infinite %s is a very long wait, and no hot loop', async (_, reconnect, code) => {
  const world = new World();
  world.isOnline = code !== 1006;
  world.chance = 0;
  const socket = world.create(undefined, { reconnect });
  await turn();
  world.native.open();
  world.native.die(code);
  const { status, retryAt } = socket.getSnapshot();
  expect(status).toBe('waiting');
  expect(retryAt).toBeGreaterThanOrEqual(world.clock.now());
});
