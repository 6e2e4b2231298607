import { expect, test } from 'vitest';
import { openSocket, record } from '../../support/world.js';

test('a connection that dies leads to another', async () => {
  const { world, socket, native } = await openSocket();
  const events = record(socket);
  native.die(1006);
  expect(socket.status).toBe('waiting');
  expect(world.clock.pending).toEqual([500]);
  await world.advance(500);
  expect(world.natives).toHaveLength(2);
  world.native.open();
  expect(socket.status).toBe('open');
  expect(events.map(([name]) => name)).toEqual(['close', 'status', 'retry', 'status', 'status', 'open']);
});
