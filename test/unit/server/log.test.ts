import { expect, test } from 'vitest';
import type { Codec } from '../../../src/codecs/codec.js';
import { binary } from '../../../src/codecs/binary.js';
import { settled, withSession } from '../../support/session-nodes.js';

test('a message is in the store before it is on the wire', async () => {
  const { nodes, duplex, session: one } = await withSession();
  nodes.held.add('append');
  one.send(1);
  one.send(2);
  await settled();
  expect(duplex.take()).toEqual([]);
  nodes.release();
  await settled();
  expect(duplex.take()).toEqual([
    [2, 1, '1'],
    [2, 2, '2'],
  ]);
});

test('what is on its way to the store when the client comes back is sent once, after the replay', async () => {
  const { nodes, node, duplex, sid, key, session: one } = await withSession();
  one.send(1);
  await settled();
  nodes.held.add('append');
  one.send(2);
  await settled();
  duplex.drop();
  const again = await node.hello({ sid, key, n: 2 });
  expect(again.duplex.take()).toEqual([[2, 1, '1']]);
  nodes.release();
  await settled();
  expect(again.duplex.take()).toEqual([[2, 2, '2']]);
});

test('what was sent before the session was closed goes before the goodbye', async () => {
  const { nodes, duplex, session: one } = await withSession();
  one.send(1);
  await settled();
  nodes.held.add('append');
  one.send(2);
  await settled();
  one.send(3);
  one.close(4003, 'banned');
  const bye = [8, { code: 4003, reason: 'banned', reconnect: false, a: 0 }];
  expect(duplex.take()).toEqual([[2, 1, '1'], [2, 2, '2'], [2, 3, '3'], bye]);
  expect(duplex.closed).toMatchObject({ code: 4003 });
  nodes.release();
  await settled();
  expect(duplex.take()).toEqual([]);
});

test('what was sent, and the goodbye, go before the server is closed', async () => {
  const { node, duplex, session: one } = await withSession();
  one.send(1);
  one.close(4003, 'banned');
  await node.server.close();
  const bye = [8, { code: 4003, reason: 'banned', reconnect: false, a: 0 }];
  expect(duplex.take().slice(0, 2)).toEqual([[2, 1, '1'], bye]);
});

test('more than was sent cannot be acknowledged', async () => {
  const { nodes, node, duplex, session: one } = await withSession();
  one.send(1);
  await settled();
  nodes.held.add('append');
  one.send(2);
  await settled();
  duplex.say([3, 1]);
  expect(duplex.closed).toBeUndefined();
  // It has its number, but was never on the wire.
  duplex.say([3, 2]);
  expect(duplex.closed).toMatchObject({ code: 1002 });
  expect(node.errors).toMatchObject([{ code: 'violation' }]);
});

test('a smaller acknowledgement is passed over', async () => {
  const { duplex, session: one } = await withSession();
  for (const n of [1, 2, 3]) one.send(n);
  await settled();
  duplex.say([5, 1, 2]);
  duplex.say([6, 1, 1]);
  expect([one.unacknowledged.messages, duplex.closed]).toEqual([1, undefined]);
});

test('a session with more to send than it may is over, and its client is told when it comes back', async () => {
  const { node, duplex, sid, key, session: one } = await withSession({ maxBytes: 1_000 });
  const ends: unknown[] = [];
  one.on('close', (end) => ends.push(end));
  duplex.drop();
  expect(one.send('x'.repeat(500))).toBe(true);
  expect(one.send('x'.repeat(500))).toBe(false);
  expect([ends, one.send('y')]).toEqual([['overflow'], false]);
  expect(node.errors).toMatchObject([{ code: 'overflow', closeCode: undefined }]);
  const { welcome } = await node.hello({ sid, key, n: 2 });
  expect(welcome).toMatchObject({ resumed: false, reason: 'overflow' });
  // One alone may be of any size, and many small ones cost more than their bytes.
  const [, next] = node.sessions;
  expect(next?.send('x'.repeat(5_000))).toBe(true);
  expect(next?.send('x')).toBe(false);
  expect(node.server.counters.overflown).toBe(2);
});

