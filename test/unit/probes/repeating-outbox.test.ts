import { expect, test } from 'vitest';
import { createSocketOn } from '../../../src/socket/create-socket.js';
import { dropsOf, linesOf, lineOf, stateOf } from '../../support/outbox-line.js';
import { RepeatingOutbox } from '../../support/probes/repeating-outbox.js';
import { NOTHING, turn, World } from '../../support/world.js';

/** An open socket whose messages are sent until they are acknowledged. */
async function repeating() {
  const world = new World();
  world.chance = 0;
  const made: RepeatingOutbox[] = [];
  const socket = createSocketOn(
    world,
    'wss://example.com/',
    { heartbeat: false, WebSocket: linesOf(world) },
    (context) => {
      const outbox = new RepeatingOutbox(context);
      made.push(outbox);
      return outbox;
    },
  );
  await turn();
  world.native.open();
  const [outbox] = made;
  if (!outbox) throw new Error('no outbox was made');
  return { world, socket, outbox };
}

test('a message that had left, and was not acknowledged, is sent again', async () => {
  const { world, socket, outbox } = await repeating();
  for (const message of ['a', 'b', 'c']) expect(socket.send(message)).toBe('sent');
  lineOf(world).flow();
  outbox.acknowledge();
  world.native.die(1006);
  expect(socket.queued).toEqual({ messages: 2, bytes: 6 });
  expect(socket.send('d')).toBe('queued');
  await world.advance(0);
  world.native.open();
  expect(lineOf(world).messages).toEqual(['b', 'c', 'd']);
});

test('a flush waits for the acknowledgement, and a close drops what has none', async () => {
  const { world, socket, outbox } = await repeating();
  const drops = dropsOf(socket);
  socket.send('a');
  const closing = socket.close({ flush: true });
  expect(socket.send('late')).toBe('dropped');
  expect(socket.status).toBe('open');
  outbox.acknowledge();
  await turn();
  expect(socket.status).toBe('closing');
  world.native.die(1000);
  expect(await stateOf(closing)).toBe('fulfilled');
  expect(drops).toEqual([['late', 'closed']]);
  expect(world.leftovers).toEqual(NOTHING);
});
