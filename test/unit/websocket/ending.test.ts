import { describe, expect, test } from 'vitest';
import { dropIn, openDropIn } from '../../support/drop-in.js';
import { NOTHING, turn } from '../../support/world.js';

describe('close()', () => {
  test('closes with what it was given, and the server has the last word', async () => {
    const { world, socket, events, line } = await openDropIn();
    socket.close(3001, 'enough');
    expect([socket.readyState, line.closeCalls]).toEqual([2, [[3001, 'enough']]]);
    line.receive('late');
    line.onclose?.({ code: 3001, reason: 'enough', wasClean: true });
    expect(events).toEqual(['close 3 3001 enough clean']);
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('without a code none goes out', async () => {
    const { socket, line } = await openDropIn();
    socket.close();
    expect(line.closeCalls).toEqual([[undefined, undefined]]);
  });

  test('ends after 5 s where the server does not answer', async () => {
    const { world, socket, events } = await openDropIn();
    socket.close();
    await world.advance(4_999);
    expect(socket.readyState).toBe(2);
    await world.advance(1);
    expect(events).toEqual(['close 3 1006']);
  });

  test.each([[{}], [{ reconnect: false } as const]])(
    'while it is connecting fails the attempt, in a task of its own (%o)',
    async (options) => {
      const { world, socket, events } = dropIn(options);
      await turn();
      socket.close();
      await turn();
      expect([socket.readyState, events]).toEqual([2, []]);
      await world.advance(0);
      expect(events).toEqual(['error 3', 'close 3 1006']);
      expect(world.leftovers).toEqual(NOTHING);
    },
  );

  test('at once after the constructor costs no connection', async () => {
    const { world, socket, events } = dropIn();
    socket.close();
    await world.advance(0);
    expect([world.natives, events]).toEqual([[], ['error 3', 'close 3 1006']]);
  });

  test('between two connections is a last close event', async () => {
    const { world, socket, events, line } = await openDropIn();
    line.onclose?.({ code: 1006, reason: '', wasClean: false });
    socket.close();
    expect(socket.readyState).toBe(2);
    await world.advance(0);
    expect(events).toEqual(['close 0 1006', 'error 3', 'close 3 1006']);
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('from a close listener ends it as well', async () => {
    const { world, socket, events, line } = await openDropIn();
    socket.addEventListener('close', () => socket.close());
    line.onclose?.({ code: 1006, reason: '', wasClean: false });
    await world.advance(60_000);
    expect(events).toEqual(['close 0 1006', 'error 3', 'close 3 1006']);
  });

  test('from an open listener closes that connection, with what waited sent before', async () => {
    const { socket, open } = dropIn();
    socket.send('waited');
    socket.onopen = () => socket.close();
    const line = await open();
    expect([line.sent, line.closeCalls]).toEqual([['waited'], [[undefined, undefined]]]);
  });

  test('of what waits where there is no connection, a drop event tells', async () => {
    const { world, socket, events } = dropIn();
    socket.send('waited');
    socket.close();
    await world.advance(0);
    await world.advance(0);
    expect(events).toContain('drop waited closed');
  });

  test('what is sent afterwards only counts', async () => {
    const { socket, line } = await openDropIn();
    socket.close();
    socket.send('grüß');
    expect([socket.bufferedAmount, line.sent]).toEqual([6, []]);
  });

  test('twice is once', async () => {
    const { world, socket, line } = await openDropIn();
    socket.close(3001);
    socket.close(3002);
    expect(line.closeCalls).toHaveLength(1);
    line.die(3001);
    socket.close();
    await world.advance(0);
    expect(socket.readyState).toBe(3);
  });

  test('a connection that the server is closing stays closed', async () => {
    const { world, socket, events, line } = await openDropIn();
    line.readyState = 2;
    expect(socket.readyState).toBe(2);
    socket.close();
    line.onclose?.({ code: 1001, reason: '', wasClean: true });
    await world.advance(60_000);
    expect([world.natives.length, events]).toEqual([1, ['close 3 1001 clean']]);
  });

  test.each([
    [999, 'InvalidAccessError'],
    [1001, 'InvalidAccessError'],
    [2999, 'InvalidAccessError'],
    [5000, 'InvalidAccessError'],
    [NaN, 'InvalidAccessError'],
    [66_536, 'InvalidAccessError'],
  ])('code %d is refused as by the platform, and nothing has happened', async (code, name) => {
    const { socket, line } = await openDropIn();
    expect(() => socket.close(code)).toThrow(expect.objectContaining({ name }));
    expect(() => socket.close(3000, 'é'.repeat(62))).toThrow(
      expect.objectContaining({ name: 'SyntaxError' }),
    );
    expect([socket.readyState, line.closeCalls]).toEqual([1, []]);
  });
});

describe('reconnect()', () => {
  test('replaces the connection, and tells of the old one in a task of its own', async () => {
    const { world, socket, events, line, open } = await openDropIn();
    socket.reconnect(4000, 'new token');
    expect([socket.readyState, events, line.closeCalls[0]]).toEqual([0, [], [4000, 'new token']]);
    await world.advance(0);
    await open();
    expect(events).toEqual(['close 0 1006 new token', 'open 1']);
  });

  test('what follows waits for that event, a message too', async () => {
    const { world, socket, events, open } = await openDropIn();
    socket.reconnect();
    const line = await open();
    line.receive('welcome');
    expect(events).toEqual([]);
    await world.advance(0);
    await world.advance(0);
    await world.advance(0);
    expect(events).toEqual(['close 1 1006', 'open 1', 'message welcome']);
  });

  test('brings back what was closed', async () => {
    const { world, socket, line, open } = await openDropIn();
    socket.close();
    line.die(1000);
    await world.advance(1_000);
    socket.send('lost');
    socket.reconnect();
    expect(socket.bufferedAmount).toBe(0);
    socket.send('kept');
    expect((await open()).sent).toEqual(['kept']);
  });

  test('refuses what close() refuses', async () => {
    const { socket, line } = await openDropIn();
    expect(() => socket.reconnect(1005)).toThrow(
      expect.objectContaining({ name: 'InvalidAccessError' }),
    );
    expect(line.isAlive).toBe(true);
  });

  test('in a close listener does not go in circles', async () => {
    const { world, socket, line } = await openDropIn();
    socket.addEventListener('close', () => socket.reconnect());
    line.die(1006);
    await world.advance(900);
    expect(world.natives.length).toBeLessThan(4);
  });
});

describe('close() and reconnect() by turns', () => {
  /** How often listeners of `close` were to believe that it is over. */
  const ends = (events: string[]) => events.filter((event) => event.startsWith('close 3'));

  test('on an open line end once', async () => {
    const { world, socket, events } = await openDropIn();
    socket.close(1000);
    socket.reconnect();
    socket.close(1000);
    await world.advance(0);
    expect(ends(events)).toHaveLength(1);
    expect([socket.readyState, world.leftovers]).toEqual([3, NOTHING]);
  });

  test('before anything was open end once', async () => {
    const { world, socket, events } = dropIn();
    socket.close();
    for (let count = 0; count < 2; count++) {
      socket.reconnect();
      socket.close();
    }
    await world.advance(0);
    expect(ends(events)).toHaveLength(1);
    expect([socket.readyState, world.leftovers]).toEqual([3, NOTHING]);
  });

  test('end with a connection where reconnect() had the last word', async () => {
    const { world, socket, events, open } = dropIn();
    socket.close();
    socket.reconnect();
    await world.advance(0);
    await open();
    expect(ends(events)).toEqual([]);
    expect(socket.readyState).toBe(1);
  });

  test.each(['shouldReconnect', 'delay'])('close() within %s ends it once', async (name) => {
    const made = await openDropIn({
      reconnect: {
        [name]: () => {
          made.socket.close();
          return name === 'delay' ? 5 : true;
        },
      },
    });
    made.line.die(1011);
    await made.world.advance(10_000);
    expect(ends(made.events)).toHaveLength(1);
    expect([made.world.natives.length, made.world.leftovers]).toEqual([1, NOTHING]);
  });
});