test('the store is trimmed by what the client acknowledges', async () => {
  const { nodes, node, duplex, sid, key, session: one } = await withSession();
  one.send(1);
  one.send(2);
  await settled();
  duplex.say([3, 2]);
  one.send(3);
  await settled();
  duplex.drop();
  const other = nodes.node();
  const { duplex: next } = await other.hello({ sid, key, n: 2, rx: 2 });
  expect(next.take()).toEqual([[2, 3, '3']]);
  expect(node.server.counters.acknowledged).toBe(2);
});

test('a client that lacks what was trimmed is told that it is lost', async () => {
  const { nodes, node, duplex, sid, key, session: one } = await withSession();
  one.send(1);
  await settled();
  duplex.say([3, 1]);
  one.send(2);
  await settled();
  expect((await node.hello({ sid, key, n: 2, rx: 0 })).welcome).toMatchObject({
    resumed: false,
    reason: 'lost',
  });
  expect([one.send(3), nodes.asked.includes('takeover')]).toEqual([false, true]);
});

test('what the store has lost is written again', async () => {
  const { nodes, duplex, session: one } = await withSession();
  one.send(1);
  one.send(2);
  await settled();
  // The store says so once, and takes what it is given then.
  nodes.after.set('append', () => {
    nodes.after.delete('append');
    return 'hole';
  });
  one.send(3);
  await settled();
  expect(nodes.asked.filter((step) => step === 'append')).toHaveLength(4);
  expect(nodes.appended.at(-1)).toEqual([1, 2, 3]);
  expect(duplex.take()).toHaveLength(3);
});

test('bytes, and several frames, follow their head', async () => {
  const codec = binary() as Codec<unknown, unknown>;
  const { node, duplex, session: one } = await withSession({ codec });
  one.send(new Uint8Array([1, 2]));
  await settled();
  expect(duplex.take()).toEqual([[2, 1, null, null, 1], new Uint8Array([1, 2])]);
  duplex.say([2, 1, null, null, 2]);
  duplex.say(new Uint8Array([3]).buffer);
  duplex.say(new Uint8Array([4, 5]).buffer);
  duplex.say([2, 2, null, null, 1]);
  duplex.say(new Uint8Array([6]).buffer);
  await settled();
  expect(node.messages.map(({ data }) => data)).toEqual([
    [new Uint8Array([3]).buffer, new Uint8Array([4, 5]).buffer],
    new Uint8Array([6]).buffer,
  ]);
  expect(() => one.send(new Blob(['x']))).toThrow(expect.objectContaining({ code: 'encode' }));
});

test('what cannot be encoded is thrown, and costs no more', async () => {
  const { duplex, session: one } = await withSession();
  expect(() => one.send(undefined)).toThrow(TypeError);
  one.send(1);
  await settled();
  expect(duplex.take()).toEqual([[2, 1, '1']]);
});

test('a session that is over is over in the store, though that was away', async () => {
  const { nodes, node, duplex, sid, key, session: one } = await withSession({ maxBytes: 500 });
  nodes.failing.set('append', 'not made').set('free', 'not made');
  one.send('x'.repeat(300));
  one.send('x'.repeat(300));
  await settled();
  expect(duplex.closed?.code).toBe(1011);
  // Who comes back before the store knows is answered once it does.
  const early = node.connect();
  early.say([0, { v: 1, n: 2, sid, key, rx: 0, acked: 0, subs: [] }]);
  await settled();
  expect(early.take()).toEqual([]);
  nodes.failing.clear();
  await node.advance(5_000);
  expect(early.take()).toMatchObject([[1, { resumed: false, reason: 'overflow' }]]);
  const again = await node.hello({ sid, key, n: 3 });
  expect(again.welcome).toMatchObject({ resumed: false, reason: 'overflow' });
});
