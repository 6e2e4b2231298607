import { describe, expect, test } from 'vitest';
import { dropIn, openDropIn } from '../../support/drop-in.js';
import { NOTHING, turn } from '../../support/world.js';

describe('in the reconnecting mode', () => {
  test('what is sent early waits, and counts, until it is open', async () => {
    const { socket, open, events } = dropIn();
    socket.send('early');
    expect([socket.readyState, socket.bufferedAmount]).toEqual([0, 5]);
    const line = await open();
    expect(line.sent).toEqual(['early']);
    expect(events).toEqual(['open 1']);
  });

  test('each lost connection is a close event, and each new one an open event', async () => {
    const { world, socket, events, line, open } = await openDropIn();
    line.receive('hello');
    line.die(1012, 'restarting');
    expect(socket.readyState).toBe(0);
    await world.next();
    await open();
    expect(events).toEqual(['message hello', 'error 0', 'close 0 1012 restarting clean', 'open 1']);
  });

  test('what never left a dead connection is sent on the next, and counted once', async () => {
    const { world, socket, line, open } = await openDropIn();
    socket.send('one');
    socket.send('two');
    line.flow(3);
    line.die(1006);
    expect(socket.bufferedAmount).toBe(3);
    await world.next();
    expect((await open()).sent).toEqual(['two']);
  });

  test('an attempt that fails is an error and a close, and not the end', async () => {
    const { world, events, open } = dropIn();
    await turn();
    world.native.die(1006);
    await world.next();
    await open();
    expect(events).toEqual(['error 0', 'close 0 1006', 'open 1']);
  });

  test('one that hangs says so, after connectTimeout', async () => {
    const { world, events } = dropIn({ connectionTimeout: 4_000 });
    await turn();
    await world.advance(4_000);
    expect(events).toEqual(['error 0 not open after 4000 ms', 'close 0 1006']);
  });

  test('the last close is the one that its listeners see as CLOSED', async () => {
    const { world, socket, events, line } = await openDropIn({ maxRetries: 0 });
    line.die(1006);
    expect(events).toEqual(['error 3', 'close 3 1006']);
    expect([socket.readyState, socket.shouldReconnect]).toEqual([3, false]);
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('what finds no room is told, and so is what may have arrived', async () => {
    const { world, socket, events } = dropIn({ maxEnqueuedMessages: 1 });
    socket.send('first');
    socket.send('second');
    expect(events).toEqual([]);
    await world.advance(0);
    expect(events).toEqual(['drop second overflow']);
    world.native.open();
    world.native.onclose?.({ code: 1006, reason: '', wasClean: false });
    expect(events.slice(1)).toEqual(['open 1', 'close 0 1006']);
  });

  test('a message whose line was given up is told as unknown', async () => {
    const { world, socket, events } = await openDropIn();
    socket.send('half gone');
    socket.reconnect();
    await world.advance(0);
    expect(events).toEqual(['unknown half gone', 'close 0 1006']);
  });

  test('a function is asked for the URL and the subprotocols at every attempt', async () => {
    let count = 0;
    const url = () => `wss://example.com/?token=${++count}`;
    const protocols = () => (count > 1 ? ['v2'] : null);
    const { world, socket, line } = await openDropIn({}, { url, protocols });
    expect([socket.url, line.protocols]).toEqual(['wss://example.com/?token=1', []]);
    line.die(1006);
    await world.next();
    expect([socket.url, world.native.protocols]).toEqual(['wss://example.com/?token=2', ['v2']]);
  });

  test('retryCount counts the retries in a row', async () => {
    const { world, socket, line } = await openDropIn({ minUptime: 0 });
    expect(socket.retryCount).toBe(0);
    line.die(1006);
    await world.next();
    world.native.die(1006);
    await world.next();
    expect(socket.retryCount).toBe(2);
  });

  test('startClosed waits for reconnect(), and queues', async () => {
    const { world, socket, open } = dropIn({ startClosed: true });
    await turn();
    socket.send('waiting');
    expect([world.natives.length, socket.readyState, socket.shouldReconnect]).toEqual([
      0,
      3,
      false,
    ]);
    socket.reconnect();
    expect((await open()).sent).toEqual(['waiting']);
  });

  test('null is no subprotocol', async () => {
    const { world } = dropIn({}, { protocols: null });
    await turn();
    expect(world.native.protocols).toEqual([]);
  });

  test('binary arrives as a Blob, or as an ArrayBuffer where that was asked for', async () => {
    const { socket, line } = await openDropIn();
    const heard: unknown[] = [];
    socket.onmessage = ({ data }) => heard.push(data);
    const bytes = new Uint8Array([1, 2, 3]).buffer;
    line.receive(bytes);
    socket.binaryType = 'nonsense' as BinaryType;
    expect(socket.binaryType).toBe('blob');
    socket.binaryType = 'arraybuffer';
    line.receive(bytes);
    expect(heard[0]).toBeInstanceOf(Blob);
    expect((heard[0] as Blob).size).toBe(3);
    expect(heard[1]).toBe(bytes);
  });

  test('a message says where it comes from', async () => {
    const { socket, line } = await openDropIn(
      {},
      { url: 'wss://user:secret@example.com:8443/x?y' },
    );
    const origins: string[] = [];
    socket.onmessage = ({ origin }) => origins.push(origin);
    line.receive('hello');
    expect(origins).toEqual(['wss://example.com:8443']);
  });

  test('a wake-up of the network ends the wait', async () => {
    const { world, line } = await openDropIn({ reconnect: { delay: () => 60_000 } });
    line.die(1006);
    world.tell('online');
    await turn();
    expect(world.natives).toHaveLength(2);
  });
});
