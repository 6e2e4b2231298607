import { describe, expect, test, vi } from 'vitest';
import type { Snapshot } from '../../../src/socket/snapshot.js';
import { openSocket, record, socketIn, STATUSES, turn, World } from '../../support/world.js';

const INITIAL = {
  status: 'idle',
  since: 0,
  isLate: false,
  attempt: 0,
  retryAt: undefined,
  lastClose: undefined,
  error: undefined,
  connects: 0,
};

describe('a snapshot', () => {
  test('says all there is to say of each state', async () => {
    const world = new World();
    const { clock } = world;
    const socket = world.create(undefined, { autoConnect: false });
    const began = clock.now();
    const initial = { ...INITIAL, since: began };
    expect(socket.getSnapshot()).toEqual(initial);
    socket.connect();
    expect(socket.getSnapshot()).toEqual({ ...initial, status: 'connecting' });
    await world.advance(20);
    world.native.open();
    const opened = { ...initial, status: 'open', since: began + 20, connects: 1 };
    expect(socket.getSnapshot()).toEqual(opened);
    await world.advance(300);
    expect(socket.getSnapshot()).toEqual(opened);
    world.native.die(1011, 'oops');
    const lastClose = {
      code: 1011,
      reason: 'oops',
      wasClean: true,
      cause: 'server',
      willReconnect: true,
    };
    expect(socket.getSnapshot()).toEqual({
      status: 'waiting',
      since: clock.now(),
      isLate: false,
      attempt: 1,
      retryAt: world.clock.now() + 925,
      lastClose,
      error: undefined,
      connects: 1,
    });
    await world.advance(925);
    const since = clock.now();
    const trying = { ...initial, since, status: 'connecting', attempt: 1, lastClose, connects: 1 };
    expect(socket.getSnapshot()).toEqual(trying);
    world.native.open();
    expect(socket.getSnapshot()).toEqual({ ...trying, status: 'open', connects: 2 });
    const closed = socket.close();
    expect(socket.getSnapshot()).toEqual({ ...trying, status: 'closing', connects: 2 });
    world.native.die(1000, 'bye');
    await closed;
    expect(socket.getSnapshot()).toMatchObject({
      status: 'closed',
      retryAt: undefined,
      lastClose: { code: 1000, reason: 'bye', cause: 'client', willReconnect: false },
      error: undefined,
      connects: 2,
    });
  });

  test('keeps the error of a failed attempt until the line is open', async () => {
    const { world, socket } = await socketIn('connecting');
    await world.advance(10_000);
    const { error } = socket.getSnapshot();
    expect(error).toMatchObject({ code: 'timeout' });
    await world.next();
    expect(socket.getSnapshot()).toMatchObject({ status: 'connecting', error });
    world.native.open();
    expect(socket.getSnapshot().error).toBeUndefined();
  });

  test('counts the retries in a row', async () => {
    const { world, socket } = await socketIn('connecting');
    for (const attempt of [1, 2, 3]) {
      world.native.die(1006);
      expect(socket.getSnapshot().attempt).toBe(attempt);
      await world.next();
      expect(socket.getSnapshot().attempt).toBe(attempt);
    }
  });

  test.each(STATUSES.map((status) => [status]))('is frozen and stable: %s', async (status) => {
    const { world, socket } = await socketIn(status, { heartbeat: false });
    const snapshot = socket.getSnapshot();
    expect(snapshot.status).toBe(status);
    expect(socket.status).toBe(status);
    expect(Object.isFrozen(snapshot)).toBe(true);
    if (snapshot.lastClose) expect(Object.isFrozen(snapshot.lastClose)).toBe(true);
    world.clock.sleep(1);
    if (status === 'open') {
      socket.send('hello');
      world.native.receiveJson('hello');
    }
    socket.on('message', () => undefined);
    await turn();
    expect(socket.getSnapshot()).toBe(snapshot);
  });

  test('is another one after each change, and an old one does not change', async () => {
    const { world, socket } = await socketIn('connecting');
    const seen = [socket.getSnapshot()];
    socket.subscribe(() => seen.push(socket.getSnapshot()));
    world.native.open();
    world.native.die(1006);
    await world.next();
    expect(new Set(seen).size).toBe(4);
    expect(seen.map(({ status }) => status)).toEqual([
      'connecting',
      'open',
      'waiting',
      'connecting',
    ]);
  });

  test('for a server is the same idle one, whatever happens', async () => {
    const first = await openSocket();
    const second = await socketIn('closed');
    const snapshot = first.socket.getServerSnapshot();
    expect(snapshot).toEqual(INITIAL);
    expect(Object.isFrozen(snapshot)).toBe(true);
    first.native.die(1006);
    expect(first.socket.getServerSnapshot()).toBe(snapshot);
    expect(second.socket.getServerSnapshot()).toBe(snapshot);
  });
});

