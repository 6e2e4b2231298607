import { expect, test } from 'vitest';
import { createDelivery } from '../../../src/events/delivery.js';
import { createTasks } from '../../../src/websocket/tasks.js';
import { dropIn, openDropIn } from '../../support/drop-in.js';
import { World } from '../../support/world.js';

/** Tasks in a world of their own, and what they have fired. */
function tasksOf(world = new World()) {
  const tasks = createTasks(
    world,
    createDelivery(world.report, () => undefined),
  );
  const fired: string[] = [];
  const later = (name: string, cause?: () => void) =>
    tasks.calledBy(() =>
      tasks.queue(() => {
        fired.push(name);
        cause?.();
      }),
    );
  return { world, tasks, fired, later };
}

test('what the application causes comes in a task, all of it in one', () => {
  const { world, tasks, fired, later } = tasksOf();
  later('one');
  later('two');
  expect([fired, tasks.areDone, world.clock.pending]).toEqual([[], false, [0]]);
  world.clock.advance(0);
  expect([fired, tasks.areDone, world.clock.pending]).toEqual([['one', 'two'], true, []]);
});

test('what the network brings comes at once, and behind what waits', () => {
  const { world, tasks, fired, later } = tasksOf();
  tasks.queue(() => fired.push('at once'));
  later('waited');
  tasks.queue(() => fired.push('behind'));
  expect(fired).toEqual(['at once']);
  world.clock.advance(0);
  expect(fired).toEqual(['at once', 'waited', 'behind']);
});

test('what that causes comes in another task', () => {
  const { world, fired, later } = tasksOf();
  later('one', () => later('caused'));
  later('two');
  const [, ...rest] = [world.clock.advance(0), ...fired];
  expect([rest, world.clock.pending]).toEqual([['one', 'two', 'caused'], []]);
});

test('one that throws is reported, and starves nobody', () => {
  const { world, fired, later } = tasksOf();
  const error = new Error('a slip');
  later('one', () => {
    throw error;
  });
  later('two');
  world.clock.advance(0);
  later('three');
  world.clock.advance(0);
  expect([fired, world.reported]).toEqual([['one', 'two', 'three'], [error]]);
});

test('thousands of drops hold up nothing', async () => {
  const { world, socket, events, open } = dropIn({ maxEnqueuedMessages: 1 });
  for (let count = 0; count < 3_000; count++) socket.send(`${count}`);
  await open();
  await world.advance(0);
  expect([events.length, events.at(-1)]).toEqual([3_000, 'open 1']);
});

test('no message is fired once close() was called, though it arrived before', async () => {
  const { world, socket, events, open } = await openDropIn();
  socket.reconnect();
  const line = await open();
  line.receive('welcome');
  socket.close();
  await world.advance(0);
  expect([events, socket.readyState]).toEqual([['close 2 1006'], 2]);
  line.die(1000);
  expect(events.at(-1)).toBe('close 3 1000 clean');
});
