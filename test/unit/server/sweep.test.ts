import { expect, test } from 'vitest';
import { settled, withSession } from '../../support/session-nodes.js';

test('a client that is not heard for too long is taken to be gone', async () => {
  const { node, duplex, session: one } = await withSession({ heartbeat: 10_000 });
  await node.advance(15_000);
  duplex.say([5, 1, 0]);
  await node.advance(19_000);
  expect(duplex.closed).toBeUndefined();
  await node.advance(6_000);
  expect([duplex.closed?.code, one.attached]).toEqual([4408, false]);
  expect(node.errors).toMatchObject([{ code: 'silent', closeCode: 4408 }]);
});

test('a session is kept for so long without a connection, and no longer', async () => {
  const { node, duplex, sid, key, session: one } = await withSession({ ttl: 60_000 });
  const ends: unknown[] = [];
  one.on('close', (end) => ends.push(end));
  await node.advance(30_000);
  duplex.drop();
  await node.advance(59_000);
  expect(ends).toEqual([]);
  const again = await node.hello({ sid, key, n: 2 });
  expect(again.welcome.resumed).toBe(true);
  again.duplex.drop();
  await node.advance(65_000);
  expect([ends, node.server.counters]).toMatchObject([['expired'], { expired: 1, sessions: 0 }]);
  expect((await node.hello({ sid, key, n: 3 })).welcome).toMatchObject({
    resumed: false,
    reason: 'expired',
  });
});

test('sessions live for as long as they have a connection, at whatever node', async () => {
  const { nodes, node, duplex, sid, key } = await withSession({ ttl: 10_000 });
  for (let at = 0; at < 20; at++) {
    await node.advance(5_000);
    duplex.say([5, at, 0]);
  }
  const other = nodes.node({ ttl: 10_000 });
  expect((await other.hello({ sid, key, n: 2 })).welcome.resumed).toBe(true);
  // The first one hears of it when it tells the store the next time.
  await node.advance(10_000);
  expect([node.server.sessions.size, other.server.sessions.size]).toEqual([0, 1]);
});

test('what a dead node held can be taken over for at least as long as its client may be away', async () => {
  const { nodes, node, sid, key } = await withSession({ ttl: 10_000 });
  await node.advance(4_000);
  // It is stopped: nothing of it runs any more.
  nodes.clock.sleep(10_000);
  const other = nodes.node({ ttl: 10_000 });
  expect((await other.hello({ sid, key, n: 2 })).welcome.resumed).toBe(true);
});

test('a store that fails is told again the next time', async () => {
  const { nodes, node, duplex, session: one } = await withSession({ ttl: 10_000 });
  nodes.failing.set('touch', 'not made');
  await node.advance(8_000);
  nodes.failing.clear();
  await node.advance(2_500);
  duplex.say([5, 1, 0]);
  await node.advance(12_000);
  expect([one.attached, node.server.sessions.size]).toEqual([true, 1]);
});

test('there is one timer for all, and none where there is nobody', async () => {
  const { nodes, node, duplex } = await withSession({ ttl: 60_000 });
  for (let at = 0; at < 10; at++) (await node.hello()).duplex.drop();
  duplex.drop();
  await settled();
  expect(nodes.clock.pending).toHaveLength(1);
  await node.advance(70_000);
  expect([node.server.sessions.size, nodes.clock.pending]).toEqual([0, []]);
});

test('a store that cannot be told of sessions is told of', async () => {
  const { nodes, node } = await withSession({ ttl: 10_000 });
  nodes.failing.set('touch', 'not made');
  await node.advance(8_000);
  expect(node.errors.map(({ code }) => code)).toContain('store');
});
