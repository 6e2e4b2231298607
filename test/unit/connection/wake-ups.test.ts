import { describe, expect, test } from 'vitest';
import { openSocket, socketIn, turn, World } from '../../support/world.js';

const QUIET = { heartbeat: false } as const;

describe('the network that is back', () => {
  test('ends a wait, and forgets the retries', async () => {
    const { world, socket, native } = await openSocket(QUIET);
    native.die(1006);
    for (let retry = 0; retry < 5; retry++) {
      await world.next();
      world.native.die(1006);
    }
    world.wake('online');
    await turn();
    expect(socket.getSnapshot()).toMatchObject({ status: 'connecting', attempt: 0 });
    world.native.die(1006);
    // Half of the first window: it is jittered, and no longer than that.
    expect(world.clock.pending).toEqual([925]);
  });

  test('replaces an attempt that is stalled, once, with the address that its provider gave', async () => {
    const world = new World();
    let asked = 0;
    const socket = world.create(() => `wss://example.com/${++asked}`, QUIET);
    await turn();
    await world.advance(1_000);
    world.wake('online');
    await turn();
    expect(world.natives.map(({ url }) => url)).toEqual(Array(2).fill('wss://example.com/1'));
    expect(world.live).toHaveLength(1);
    expect(world.clock.pending).toEqual([10_000]);
    world.wake('awake');
    await turn();
    expect(world.natives).toHaveLength(2);
    expect(asked).toBe(1);
    expect(socket.status).toBe('connecting');
  });

  test('leaves a handshake alone', async () => {
    const world = new World();
    world.create(undefined, { ...QUIET, handshake: () => new Promise(() => undefined) });
    await turn();
    world.native.open();
    world.wake('online');
    await turn();
    expect(world.natives).toHaveLength(1);
  });

  test('does so once in 30 s at the most', async () => {
    const { world, socket } = await socketIn('waiting', QUIET);
    world.wake('online');
    await turn();
    expect(socket.getSnapshot().attempt).toBe(0);
    world.native.die(1006);
    await world.advance(500);
    world.wake('online');
    expect(socket.status).toBe('waiting');
    await world.advance(30_000);
    await turn();
    world.native.die(1006);
    world.wake('online');
    expect(socket.getSnapshot()).toMatchObject({ status: 'connecting', attempt: 0 });
  });
});

describe('a tab in front', () => {
  test('ends a wait once a second at the most: a hundred make no storm', async () => {
    const { world } = await socketIn('waiting', { ...QUIET, reconnect: { baseDelay: 60_000 } });
    const before = world.natives.length;
    for (let event = 0; event < 100; event++) {
      world.wake('shown');
      await world.advance(30);
      if (world.native.readyState === 0) world.native.die(1006);
    }
    expect(world.natives.length - before).toBeLessThanOrEqual(4);
  });

  test('does not use up the attempts', async () => {
    const { world, socket } = await socketIn('waiting', {
      ...QUIET,
      reconnect: { maxAttempts: 2, baseDelay: 60_000 },
    });
    for (let times = 0; times < 5; times++) {
      world.wake('shown');
      await turn();
      world.native.die(1006);
      await world.advance(1_000);
      expect(socket.status).toBe('waiting');
    }
  });

  test('makes one ping a second at the most', async () => {
    const { world, native } = await openSocket();
    for (let event = 0; event < 100; event++) {
      world.wake('shown');
      await world.advance(9);
    }
    expect(native.sent).toHaveLength(1);
  });
});

test.each([1001, 1012, 1013])(
  'a wait that the server asked for with %i is not cut',
  async (code) => {
    const { world, socket, native } = await openSocket(QUIET);
    native.die(code);
    for (const event of ['online', 'awake', 'shown'] as const) world.wake(event);
    expect(socket.status).toBe('waiting');
    expect(world.clock.pending).toEqual([2_500]);
  },
);

describe('a page that is leaving', () => {
  test('makes no attempt for 3 s, and comes back if it stays', async () => {
    const { world, socket, native } = await openSocket(QUIET);
    world.chance = 0;
    world.tell('leaving');
    native.die(1001);
    expect(world.clock.pending).toEqual([3_000]);
    await world.advance(2_999);
    expect(world.natives).toHaveLength(1);
    await world.advance(1);
    expect(socket.status).toBe('connecting');
  });

  test('puts off a wait that has begun', async () => {
    const { world, socket } = await socketIn('waiting', QUIET);
    world.tell('leaving');
    expect(world.clock.pending).toEqual([3_000]);
    expect(socket.getSnapshot().retryAt).toBe(world.clock.now() + 3_000);
  });

  test('is back at once when it is shown again', async () => {
    const { world, socket } = await socketIn('waiting', QUIET);
    world.tell('leaving');
    world.wake('awake');
    expect(socket.status).toBe('connecting');
  });
});
