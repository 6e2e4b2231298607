import { describe, expect, test } from 'vitest';
import { lineOf, linesOf } from '../../support/outbox-line.js';
import { ReconnectingWebSocketProbe } from '../../support/probes/reconnecting-websocket.js';
import { NOTHING, turn, World } from '../../support/world.js';

/** A probe in a world in which no retry waits, and the events that it has fired. */
function probe() {
  const world = new World();
  world.chance = 0;
  Object.assign(world, { WebSocket: linesOf(world) });
  const socket = new ReconnectingWebSocketProbe('wss://example.com/', [], {}, world);
  const events: string[] = [];
  for (const type of ['open', 'close', 'error', 'message']) {
    socket.addEventListener(type, (event) => {
      events.push(event instanceof MessageEvent ? `message ${String(event.data)}` : type);
    });
  }
  return { world, socket, events };
}

describe('a class on connection/ and outbox/ alone', () => {
  test('opens, receives as it comes, and queues until it is open', async () => {
    const { world, socket, events } = probe();
    socket.send('early');
    expect(socket.readyState).toBe(0);
    expect(socket.bufferedAmount).toBe(5);
    await turn();
    world.native.open();
    world.native.receive('hello');
    expect(socket.readyState).toBe(1);
    expect(events).toEqual(['open', 'message hello']);
    expect(lineOf(world).sent).toEqual(['early']);
  });

  test('comes back by itself, with what had not left', async () => {
    const { world, socket, events } = probe();
    await turn();
    world.native.open();
    socket.send('one');
    socket.send('two');
    lineOf(world).flow(3);
    world.native.die(1006);
    expect(socket.readyState).toBe(0);
    await world.advance(0);
    world.native.open();
    expect(lineOf(world).sent).toEqual(['two']);
    expect(events).toEqual(['open', 'close', 'open']);
  });

  test('closes for good, and leaves nothing behind', async () => {
    const { world, socket, events } = probe();
    await turn();
    world.native.open();
    socket.close(3001, 'enough');
    expect(socket.readyState).toBe(2);
    expect(world.native.closeCalls).toEqual([[3001, 'enough']]);
    world.native.die(3001);
    await turn();
    expect(socket.readyState).toBe(3);
    expect(events).toEqual(['open', 'close']);
    expect(world.leftovers).toEqual(NOTHING);
  });
});
