import { expect, test } from 'vitest';
import { NEW_SESSION } from '../../support/session-line.js';
import { SessionNodes, settled, withSession } from '../../support/session-nodes.js';

test('a client gets a session, and the terms of it', async () => {
  const node = new SessionNodes().node();
  const { duplex, welcome } = await node.hello();
  expect(welcome).toMatchObject(NEW_SESSION);
  expect(node.sessions).toHaveLength(1);
  expect(node.sessions[0]).toMatchObject({
    id: welcome.sid,
    principal: '',
    attached: true,
    resumed: false,
  });
  expect(duplex.closed).toBeUndefined();
});

test('a message is handled, and acknowledged after a moment', async () => {
  const node = new SessionNodes().node();
  const { duplex, welcome } = await node.hello();
  duplex.say([2, 1], '{"a":1}');
  duplex.say([2, 2, null, 'order-1'], '"two"');
  await node.advance(19);
  expect(duplex.take()).toEqual([]);
  await node.advance(1);
  expect(duplex.take()).toEqual([[3, 2]]);
  expect(node.messages).toEqual([
    { data: { a: 1 }, id: `${welcome.sid}:1`, redelivered: false },
    { data: 'two', id: 'order-1', redelivered: false },
  ]);
});

test('a message is sent, and an acknowledgement goes with it', async () => {
  const node = new SessionNodes().node();
  const { duplex } = await node.hello();
  duplex.say([2, 1], '1');
  await settled();
  node.sessions[0]?.send({ b: 2 });
  node.sessions[0]?.send({ b: 3 });
  await settled();
  expect(duplex.take()).toEqual([
    [2, 1, 1, '{"b":2}'],
    [2, 2, '{"b":3}'],
  ]);
  expect(node.sessions[0]?.unacknowledged).toEqual({ messages: 2, bytes: 14 });
  duplex.say([3, 1]);
  expect(node.sessions[0]?.unacknowledged).toEqual({ messages: 1, bytes: 7 });
});

test('a client that comes back goes on, and hears what it does not have', async () => {
  const node = new SessionNodes().node();
  const { duplex, welcome } = await node.hello();
  const { sid, key } = welcome;
  node.sessions[0]?.send('one');
  duplex.say([2, 1], '"up"');
  await settled();
  duplex.drop();
  expect(node.sessions[0]?.attached).toBe(false);
  node.sessions[0]?.send('two');
  await settled();
  const again = await node.hello({ sid, key, n: 2, rx: 0 });
  expect(again.welcome).toMatchObject({ sid, key, resumed: true, rx: 1 });
  expect(again.duplex.take()).toEqual([
    [2, 1, '"one"'],
    [2, 2, '"two"'],
  ]);
  expect([node.sessions.length, node.server.counters.resumed]).toEqual([1, 1]);
});

test('what cannot be encoded is a rejection of publish', async () => {
  const { node } = await withSession();
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  let published: Promise<void> | undefined;
  expect(() => (published = node.server.publish('news', cyclic))).not.toThrow();
  await expect(published).rejects.toThrow();
});

test('a server of ws that takes messages of any size is held to a bound', () => {
  const { server } = new SessionNodes().node({ maxPayload: 1_000 });
  const options = { maxPayload: 0 };
  server.attach({ options, on: () => undefined, off: () => undefined });
  expect(options.maxPayload).toBeGreaterThan(0);
});
