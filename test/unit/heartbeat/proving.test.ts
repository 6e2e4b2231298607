import { describe, expect, test } from 'vitest';
import { record, openSocket, turn } from '../../support/world.js';

const PING = '{"type":"ping"}';
const PONG = { type: 'pong' };
type Opened = Awaited<ReturnType<typeof openSocket>>;

/** Something arrives every 5 s, for so long; each ping is answered. */
async function chat({ world, native }: Opened, milliseconds: number, answers = true) {
  for (let passed = 0; passed < milliseconds; passed += 1_000) {
    const pings = native.sent.length;
    await world.advance(1_000);
    if (answers && native.sent.length > pings) native.receiveJson(PONG);
    if (passed % 5_000 === 0) native.receiveJson('hello');
  }
}

/** Why the first connection ended. */
function causeOf({ socket }: Opened) {
  let cause: string | undefined;
  socket.on('close', (close) => (cause ??= close.cause));
  return () => cause;
}

/** A server that accepts whatever comes, and never says a word: how many connections it sees in so many seconds. */
async function lives({ world }: Opened, seconds: number): Promise<number> {
  for (let passed = 0; passed < seconds; passed++) {
    if (world.native.readyState === 0) world.native.open();
    await world.advance(1_000);
  }
  return world.natives.length;
}

describe('a server that answers is proven soon, whatever arrives', () => {
  test('a busy line that dies is seen', async () => {
    const opened = await openSocket();
    const cause = causeOf(opened);
    await chat(opened, 20_000);
    expect(opened.native.sent).toContain(PING);
    await opened.world.advance(41_000);
    expect(cause()).toBe('heartbeat');
  });

  test('a quiet line that dies soon after its first answer is seen', async () => {
    const opened = await openSocket();
    const cause = causeOf(opened);
    await opened.world.advance(1_000);
    opened.native.receiveJson(PONG);
    await opened.world.advance(41_000);
    expect(cause()).toBe('heartbeat');
  });

  test('until it has answered, pings go out whatever arrives', async () => {
    const opened = await openSocket();
    await chat(opened, 95_000, false);
    expect(opened.native.sent.length).toBeGreaterThanOrEqual(4);
    expect(opened.socket.status).toBe('open');
  });
});

test('a client that only listens is pinging all the same: some servers count what it sends', async () => {
  const { world, native } = await openSocket({ heartbeat: { interval: 1_000 } });
  await world.advance(1_000);
  native.receiveJson(PONG);
  const gaps: number[] = [];
  let last = world.clock.now();
  let count = native.sent.length;
  for (let tick = 0; tick < 100; tick++) {
    await world.advance(300);
    native.receiveJson('talk');
    if (native.sent.length === count) continue;
    count = native.sent.length;
    native.receiveJson(PONG);
    gaps.push(world.clock.now() - last);
    last = world.clock.now();
  }
  expect(gaps.length).toBeGreaterThan(10);
  expect(Math.max(...gaps)).toBeLessThan(2_000);
});

describe('a server that does not bear pings', () => {
  test.each([1003, 1007, 1008, 4400])(
    'and closes with %i does not end the socket',
    async (code) => {
      const { world, socket } = await openSocket();
      const events = record(socket);
      for (let connection = 0; connection < 2; connection++) {
        if (connection > 0) {
          await world.next();
          world.native.open();
        }
        await world.advance(1_000);
        expect(world.native.sent).toEqual([PING]);
        world.native.die(code);
        expect(socket.status).toBe('waiting');
      }
      const errors = events.filter(([name]) => name === 'error').map(([, error]) => error);
      expect(errors).toMatchObject([
        { code: 'heartbeat', message: expect.stringMatching(/heartbeat: false/) as string },
      ]);
      await world.next();
      world.native.open();
      await world.advance(300_000);
      expect(world.native.sent).toEqual([]);
      expect(socket.status).toBe('open');
    },
  );

  test('is not one that refuses the attempts after a reconnect()', async () => {
    const { world, socket } = await openSocket();
    const events = record(socket);
    for (let times = 0; times < 2; times++) {
      await world.advance(1_000);
      socket.reconnect();
      await turn();
      world.native.die(1006);
      await world.next();
      world.native.open();
    }
    expect(events.filter(([name]) => name === 'error')).toEqual([]);
  });

  test('does not excuse the refusal of an attempt after a reconnect()', async () => {
    const { world, socket } = await openSocket();
    await world.advance(1_000);
    socket.reconnect();
    await turn();
    world.native.die(1003);
    expect(socket.status).toBe('closed');
  });

  test('and was not the reason: with the same code again the pings return, and the code decides', async () => {
    const { world, socket } = await openSocket();
    for (let connection = 0; connection < 2; connection++) {
      await world.advance(1_000);
      world.native.die(1008);
      await world.next();
      world.native.open();
    }
    await world.advance(1_000);
    expect(world.native.sent).toEqual([]);
    world.native.die(1008);
    expect(socket.status).toBe('closed');
    await world.advance(10_000);
    socket.connect();
    await turn();
    world.native.open();
    await world.advance(1_000);
    expect(world.native.sent).toEqual([PING]);
  });

  test.each([1001, 1012, 1013])('is not one that is leaving, with %i', async (code) => {
    const { world, socket } = await openSocket();
    const events = record(socket);
    for (let connection = 0; connection < 4; connection++) {
      await world.advance(1_000);
      world.native.die(code);
      await world.next();
      world.native.open();
    }
    expect(events.filter(([name]) => name === 'error')).toEqual([]);
    expect(socket.status).toBe('open');
  });
});

