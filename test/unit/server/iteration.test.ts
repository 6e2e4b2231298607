import { expect, test } from 'vitest';
import { settled, withSession } from '../../support/session-nodes.js';

async function session() {
  const all = await withSession();
  for (const stop of all.node.handlers) stop();
  return all;
}

test('a loop takes one message at a time, which is handled when it asks for the next', async () => {
  const { node, duplex, session: one } = await session();
  const taken: unknown[] = [];
  let go = (): void => undefined;
  const loop = (async () => {
    for await (const { data } of one) {
      taken.push(data);
      await new Promise<void>((resolve) => (go = resolve));
    }
  })();
  duplex.say([2, 1], '1');
  duplex.say([2, 2], '2');
  await node.advance(100);
  expect([taken, duplex.take()]).toEqual([[1], []]);
  go();
  await node.advance(20);
  expect([taken, duplex.take()]).toEqual([[1, 2], [[3, 1]]]);
  one.close();
  go();
  await loop;
  expect(taken).toEqual([1, 2]);
});

test('whoever leaves the loop has not handled the message in hand, and the others wait', async () => {
  const { node, duplex, session: one } = await session();
  const loop = (async () => {
    for await (const { data } of one) throw new Error(`cannot bear ${String(data)}`);
  })();
  duplex.say([2, 1], '1');
  duplex.say([2, 2], '2');
  await expect(loop).rejects.toThrow('cannot bear 1');
  await node.advance(20);
  expect(duplex.take()).toEqual([
    [4, 1, 'failed'],
    [3, 1],
  ]);
  const heard: unknown[] = [];
  one.on('message', ({ data }) => void heard.push(data));
  await settled();
  expect(heard).toEqual([2]);
});

test('a loop that waits ends with the session', async () => {
  const { session: one } = await session();
  const iterator = one[Symbol.asyncIterator]();
  const next = iterator.next();
  one.close();
  expect(await next).toEqual({ value: undefined, done: true });
  expect(await iterator.next()).toEqual({ value: undefined, done: true });
});

test('a loop over a session that is over ends at once', async () => {
  const { session: one } = await withSession();
  one.close();
  const ended = one[Symbol.asyncIterator]().next();
  const late = settled().then(() => 'it waits');
  expect(await Promise.race([ended, late])).toEqual({ value: undefined, done: true });
});

test('who asks for the next one twice gets the next two', async () => {
  const { duplex, session: one } = await session();
  const iterator = one[Symbol.asyncIterator]();
  const both = [iterator.next(), iterator.next()];
  duplex.say([2, 1], '1');
  await settled();
  expect(await both[0]).toMatchObject({ value: { data: 1 } });
  one.close();
  expect(await both[1]).toEqual({ value: undefined, done: true });
});
