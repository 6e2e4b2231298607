import { describe, expect, test } from 'vitest';
import { NOTHING, openSocket, turn, World } from '../../support/world.js';

/** Lets so many milliseconds pass in steps, in a world whose server refuses every attempt. */
async function refuse(world: World, milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 50) {
    await world.advance(50);
    if (world.native.isAlive) world.native.die(1006);
    await turn();
  }
}

describe('what everybody writes first does not go in circles', () => {
  test('reconnect() in a close listener: one call, one attempt', async () => {
    const { world, socket } = await openSocket({ heartbeat: false });
    await world.advance(2_000);
    let closes = 0;
    socket.on('close', () => {
      closes++;
      socket.reconnect();
    });
    socket.reconnect();
    await turn();
    expect(closes).toBe(1);
    expect(world.natives).toHaveLength(2);
  });

  test.each([
    ['close', 'reconnect', 'reconnect'],
    ['close', 'reconnect', 'none'],
    ['close', 'connect', 'none'],
    ['retry', 'connect', 'none'],
    ['status', 'reconnect', 'none'],
    ['error', 'reconnect', 'reconnect'],
  ] as const)(
    'in %s: %s(), and in close: %s(), against a server that refuses: one attempt a second',
    async (event, first, second) => {
      const world = new World();
      const socket = world.create(undefined, { heartbeat: false });
      socket.on(event, () => socket[first]());
      if (second !== 'none') socket.on('close', () => socket[second]());
      await turn();
      await refuse(world, 3_000);
      expect(world.natives.length).toBeGreaterThan(1);
      expect(world.natives.length).toBeLessThan(7);
    },
  );

  test('reconnect() in close, a microtask later', async () => {
    const world = new World();
    const socket = world.create(undefined, { heartbeat: false });
    socket.on('close', () => void Promise.resolve().then(() => socket.reconnect()));
    await turn();
    socket.reconnect();
    await turn();
    expect(world.natives.length).toBeLessThan(4);
  });

  test('reconnect() in close, against a server that accepts and closes', async () => {
    const world = new World();
    const socket = world.create(undefined, { heartbeat: false });
    socket.on('close', () => socket.reconnect());
    await turn();
    for (let passed = 0; passed < 3_000; passed += 50) {
      if (world.native.readyState === 0) world.native.open();
      await world.advance(50);
      if (world.native.isAlive) world.native.die(1011);
      await turn();
    }
    expect(world.natives.length).toBeLessThan(7);
  });

  test('connect() in close, and close() at every change of status, within one task', () => {
    const world = new World();
    const socket = world.create(undefined, { heartbeat: false });
    let closes = 0;
    socket.on('close', () => ++closes < 100 && socket.connect());
    socket.on('status', () => void socket.close());
    void socket.close();
    expect(closes).toBeLessThan(6);
  });

  test('connect() in retry, and close() in error, where the provider fails', async () => {
    const world = new World();
    let asked = 0;
    const url = (): string => {
      asked++;
      throw new Error('no token');
    };
    const socket = world.create(url, { heartbeat: false });
    socket.on('error', () => void socket.close());
    socket.on('retry', () => asked < 100 && socket.connect());
    for (let count = 0; count < 50; count++) await turn();
    expect(asked).toBeLessThan(6);
  });

  test('close() in the provider, and connect() once it is closed', async () => {
    const world = new World();
    let asked = 0;
    const socket = world.create(() => {
      if (++asked < 100) void socket.close();
      return 'wss://example.com/';
    });
    socket.on('status', ({ status }) => status === 'closed' && socket.connect());
    for (let count = 0; count < 50; count++) await turn();
    expect(asked).toBeLessThan(6);
  });

  test('while it is held, it waits, and says until when', async () => {
    const world = new World();
    const socket = world.create(undefined, { heartbeat: false, reconnect: { baseDelay: 60_000 } });
    await turn();
    await world.advance(400);
    world.native.die(1006);
    socket.connect();
    expect(socket.status).toBe('waiting');
    expect(socket.getSnapshot().retryAt).toBe(world.clock.now() + 600);
    await world.advance(600);
    expect(socket.status).toBe('connecting');
  });
});

describe('reconnect() and connect() act at once', () => {
  test('on a healthy line', async () => {
    const { world, socket } = await openSocket({ heartbeat: false });
    await world.advance(1_000);
    socket.reconnect();
    expect(socket.status).toBe('connecting');
  });

  test('after close(), whatever failed before', async () => {
    const world = new World();
    const socket = world.create(undefined, { heartbeat: false });
    await turn();
    world.native.die(1006);
    await socket.close();
    socket.connect();
    expect(socket.status).toBe('connecting');
  });

  test('after a component came and went', async () => {
    const world = new World();
    const socket = world.create(undefined, { heartbeat: false });
    for (let times = 0; times < 3; times++) {
      await socket.close();
      socket.connect();
      expect(socket.status).toBe('connecting');
    }
  });

  test('and do not forget the retries before a connection has lasted', async () => {
    const { world, socket, native } = await openSocket({ heartbeat: false });
    native.die(1006);
    await world.next();
    world.native.die(1006);
    await world.advance(1_000);
    socket.reconnect();
    expect(socket.getSnapshot().attempt).toBe(2);
  });
});

describe('refusals', () => {
  test.each([
    [1008, { url: () => 'wss://example.com/' }],
    [4401, { url: () => 'wss://example.com/' }],
    [4401, { url: 'wss://example.com/', handshake: () => Promise.resolve() }],
  ])(
    '%i is retried with %j, but not the third time in a row',
    async (code, { url, ...options }) => {
      const world = new World();
      const socket = world.create(url, { heartbeat: false, ...options });
      for (const expected of ['waiting', 'waiting', 'closed']) {
        await turn();
        world.native.open();
        await turn();
        world.native.die(code);
        expect(socket.status).toBe(expected);
        if (expected === 'waiting') await world.next();
      }
      expect(world.leftovers).toEqual(NOTHING);
    },
  );

  test('a connection that lasted begins the count anew', async () => {
    const world = new World();
    const socket = world.create(() => 'wss://example.com/', { heartbeat: false });
    for (let times = 0; times < 5; times++) {
      await turn();
      world.native.open();
      await world.advance(5_000);
      world.native.die(4401);
      expect(socket.status).toBe('waiting');
      await world.next();
    }
  });
});