test('attempts that are refused after a loss are no strikes', async () => {
  const { world, socket } = await openSocket();
  const events = record(socket);
  await world.advance(1_000);
  world.native.die(1006);
  for (let attempt = 0; attempt < 3; attempt++) {
    await world.next();
    world.native.die(1006);
  }
  expect(events.filter(([name]) => name === 'error')).toEqual([]);
  await world.next();
  world.native.open();
  await world.advance(1_000);
  expect(world.native.sent).toEqual([PING]);
});

test('an interval without end is no pings at all', async () => {
  const { world, native, socket } = await openSocket({
    heartbeat: { interval: Infinity, timeout: Infinity },
  });
  await world.advance(100_000);
  expect(native.sent).toEqual([]);
  native.die(1008);
  expect(socket.status).toBe('closed');
});

describe('an echo of our own ping', () => {
  /** An echo server, for so long. */
  async function echo({ world, native }: Opened, milliseconds: number, times = 1, after = 50) {
    let seen = native.sent.length;
    for (let passed = 0; passed < milliseconds; passed += 50) {
      await world.advance(50);
      if (native.sent.length === seen) continue;
      seen = native.sent.length;
      await world.advance(after);
      for (let time = 0; time < times; time++) native.receive(PING);
    }
  }

  test('three times in a row is an answer: a line that falls silent is seen', async () => {
    const opened = await openSocket();
    const cause = causeOf(opened);
    await echo(opened, 20_000);
    await opened.world.advance(45_000);
    expect(cause()).toBe('heartbeat');
  });

  test('is a message until then, and none afterwards', async () => {
    const opened = await openSocket();
    const heard: unknown[] = [];
    opened.socket.on('message', (message) => heard.push(message));
    await echo(opened, 10_000);
    const before = heard.length;
    expect(before).toBeGreaterThanOrEqual(3);
    await echo(opened, 120_000);
    expect(heard).toHaveLength(before);
    expect(opened.socket.status).toBe('open');
  });

  test.each([
    ['more than once', 2, 50],
    ['late', 1, 1_500],
  ])('that comes %s is somebody else’s', async (_, times, after) => {
    const opened = await openSocket();
    await echo(opened, 130_000, times, after);
    await opened.world.advance(300_000);
    expect(opened.socket.status).toBe('open');
  });

  test('proves this connection only', async () => {
    const opened = await openSocket();
    await echo(opened, 20_000);
    expect(await lives(opened, 600)).toBe(2);
  });
});

test('a pong while no ping is out belongs to the listeners', async () => {
  const { socket, native } = await openSocket();
  const heard: unknown[] = [];
  socket.on('message', (message) => heard.push(message));
  native.receiveJson(PONG);
  expect(heard).toEqual([PONG]);
});

test('two connections in a row without one answer, and the server is no longer proven', async () => {
  const opened = await openSocket();
  await opened.world.advance(1_000);
  opened.native.receiveJson(PONG);
  // The first has answered; the next two have not.
  expect(await lives(opened, 600)).toBe(4);
});

describe('the browser says that there is no network', () => {
  test('a line that stays silent for 3 s is given up, proven or not', async () => {
    const { world, socket, native } = await openSocket();
    world.isOnline = false;
    world.tell('offline');
    expect(native.sent).toEqual([PING]);
    await world.advance(3_000);
    expect(socket.getSnapshot().lastClose).toMatchObject({ cause: 'heartbeat' });
  });

  test('one that is heard lives on', async () => {
    const { world, socket, native } = await openSocket();
    world.isOnline = false;
    world.tell('offline');
    await world.advance(1_000);
    native.receiveJson('hello');
    await world.advance(20_000);
    expect(socket.status).toBe('open');
  });

  test('one that is back on the network in time is not judged', async () => {
    const { world, socket } = await openSocket();
    world.isOnline = false;
    world.tell('offline');
    await world.advance(2_000);
    world.isOnline = true;
    await world.advance(20_000);
    expect(socket.status).toBe('open');
  });

  test.each(['ws://localhost:1/', 'ws://127.0.0.1/', 'ws://192.168.1.4:80/x', 'ws://[::1]/'])(
    'says nothing about %s',
    async (url) => {
      const { World } = await import('../../support/world.js');
      const world = new World();
      const socket = world.create(url);
      await turn();
      world.native.open();
      world.isOnline = false;
      world.tell('offline');
      await world.advance(20_000);
      expect(socket.status).toBe('open');
    },
  );
});

test('a throttled timer of a hidden tab is no wake-up: a crash is not answered at once by all', async () => {
  const { world, socket, native, clock } = await openSocket();
  await world.advance(1_000);
  native.receiveJson(PONG);
  world.isHidden = true;
  clock.sleep(60_000);
  await world.advance(0);
  native.receiveJson(PONG);
  native.die(1006);
  expect(world.clock.pending).toEqual([925]);
  expect(socket.status).toBe('waiting');
});
