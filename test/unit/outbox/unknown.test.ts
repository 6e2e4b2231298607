import { describe, expect, test } from 'vitest';
import { dropsOf, fateOf, openLine, reopen } from '../../support/outbox-line.js';
import { turn, type World } from '../../support/world.js';

/** Every message whose fate nobody knows. */
function unknownsOf(socket: Awaited<ReturnType<typeof openLine>>['socket']): unknown[] {
  const unknowns: unknown[] = [];
  socket.on('unknown', ({ message }) => unknowns.push(message));
  return unknowns;
}

describe('what may have arrived is said', () => {
  test('of a connection that was given up, and only of what it still held', async () => {
    const { socket, line } = await openLine();
    const unknowns = unknownsOf(socket);
    const drops = dropsOf(socket);
    for (const message of ['a', 'b', 'c']) socket.send(message);
    line.flow(3);
    socket.reconnect();
    expect(unknowns).toEqual(['b', 'c']);
    expect(drops).toEqual([]);
  });

  test('of a close that the server did not answer', async () => {
    const { world, socket, line } = await openLine();
    const unknowns = unknownsOf(socket);
    socket.send('a');
    const closed = socket.close({ timeout: 100 });
    expect(unknowns).toEqual([]);
    await world.advance(100);
    await closed;
    expect(line.bufferedAmount).toBe(3);
    expect(unknowns).toEqual(['a']);
  });

  test('and not of one that was clean', async () => {
    const { socket, line } = await openLine();
    const fate = fateOf(socket, 'a');
    const closed = socket.close();
    line.flow();
    line.die(1000);
    await closed;
    expect(fate).toEqual(['sent']);
  });

  test('of what the last look held, where the engine forgets', async () => {
    const { socket, line } = await openLine();
    const unknowns = unknownsOf(socket);
    socket.send('a');
    line.dieForgetful();
    expect(unknowns).toEqual(['a']);
    expect(socket.queued.messages).toBe(0);
  });
});

describe('a line under suspicion', () => {
  const PROVEN = { heartbeat: { interval: 1_000, timeout: 5_000 } };

  async function proven(options = {}) {
    const opened = await openLine({ ...PROVEN, ...options });
    await opened.world.advance(1_000);
    opened.line.receive('{"type":"pong"}');
    await opened.world.advance(500);
    return opened;
  }

  test('holds the queue while a wake-up probe is out', async () => {
    const { world, socket, line } = await proven();
    world.wake();
    expect(socket.send('a')).toBe('queued');
    line.receive('"alive"');
    expect(socket.queued.messages).toBe(0);
    expect(line.sent.at(-1)).toBe('"a"');
    expect(socket.send('b')).toBe('sent');
  });

  test('gives what waits to the next one', async () => {
    const { world, socket } = await proven();
    world.wake();
    socket.send('a');
    await world.advance(3_000);
    expect(socket.status).toBe('connecting');
    await turn();
    expect((await reopen(world)).sent).toContain('"a"');
  });

  test('holds nothing where nothing can wait', async () => {
    const { world, socket } = await proven({ queue: false });
    world.wake();
    expect(socket.send('a')).toBe('sent');
  });
});

describe('a message that its connections do not survive', () => {
  const LARGE = 'x'.repeat(70_000);
  const ROOMY = { queue: { highWaterMark: 10_000_000 } };

  /** Each connection takes nothing and is reset, having said hello or not. */
  async function reset(
    { world, line }: Awaited<ReturnType<typeof openLine>>,
    times: number,
    says = 'hello',
  ) {
    let current = line;
    for (let time = 0; time < times; time++) {
      if (time > 0) current = await comeBack(world);
      if (says) current.receive(JSON.stringify(says));
      current.die(1006);
    }
    return current;
  }

  /** The next attempt, whenever it is due, opens. */
  async function comeBack(world: World) {
    await world.next();
    return reopen(world);
  }

  test('is dropped the third time, and does not hold up what follows', async () => {
    const opened = await openLine(ROOMY);
    const drops = dropsOf(opened.socket);
    for (const message of [LARGE, 1, 2]) opened.socket.send(message);
    const last = await reset(opened, 3);
    expect(last.sent).toHaveLength(1);
    expect(drops).toEqual([[LARGE, 'undeliverable']]);
    expect((await comeBack(opened.world)).messages).toEqual([1, 2]);
  });

  test('is found behind small ones that are not sent again', async () => {
    const opened = await openLine(ROOMY);
    const { socket } = opened;
    const drops = dropsOf(socket);
    socket.on('open', () => socket.send('here', { ahead: true, requeue: false }));
    socket.send('here', { requeue: false });
    for (const message of [LARGE, 1]) socket.send(message);
    await reset(opened, 3);
    expect(drops.filter(([, reason]) => reason !== 'returned')).toEqual([[LARGE, 'undeliverable']]);
  });

  test('is not blamed where the server was never heard', async () => {
    const opened = await openLine(ROOMY);
    const drops = dropsOf(opened.socket);
    opened.socket.send(LARGE);
    await reset(opened, 6, '');
    expect(opened.world.natives).toHaveLength(6);
    expect(drops).toEqual([]);
  });

  test('is not blamed for a network that comes and goes', async () => {
    const opened = await openLine(ROOMY);
    const drops = dropsOf(opened.socket);
    opened.socket.send(LARGE);
    opened.world.isOnline = false;
    await reset(opened, 6);
    expect(opened.world.natives).toHaveLength(6);
    expect(drops).toEqual([]);
  });

  test('is not blamed where it is small', async () => {
    const opened = await openLine(ROOMY);
    const drops = dropsOf(opened.socket);
    opened.socket.send('small');
    await reset(opened, 6);
    expect(opened.world.natives).toHaveLength(6);
    expect(drops).toEqual([]);
  });
});