describe('subscribe, getSnapshot and getServerSnapshot', () => {
  test('need no this', async () => {
    const { socket, native } = await openSocket();
    const { subscribe, getSnapshot, getServerSnapshot } = socket;
    const listener = vi.fn();
    const unsubscribe = subscribe(listener);
    native.die(1006);
    expect(listener).toHaveBeenCalledOnce();
    expect(getSnapshot()).toBe(socket.getSnapshot());
    expect(getServerSnapshot().status).toBe('idle');
    unsubscribe();
    socket.reconnect();
    expect(listener).toHaveBeenCalledOnce();
  });

  test('are the same functions each time, as external stores need', async () => {
    const { socket } = await openSocket();
    const before = [socket.subscribe, socket.getSnapshot, socket.getServerSnapshot];
    expect([socket.subscribe, socket.getSnapshot, socket.getServerSnapshot]).toEqual(before);
  });

  test('a status event carries the snapshot', async () => {
    const { socket, native } = await openSocket();
    const seen: Snapshot[] = [];
    socket.on('status', (snapshot) => seen.push(snapshot));
    native.die(1006);
    expect(seen).toEqual([socket.getSnapshot()]);
    expect(seen[0]).toBe(socket.getSnapshot());
  });
});

describe('events keep their order, whatever listeners do', () => {
  test('of a whole life', async () => {
    const world = new World();
    const socket = world.create(undefined, { autoConnect: false, heartbeat: false });
    const events = record(socket);
    const names = (): string[] =>
      events
        .splice(0)
        .map(([name, payload]) =>
          name === 'status' ? `status ${(payload as Snapshot).status}` : name,
        );
    socket.connect();
    expect(names()).toEqual(['status connecting']);
    await turn();
    world.native.open();
    expect(names()).toEqual(['status open', 'open']);
    world.native.die(1006);
    expect(names()).toEqual(['close', 'status waiting', 'retry']);
    await world.next();
    expect(names()).toEqual(['status connecting']);
    world.native.open();
    names();
    socket.reconnect();
    expect(names()).toEqual(['close', 'status connecting']);
    await turn();
    world.native.open();
    names();
    const closed = socket.close();
    expect(names()).toEqual(['status closing']);
    world.native.die(1000);
    await closed;
    expect(names()).toEqual(['close', 'status closed']);
  });

  test('a listener that acts does so after all have heard of what it acts on', async () => {
    const { socket, native, clock } = await openSocket();
    clock.advance(1_000);
    const heard: string[] = [];
    socket.on('status', ({ status }) => {
      heard.push(`first ${status}`);
      if (status === 'waiting') socket.reconnect();
      heard.push(`first done ${status}`);
    });
    socket.on('status', ({ status }) => heard.push(`second ${status}`));
    socket.on('retry', () => heard.push('retry'));
    native.die(1006);
    expect(heard).toEqual([
      'first waiting',
      'first done waiting',
      'second waiting',
      'retry',
      'first connecting',
      'first done connecting',
      'second connecting',
    ]);
  });

  test('what a listener does takes effect at once all the same', async () => {
    const { socket, native } = await openSocket();
    let status = '';
    socket.on('close', () => {
      void socket.close();
      ({ status } = socket);
    });
    native.die(1006);
    expect(status).toBe('closed');
  });

  test('closing in a close listener makes the retry that was announced void', async () => {
    const { world, socket, native } = await openSocket();
    const events = record(socket);
    socket.on('close', () => void socket.close());
    native.die(1006);
    await turn();
    expect(socket.status).toBe('closed');
    expect(world.clock.pending).toEqual([]);
    expect(events.filter(([name]) => name === 'close')).toHaveLength(1);
    expect((events.at(-1)?.[1] as Snapshot).status).toBe('closed');
  });

  test('closing in an open listener ends in closed, with the events in order', async () => {
    const { world, socket } = await socketIn('connecting');
    const statuses: string[] = [];
    socket.on('open', () => void socket.close());
    socket.on('status', ({ status }) => statuses.push(status));
    world.native.open();
    world.native.die(1000);
    expect(statuses).toEqual(['open', 'closing', 'closed']);
    expect(world.clock.pending).toEqual([]);
  });

  test('reconnecting in every status listener comes to an end when it stops', async () => {
    const { world, socket, native } = await openSocket();
    let times = 0;
    socket.on('status', () => {
      if (times++ < 5) socket.reconnect();
    });
    world.clock.advance(1_000);
    native.die(1006);
    await turn();
    expect(socket.status).toBe('connecting');
    expect(world.live).toHaveLength(1);
    expect(world.clock.pending).toHaveLength(1);
  });

  test('a listener that is added by a listener hears of the next event, not of this one', async () => {
    const { world, socket, native } = await openSocket();
    const heard = vi.fn();
    socket.on('close', () => void socket.on('close', heard), { once: true });
    native.die(1006);
    expect(heard).not.toHaveBeenCalled();
    await world.next();
    world.native.die(1006);
    expect(heard).toHaveBeenCalledOnce();
  });
});

test('an error with no listener is silent', async () => {
  const { world, socket, native } = await openSocket();
  native.receive('not JSON');
  expect(socket.status).toBe('open');
  expect(world.reported).toEqual([]);
});

test('a socket that is logged as JSON shows no URL: that may carry a token', async () => {
  const world = new World();
  const socket = world.create('wss://example.com/?token=s3cret');
  await turn();
  expect(socket.url).toContain('s3cret');
  expect(JSON.stringify({ socket })).toBe('{"socket":{}}');
});
