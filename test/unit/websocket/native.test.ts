import { describe, expect, test } from 'vitest';
import { ReconnectingWebSocket } from '../../../src/websocket/index.js';
import { dropIn, openDropIn } from '../../support/drop-in.js';
import { linesOf } from '../../support/outbox-line.js';
import { NOTHING, turn, World } from '../../support/world.js';

const NATIVE = { reconnect: false } as const;

describe('in the native mode', () => {
  test('send throws while it is connecting', async () => {
    const { socket, open } = dropIn(NATIVE);
    expect(() => socket.send('early')).toThrow(
      expect.objectContaining({ name: 'InvalidStateError' }),
    );
    const line = await open();
    socket.send('now');
    expect(line.sent).toEqual(['now']);
  });

  test('the first loss is the last', async () => {
    const { world, socket, events, line } = await openDropIn(NATIVE);
    line.die(1012);
    await world.advance(60_000);
    expect([events, world.natives.length]).toEqual([['error 3', 'close 3 1012 clean'], 1]);
    expect([socket.retryCount, socket.shouldReconnect]).toEqual([0, false]);
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('no wake-up begins another attempt', async () => {
    const { world, events } = dropIn(NATIVE);
    await turn();
    expect(world.watchers.size).toBe(0);
    world.tell('online');
    await turn();
    expect([world.natives.length, events]).toEqual([1, []]);
  });

  test('an attempt that hangs ends', async () => {
    const { world, events } = dropIn({ ...NATIVE, connectTimeout: 3_000 });
    await world.advance(0);
    await world.advance(3_000);
    expect(events).toEqual(['error 3 not open after 3000 ms', 'close 3 1006']);
  });

  test('what was in the buffer when it died still counts', async () => {
    const { socket, events, line } = await openDropIn(NATIVE);
    socket.send('12345');
    line.die(1006);
    socket.send('678');
    expect(socket.bufferedAmount).toBe(8);
    expect(events.filter((event) => !/^(error|close)/.test(event))).toEqual([]);
  });

  test('it does not reconnect', async () => {
    const { world, socket } = await openDropIn(NATIVE);
    expect(() => socket.reconnect()).toThrow(
      expect.objectContaining({ name: 'InvalidStateError' }),
    );
    expect(world.natives).toHaveLength(1);
  });

  test('null is text, as the platform has it', async () => {
    const { world } = dropIn(NATIVE, { protocols: null });
    await turn();
    expect(world.native.protocols).toEqual(['null']);
  });
});

describe('with()', () => {
  test('gives a class that takes a URL and subprotocols, and no options', async () => {
    const world = new World();
    const Line = ReconnectingWebSocket.with({ ...NATIVE, WebSocket: linesOf(world) });
    expect(Line.length).toBe(1);
    const socket = new Line('ws://localhost/', 'v1', { nonsense: true } as never);
    await turn();
    expect(world.native.protocols).toEqual(['v1']);
    expect(socket).toBeInstanceOf(ReconnectingWebSocket);
    expect(() => socket.send('early')).toThrow(DOMException);
    socket.close();
  });

  test('of a class that has options already adds to them', () => {
    const world = new World();
    const Line = ReconnectingWebSocket.with({ WebSocket: linesOf(world), startClosed: true });
    expect(new (Line.with({ minUptime: 1 }))('ws://localhost/').readyState).toBe(3);
    const Native = ReconnectingWebSocket.with({ WebSocket: linesOf(world) }).with(NATIVE);
    const socket = new Native('ws://localhost/');
    expect(() => socket.send('early')).toThrow(DOMException);
    socket.close();
  });

  test('options are checked at once', () => {
    expect(() => ReconnectingWebSocket.with({ connectTimeout: -1 })).toThrow(
      'invalid options.connectTimeout: number -1',
    );
  });

  test('in the place of the global class it wants to know what it replaces', () => {
    const Line = ReconnectingWebSocket.with(NATIVE);
    for (const WebSocket of [ReconnectingWebSocket, Line]) {
      expect(() => new ReconnectingWebSocket('ws://localhost/', [], { WebSocket })).toThrow(
        'options.WebSocket is this class',
      );
    }
  });
});
