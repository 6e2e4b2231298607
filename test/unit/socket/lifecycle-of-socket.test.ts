import { describe, expect, test, vi } from 'vitest';
import { rejected, thrown } from '../../support/errors.js';
import {
  NOTHING,
  openSocket,
  record,
  socketIn,
  STATUSES,
  turn,
  World,
} from '../../support/world.js';

describe('the page and the network coming back', () => {
  test('cut a wait short', async () => {
    const { world, clock, socket } = await socketIn('waiting', { heartbeat: false });
    const events = record(socket);
    world.wake('shown');
    expect(socket.status).toBe('connecting');
    await turn();
    expect(world.natives).toHaveLength(2);
    expect(clock.pending).toEqual([10_000]);
    expect(events.map(([name]) => name)).toEqual(['status']);
    expect(socket.getSnapshot()).toMatchObject({ attempt: 1, retryAt: undefined });
  });

  test('do not make the backoff forget, as a tab in front: what fails again waits longer', async () => {
    const { world, clock } = await socketIn('waiting');
    world.wake('shown');
    await turn();
    world.native.die(1006);
    expect(clock.pending).toEqual([2_220]);
  });

  test('leave an attempt alone', async () => {
    const { world, socket } = await socketIn('connecting');
    const before = socket.getSnapshot();
    world.wake('shown');
    await turn();
    expect(world.natives).toHaveLength(1);
    expect(socket.getSnapshot()).toBe(before);
  });

  test('do not wake what the application has put to rest', async () => {
    for (const status of ['idle', 'closing', 'closed'] as const) {
      const { world, socket } = await socketIn(status);
      const before = world.natives.length;
      for (let count = 0; count < 4; count++) world.wake();
      await turn();
      expect(socket.status).toBe(status);
      expect(world.natives).toHaveLength(before);
    }
  });
});

describe('a machine that slept', () => {
  test('through a wait retries as soon as it wakes', async () => {
    const { world, clock, socket } = await socketIn('waiting');
    clock.sleep(3_600_000);
    await world.advance(0);
    expect(socket.status).toBe('connecting');
    expect(world.natives).toHaveLength(2);
  });

  test('through an attempt starts another', async () => {
    const { world, clock, socket } = await socketIn('connecting');
    clock.sleep(3_600_000);
    await world.advance(0);
    expect(socket.status).toBe('waiting');
    await world.next();
    expect(world.natives).toHaveLength(2);
    expect(world.live).toHaveLength(1);
  });
});

describe('the page is watched', () => {
  test.each([
    ['idle', 0],
    ['connecting', 1],
    ['open', 1],
    ['waiting', 1],
    ['closing', 1],
    ['closed', 0],
  ] as const)('%s: by %i', async (status, watchers) => {
    const { world } = await socketIn(status);
    expect(world.watchers.size).toBe(watchers);
  });

  test('once, however often the line is made anew', async () => {
    const { world, socket } = await openSocket();
    for (let count = 0; count < 10; count++) {
      socket.reconnect();
      await turn();
      world.native.open();
    }
    expect(world.watchers.size).toBe(1);
  });

  test('again after a closed socket was revived, and no longer after it was closed again', async () => {
    const { world, socket } = await socketIn('closed');
    socket.connect();
    await turn();
    expect(world.watchers.size).toBe(1);
    await socket.close();
    expect(world.leftovers).toEqual(NOTHING);
  });
});

