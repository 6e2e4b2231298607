import { expect, test } from 'vitest';
import { openSocket, socketIn, turn, type World } from '../../support/world.js';

const PING = '{"type":"ping"}';
const PONG = '{"type":"pong"}';

/** A socket whose server has answered a ping once, and is asked again now. */
async function asked(timeout = 10_000) {
  const context = await openSocket({ heartbeat: { interval: 20_000, timeout } });
  const { world, socket, native } = context;
  await untilPinged(world, 1);
  native.receive(PONG);
  await untilPinged(world, 2);
  const lates: [isLate: boolean, status: string][] = [];
  socket.on('status', ({ isLate, status }) => lates.push([isLate, status]));
  return { ...context, lates };
}

async function untilPinged(world: World, count: number): Promise<void> {
  const { sent } = world.native;
  while (sent.filter((frame) => frame === PING).length < count) await world.next();
}

test.each([
  [10_000, 2_500],
  [2_000, 1_000],
])('with a timeout of %i ms a line is late after %i ms', async (timeout, after) => {
  const { world, socket, lates } = await asked(timeout);
  await world.advance(after - 1);
  expect(socket.getSnapshot().isLate).toBe(false);
  const { since } = socket.getSnapshot();
  await world.advance(1);
  expect(socket.getSnapshot()).toMatchObject({ isLate: true, status: 'open', since });
  expect(lates).toEqual([[true, 'open']]);
  expect(Object.isFrozen(socket.getSnapshot())).toBe(true);
});

test('whatever arrives, it is late no more', async () => {
  const { world, socket, native, lates } = await asked();
  await world.advance(3_000);
  native.receiveJson('hello');
  expect(socket.getSnapshot().isLate).toBe(false);
  expect(lates).toEqual([
    [true, 'open'],
    [false, 'open'],
  ]);
});

test('who hears the message that ends it sees that it has ended', async () => {
  const { world, socket, native } = await asked();
  const seen: boolean[] = [];
  socket.on('message', () => seen.push(socket.getSnapshot().isLate));
  await world.advance(3_000);
  native.receiveJson('hello');
  expect(seen).toEqual([false]);
});

test.each(['is given up', 'dies', 'reconnect', 'close', 'pause'] as const)(
  'it is reset when the status changes: %s',
  async (end) => {
    const { world, socket, native, lates } = await asked();
    await world.advance(3_000);
    if (end === 'is given up') await world.advance(7_000);
    else if (end === 'dies') native.die();
    else void socket[end]();
    const { isLate, status } = socket.getSnapshot();
    expect(status).not.toBe('open');
    expect(isLate).toBe(false);
    expect(lates.slice(0, 2)).toEqual([
      [true, 'open'],
      [false, status],
    ]);
  },
);

test('it is no status change: `open` is not told again, nor does anybody settle twice', async () => {
  const { world, socket } = await asked();
  const opens: unknown[] = [];
  socket.on('open', () => opens.push(1));
  await world.advance(3_000);
  expect(socket.getSnapshot().isLate).toBe(true);
  expect(opens).toEqual([]);
});

test('a server that has never answered is never late', async () => {
  const { world, socket, native } = await openSocket();
  const lates: boolean[] = [];
  socket.on('status', ({ isLate }) => lates.push(isLate));
  await world.advance(200_000);
  expect(native.sent.length).toBeGreaterThan(2);
  expect(lates).toEqual([]);
});

test('`since` is when the status began, of each', async () => {
  const { world, clock, socket, native } = await openSocket({ heartbeat: false });
  const opened = clock.now();
  await world.advance(2_000);
  expect(socket.getSnapshot().since).toBe(opened);
  native.die();
  const lost = clock.now();
  await world.advance(500);
  expect(socket.getSnapshot()).toMatchObject({ status: 'waiting', since: lost });
  await world.next();
  expect(socket.getSnapshot()).toMatchObject({ status: 'connecting', since: clock.now() });
  socket.reconnect();
  // Another attempt, and still the same status.
  await turn();
  await world.advance(100);
  expect(socket.getSnapshot().since).toBe(clock.now() - 100);
});

test('`since` of a pause is that of the pause, not of its close handshake', async () => {
  const { world, clock, socket, native } = await openSocket({ heartbeat: false });
  socket.pause();
  const paused = clock.now();
  await world.advance(300);
  native.die(1000);
  expect(socket.getSnapshot()).toMatchObject({ status: 'idle', since: paused });
});

test('`since` of a socket that was never connected is when it was made', async () => {
  const { clock, socket } = await socketIn('idle');
  expect(socket.getSnapshot().since).toBe(clock.now());
});
