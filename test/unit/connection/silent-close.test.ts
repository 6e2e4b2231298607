import { describe, expect, test } from 'vitest';
import { NOTHING, openSocket, record, turn, World } from '../../support/world.js';

describe('an error without a close', () => {
  test.each([
    ['CONNECTING', 0],
    ['CLOSED', 3],
  ])('in readyState %s is the end of an attempt within a second', async (_, readyState) => {
    const world = new World();
    const socket = world.create(undefined, { heartbeat: false });
    await turn();
    world.native.readyState = readyState;
    world.native.onerror?.({});
    await world.advance(1_000);
    expect(socket.getSnapshot().lastClose).toMatchObject({ code: 1006, cause: 'network' });
  });

  test('while it is closing waits for the true code, be it half a minute', async () => {
    const { world, socket, native } = await openSocket({ heartbeat: false });
    native.readyState = 2;
    native.onerror?.({});
    await world.advance(29_000);
    expect(socket.status).toBe('open');
    native.die(1009);
    expect(socket.getSnapshot().lastClose).toMatchObject({ code: 1009, willReconnect: false });
  });

  test('is noticed, though there was another before it opened', async () => {
    const world = new World();
    const socket = world.create(undefined, { heartbeat: false });
    await turn();
    world.native.onerror?.({});
    world.native.open();
    await world.advance(1_000);
    world.native.readyState = 3;
    world.native.onerror?.({});
    await world.advance(1_000);
    expect(socket.getSnapshot().lastClose).toMatchObject({ code: 1006, cause: 'network' });
  });

  test('that is followed by one keeps its code, and leaves no timer', async () => {
    const { world, socket, native } = await openSocket({ heartbeat: false });
    native.readyState = 3;
    native.onerror?.({});
    native.onclose?.({ code: 4000, reason: 'why', wasClean: true });
    expect(socket.getSnapshot().lastClose).toMatchObject({ code: 4000, reason: 'why' });
    void socket.close();
    await world.advance(1_000);
    expect(world.leftovers).toEqual(NOTHING);
  });
});

describe('a socket that is found closed without an event', () => {
  test('is lost at a wake-up', async () => {
    const { world, socket, native } = await openSocket({ heartbeat: false });
    native.readyState = 3;
    world.wake('shown');
    await world.advance(1_000);
    expect(socket.getSnapshot().lastClose).toMatchObject({ code: 1006, cause: 'network' });
  });

  test('is lost at the next ping', async () => {
    const { world, socket, native } = await openSocket();
    native.readyState = 3;
    await world.advance(1_000);
    await world.advance(100);
    expect(socket.getSnapshot().lastClose).toMatchObject({ code: 1006, cause: 'network' });
  });
});

test('code 0, as Deno has it, is the network’s', async () => {
  const { socket, native } = await openSocket({ heartbeat: false });
  native.die(0, '', false);
  expect(socket.getSnapshot().lastClose).toMatchObject({ code: 0, cause: 'network' });
});

test('a constructor that throws says what it threw, and is a cause of its own', async () => {
  const world = new World();
  const socket = world.create('wss://example.com/?token=s3cret', {
    heartbeat: false,
    WebSocket: function (url: string) {
      throw new DOMException(`no ${url}`, 'SecurityError');
    } as never,
  });
  const events = record(socket);
  await turn();
  expect(events).toMatchObject([
    ['error', { code: 'unsupported', message: expect.stringContaining('SecurityError') as string }],
    ['close', { cause: 'constructor', willReconnect: true }],
    ['status', { status: 'waiting' }],
    ['retry', { cause: 'constructor' }],
  ]);
  expect((events[0]?.[1] as Error).message).not.toContain('s3cret');
});

test('a close() that throws leaves no dead client', async () => {
  const { world, socket, native } = await openSocket({ heartbeat: false });
  native.close = () => {
    throw new Error('shim');
  };
  const closed = socket.close({ timeout: 100 });
  await world.advance(100);
  await closed;
  expect(socket.status).toBe('closed');
  socket.connect();
  await turn();
  world.native.open();
  expect(socket.status).toBe('open');
});