describe('a signal', () => {
  test.each(STATUSES.map((status) => [status]))('that is aborted closes: %s', async (status) => {
    const controller = new AbortController();
    const { world, socket } = await socketIn(status, { signal: controller.signal });
    const closed = socket.ready().catch(() => undefined);
    controller.abort();
    // What is closing already takes the time that it was given.
    await world.advance(status === 'closing' ? 5_000 : 0);
    await closed;
    expect(socket.status).toBe('closed');
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('that is aborted closes an open line cleanly, and does not wait for the answer', async () => {
    const controller = new AbortController();
    const { world, socket, native } = await openSocket({ signal: controller.signal });
    const events = record(socket);
    controller.abort();
    expect(native.closeCalls[0]).toEqual([1000, '']);
    await world.advance(0);
    expect(socket.status).toBe('closed');
    expect(events.filter(([name]) => name === 'close')).toMatchObject([
      ['close', { cause: 'client', willReconnect: false }],
    ]);
  });

  test('that is aborted already leaves the socket closed from the start', async () => {
    const world = new World();
    const provider = vi.fn(() => 'wss://example.com/');
    const socket = world.create(provider, { signal: AbortSignal.abort() });
    await turn();
    expect(socket.status).toBe('closed');
    expect(socket.send('late')).toBe('dropped');
    expect(provider).not.toHaveBeenCalled();
    expect(world.leftovers).toEqual(NOTHING);
    await rejected(socket.ready(), 'closed');
  });

  test('that is aborted is for good: there is no way back', async () => {
    const controller = new AbortController();
    const { world, socket } = await openSocket({ signal: controller.signal });
    controller.abort();
    await world.advance(0);
    thrown(() => socket.connect(), 'aborted');
    thrown(() => socket.reconnect(), 'aborted');
    await turn();
    expect(socket.status).toBe('closed');
    expect(world.natives).toHaveLength(1);
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('that is aborted while a flush goes on ends that, too, and all sending', async () => {
    const controller = new AbortController();
    const { world, socket, native } = await openSocket({ signal: controller.signal });
    native.bufferedAmount = 2_000_000;
    socket.send('stuck');
    const closed = socket.close({ flush: true });
    controller.abort();
    await world.advance(0);
    await closed;
    expect(socket.status).toBe('closed');
    expect(world.leftovers).toEqual(NOTHING);
    thrown(() => socket.connect(), 'aborted');
    expect(socket.send('late')).toBe('dropped');
    expect(socket.queued.messages).toBe(0);
  });

  test('is not listened to once the socket is closed', async () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    const { socket, native } = await openSocket({ signal });
    const closed = socket.close();
    native.die(1000);
    await closed;
    expect(added.mock.calls.length).toBeGreaterThan(0);
    expect(removed.mock.calls.map((call) => call[1])).toEqual(
      added.mock.calls.map((call) => call[1]),
    );
  });

  test('is listened to before the first connect(), too', async () => {
    const controller = new AbortController();
    const world = new World();
    const socket = world.create(undefined, { autoConnect: false, signal: controller.signal });
    controller.abort();
    await turn();
    expect(socket.status).toBe('closed');
    thrown(() => socket.connect(), 'aborted');
  });

  test('closes a socket that was closed and revived', async () => {
    const controller = new AbortController();
    const { world, socket } = await socketIn('closed', { signal: controller.signal });
    socket.connect();
    await turn();
    world.native.open();
    controller.abort();
    await world.advance(0);
    expect(socket.status).toBe('closed');
    expect(world.leftovers).toEqual(NOTHING);
  });
});

describe('what listeners throw', () => {
  test('is reported, and starves nobody', async () => {
    const { world, socket, native } = await openSocket();
    const heard: string[] = [];
    for (const event of ['message', 'message:chat', 'close', 'status', 'retry'] as const) {
      socket.on(event, () => crash(event));
      socket.on(event, () => void heard.push(event));
    }
    native.receiveJson({ type: 'chat' });
    native.die(1006);
    expect(heard).toEqual(['message', 'message:chat', 'close', 'status', 'retry']);
    expect(world.reported).toEqual(heard);
    expect(socket.status).toBe('waiting');
    await world.next();
    expect(world.natives).toHaveLength(2);
  });
});

test('nothing is ever printed, whatever goes wrong', async () => {
  const printed = vi.fn();
  const methods = ['log', 'info', 'debug', 'warn', 'error', 'trace'] as const;
  for (const method of methods) vi.spyOn(console, method).mockImplementation(printed);
  try {
    const world = new World();
    const socket = world.create(() => crash('provider'), {
      heartbeat: { message: () => crash('message') },
      reconnect: { delay: () => crash('delay'), shouldReconnect: () => crash('shouldReconnect') },
    });
    socket.on('status', () => crash('listener'));
    await turn();
    await world.next();
    await socket.close();
    const other = await openSocket({ heartbeat: { message: () => crash('message') } });
    other.native.receive('not JSON');
    await other.world.advance(30_000);
    other.native.die(1008);
    expect(other.socket.status).toBe('closed');
    expect(printed).not.toHaveBeenCalled();
  } finally {
    vi.restoreAllMocks();
  }
});

function crash(reason: unknown): never {
  throw reason;
}
