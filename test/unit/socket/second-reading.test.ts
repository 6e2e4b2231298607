import { describe, expect, test } from 'vitest';
import { dropsOf, openLine, reopen } from '../../support/outbox-line.js';
import { openSocket, record, turn, World } from '../../support/world.js';

const PONG = { type: 'pong' };

describe('a tab in front', () => {
  test('brings nothing back where there is no reconnecting', async () => {
    const world = new World();
    const socket = world.create(undefined, { heartbeat: false, reconnect: false });
    await turn();
    world.wake('shown');
    world.native.open();
    await world.advance(3_000);
    world.native.die(1006);
    expect(socket.status).toBe('closed');
  });

  test('while connecting leaves the attempts counted', async () => {
    const world = new World();
    const socket = world.create(undefined, { heartbeat: false, reconnect: { maxAttempts: 2 } });
    for (let attempt = 0; attempt < 3; attempt++) {
      await turn();
      world.wake('shown');
      await world.advance(1_000);
      world.native.die(1006);
      if (socket.status === 'waiting') await world.next();
    }
    expect(socket.status).toBe('closed');
  });
});

test('reconnect() at a message and in its own close event does not go in circles', async () => {
  const world = new World();
  const socket = world.create(undefined, { heartbeat: false });
  socket.on('message', () => socket.reconnect());
  socket.on('close', () => socket.reconnect());
  for (let passed = 0; passed < 3_000; passed += 10) {
    await world.advance(10);
    if (world.native.readyState !== 0) continue;
    world.native.open();
    world.native.receiveJson('unauthorized');
  }
  expect(world.natives.length).toBeLessThan(8);
});

test('reconnect() in a close listener does not hide that pings are not borne', async () => {
  const { world, socket } = await openSocket();
  const events = record(socket);
  socket.on('close', () => socket.reconnect());
  for (let second = 0; second < 60; second++) {
    if (world.native.readyState === 0) world.native.open();
    const pings = world.native.sent.length;
    await world.advance(1_000);
    if (world.native.sent.length > pings && world.native.isAlive) world.native.die(1008);
    await turn();
  }
  expect(events.filter(([name]) => name === 'error')).toHaveLength(1);
  expect(world.natives).toHaveLength(3);
});

test('a dead line of a hidden tab, whose timers are all late, is given up', async () => {
  const { world, clock, socket, native } = await openSocket();
  await world.advance(1_000);
  native.receiveJson(PONG);
  const causes: string[] = [];
  socket.on('close', ({ cause }) => causes.push(cause));
  world.isHidden = true;
  for (let minute = 0; minute < 5; minute++) {
    clock.sleep(60_000);
    await world.advance(0);
  }
  expect(causes[0]).toBe('heartbeat');
});

test('a clock that is set back does not stop the pings', async () => {
  const { world, clock, native } = await openSocket({ heartbeat: { interval: 1_000 } });
  await world.advance(1_000);
  native.receiveJson(PONG);
  const pings = native.sent.length;
  const now = clock.now.bind(clock);
  clock.now = () => now() - 3_600_000;
  await world.advance(3_000);
  expect(native.sent.length).toBeGreaterThan(pings);
});

test('a page that is leaving makes no attempt for its listeners either', async () => {
  const { world, socket, native } = await openSocket({ heartbeat: false });
  await world.advance(2_000);
  socket.on('close', () => socket.reconnect());
  world.tell('leaving');
  native.die(1001);
  await world.advance(2_900);
  expect(world.natives).toHaveLength(1);
  await world.advance(200);
  expect(world.natives).toHaveLength(2);
});

test('a large message is not blamed for the restarts of a server', async () => {
  const opened = await openLine({ queue: { highWaterMark: 10_000_000 } });
  const drops = dropsOf(opened.socket);
  opened.socket.send('x'.repeat(100_000));
  let { line } = opened;
  for (let restart = 0; restart < 5; restart++) {
    if (restart > 0) {
      await opened.world.next();
      line = await reopen(opened.world);
    }
    line.receive('"hello"');
    line.die(1012);
  }
  expect(opened.world.natives).toHaveLength(5);
  expect(drops).toEqual([]);
});

test('a network that is back is not used up by a wait of the server’s', async () => {
  const { world, native } = await openSocket({ heartbeat: false });
  native.die(1012);
  world.wake('online');
  await world.next();
  world.wake('online');
  await turn();
  expect(world.natives).toHaveLength(3);
});

test('a machine that slept holds the queue until its line has shown life', async () => {
  const { world, clock, socket, native } = await openSocket();
  await world.advance(1_000);
  native.receiveJson(PONG);
  clock.sleep(3_600_000);
  await world.advance(0);
  expect(socket.send('a')).toBe('queued');
  native.receiveJson(PONG);
  expect(socket.queued.messages).toBe(0);
});

test('an error that is followed by the opening kills nothing', async () => {
  const world = new World();
  const socket = world.create(undefined, { heartbeat: false });
  await turn();
  world.native.onerror?.({});
  world.native.open();
  await world.advance(1_000);
  expect(socket.status).toBe('open');
});

test('a stand-in that answers while it is sending has answered', async () => {
  const { world, socket, native } = await openSocket({ heartbeat: { expectReply: true } });
  const send = native.send.bind(native);
  native.send = (data) => {
    send(data);
    native.receiveJson(PONG);
  };
  await world.advance(100_000);
  expect(socket.status).toBe('open');
  expect(socket.latency).toBe(0);
});
