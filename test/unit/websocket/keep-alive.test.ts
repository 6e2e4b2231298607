import { describe, expect, test } from 'vitest';
import { openDropIn } from '../../support/drop-in.js';
import { NOTHING } from '../../support/world.js';

const heartbeat = {
  message: () => 'ping',
  isReply: (data: unknown) => data === 'pong',
  interval: 10_000,
  timeout: 2_000,
};

describe('a heartbeat of the application’s own', () => {
  test('there is none unless it is given', async () => {
    const { world, line } = await openDropIn();
    await world.advance(600_000);
    expect([line.sent, world.clock.pending]).toEqual([[], []]);
  });

  test('pings, hides the answers, and gives up a line that stops answering', async () => {
    const { world, events, line } = await openDropIn({ heartbeat });
    await world.advance(1_000);
    expect(line.sent).toEqual(['ping']);
    line.receive('pong');
    line.receive('message');
    await world.advance(10_000 + 3_000);
    await world.advance(2_000);
    expect(events).toEqual(['message message', 'error 0 a ping was not answered', 'close 0 1006']);
  });

  test('a pong that nobody asked for is a message', async () => {
    const { events, line } = await openDropIn({ heartbeat });
    line.receive('pong');
    expect(events).toEqual(['message pong']);
  });

  test('in the native mode that is the end', async () => {
    const { world, events, line } = await openDropIn({
      reconnect: false,
      heartbeat: { ...heartbeat, expectReply: true },
    });
    await world.advance(10_000);
    expect(line.sent).toEqual(['ping']);
    await world.advance(2_000);
    expect(events).toEqual(['error 3 a ping was not answered', 'close 3 1006']);
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('bytes are sent as they are at that moment', async () => {
    const bytes = new Uint8Array([1, 2]);
    const { world, line } = await openDropIn({ heartbeat: { ...heartbeat, message: () => bytes } });
    await world.advance(1_000);
    bytes[0] = 9;
    expect(line.sent).toEqual([new Uint8Array([1, 2])]);
  });

  test('pings of the server’s get their answer, past everybody', async () => {
    const { events, line } = await openDropIn({
      heartbeat: { message: false, answer: (data) => (data === '2' ? '3' : undefined) },
    });
    line.receive('2');
    line.receive('4hello');
    expect([line.sent, events]).toEqual([['3'], ['message 4hello']]);
  });

  test('and their silence is death', async () => {
    const { world, events } = await openDropIn({
      heartbeat: { message: false, interval: 25_000, timeout: 20_000 },
    });
    for (let second = 0; second < 46; second++) await world.advance(1_000);
    expect(events.slice(0, 2)).toEqual(['error 0 the server has not pinged', 'close 0 1006']);
  });

  test('close() still sends what waited while the line was under suspicion', async () => {
    const { world, socket, events, line } = await openDropIn({ heartbeat });
    await world.advance(1_000);
    line.receive('pong');
    await world.advance(500);
    world.tell('online');
    socket.send('held');
    expect(line.sent).not.toContain('held');
    socket.close(1000);
    expect(line.sent.at(-1)).toBe('held');
    expect(events).toEqual([]);
  });

  test('what throws is told, and costs no more', async () => {
    const { events, line } = await openDropIn({
      heartbeat: {
        ...heartbeat,
        isReply() {
          throw new Error('a slip');
        },
        answer() {
          throw new Error('another');
        },
      },
    });
    line.receive('hello');
    expect(events).toEqual([
      'error 1 heartbeat.answer threw',
      'error 1 heartbeat.isReply threw',
      'message hello',
    ]);
  });
});
