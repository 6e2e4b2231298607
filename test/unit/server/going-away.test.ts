import { expect, test } from 'vitest';
import { settled, withSession } from '../../support/session-nodes.js';

const BYE = (a: number) => [8, { code: 1000, reason: '', reconnect: false, a }];

test('a client that says goodbye has what it said handled and acknowledged, and is gone', async () => {
  const { node, duplex, sid, key, session: one } = await withSession();
  const ends: unknown[] = [];
  one.on('close', (end) => ends.push(end));
  node.isSlow = true;
  one.send('x');
  await settled();
  duplex.take();
  duplex.say([2, 1], '1');
  duplex.say([2, 2], '2');
  duplex.say(BYE(1));
  await settled();
  expect([one.send('y'), one.unacknowledged.messages, ends]).toEqual([false, 0, []]);
  node.begun[0]?.resolve();
  await settled();
  node.begun[1]?.resolve();
  await settled();
  expect(duplex.take()).toEqual([[8, { code: 1000, reason: '', reconnect: false, a: 2 }]]);
  expect([duplex.closed?.code, ends, node.server.sessions.size]).toEqual([1000, ['left'], 0]);
  expect((await node.hello({ sid, key, n: 2 })).welcome).toMatchObject({
    resumed: false,
    reason: 'unknown',
  });
});

test('nobody waits for a handler that does not come to its end', async () => {
  const { node, duplex, sid, key } = await withSession();
  node.isSlow = true;
  duplex.say([2, 1], '1');
  duplex.say(BYE(0));
  // Who comes back finds that it has ended.
  expect((await node.hello({ sid, key, n: 2 })).welcome.reason).toBe('unknown');
  await node.advance(2_000);
  expect(duplex.take()).toEqual([[8, { code: 1000, reason: '', reconnect: false, a: 0 }]]);
  expect(node.server.sessions.size).toBe(1);
});

test('the application ends a session with a code and a reason, and says whether to come back', async () => {
  const { node, duplex, sid, key, session: one } = await withSession();
  duplex.say([2, 1], '1');
  await settled();
  one.close(4000, 'enough', { reconnect: true, retryAfter: 500 });
  one.close();
  expect(duplex.take()).toEqual([
    [8, { code: 4000, reason: 'enough', reconnect: true, retryAfter: 500, a: 1 }],
  ]);
  expect(duplex.closed).toEqual({ code: 4000, reason: 'enough' });
  await settled();
  expect((await node.hello({ sid, key, n: 2 })).welcome.reason).toBe('unknown');
  expect(() => one.close(999)).toThrow(expect.objectContaining({ code: 'options' }));
  expect(() => one.close(1000, 'x'.repeat(124))).toThrow(
    expect.objectContaining({ code: 'options' }),
  );
});

test('clients are asked to go, and what is under way is brought to its end', async () => {
  const { nodes, node, duplex, sid, key } = await withSession();
  node.isSlow = true;
  for (const s of [1, 2, 3]) duplex.say([2, s], `${s}`);
  await settled();
  const done: string[] = [];
  void node.server
    .goaway({ after: 1_000, spread: 300, url: 'ws://other' })
    .then(() => done.push('gone'));
  expect(duplex.take()).toEqual([[7, { after: 1_000, spread: 300, url: 'ws://other' }]]);
  const late = node.connect();
  late.say([0, { v: 1, n: 1, rx: 0, acked: 0, subs: [] }]);
  expect(late.closed).toMatchObject({ code: 1012 });
  node.begun[0]?.resolve();
  await node.advance(20);
  expect(duplex.take()).toEqual([[3, 1]]);
  await node.advance(980);
  // Two has begun, and is waited for; three does not begin any more.
  expect(duplex.closed).toBeUndefined();
  node.begun[1]?.resolve();
  await settled();
  expect([duplex.take(), duplex.closed?.code, done]).toEqual([[[3, 2]], 1012, ['gone']]);
  expect(node.begun).toHaveLength(2);
  // Nothing is in doubt at the next node.
  const other = nodes.node();
  const next = await other.hello({ sid, key, n: 2, acked: 2 });
  expect(next.welcome).toMatchObject({ resumed: true, rx: 2 });
  next.duplex.say([2, 3], '3');
  await settled();
  expect(other.messages).toMatchObject([{ data: 3, redelivered: false }]);
});

test('it is over as soon as the last one has gone', async () => {
  const { node, duplex } = await withSession();
  const going = node.server.goaway();
  expect(duplex.take()).toEqual([[7, { after: 10_000, spread: 5_000 }]]);
  duplex.drop();
  await going;
  expect(node.server.counters.connections).toBe(0);
});

test('a server that is closed has no session and no timer, and takes nobody', async () => {
  const { nodes, node, duplex, session: one } = await withSession();
  const silent = node.connect();
  const ends: unknown[] = [];
  one.on('close', (end) => ends.push(end));
  await node.server.close();
  expect([duplex.closed?.code, silent.closed?.code, ends]).toEqual([1012, 1012, ['moved']]);
  expect([node.server.sessions.size, nodes.clock.pending]).toEqual([0, []]);
  expect(node.connect().closed).toMatchObject({ code: 1012 });
});

test('a handler that does not settle is waited for 2 s', async () => {
  const { node, duplex } = await withSession();
  node.isSlow = true;
  duplex.say([2, 1], '1');
  await settled();
  void node.server.close();
  await node.advance(1_999);
  expect(duplex.closed).toBeUndefined();
  await node.advance(1);
  expect(duplex.closed).toMatchObject({ code: 1012 });
});

test.each([{ after: -1 }, { spread: '5' as never }, { url: 5 as never }, { other: 1 } as never])(
  'options of going away are checked: %j',
  async (options) => {
    const { node } = await withSession();
    await expect(node.server.goaway(options)).rejects.toMatchObject({ code: 'options' });
  },
);

test.each([{ after: Infinity }, { after: 0.5 }, { spread: Infinity }, { spread: 1.5 }])(
  'what cannot be said on the wire is no option of going away: %j',
  async (options) => {
    const { node, duplex } = await withSession();
    await expect(node.server.goaway(options)).rejects.toMatchObject({ code: 'options' });
    expect(duplex.take()).toEqual([]);
  },
);

test.each([{ retryAfter: -1 }, { retryAfter: 0.5 }, { retryAfter: NaN }, { reconnect: 'yes' }])(
  'what cannot be said on the wire is no option of the end: %j',
  async (options) => {
    const { duplex, session: one } = await withSession();
    expect(() => one.close(1000, '', options as never)).toThrow(
      expect.objectContaining({ code: 'options' }),
    );
    expect(duplex.take()).toEqual([]);
  },
);

test('does not wait for a connection that another has replaced', async () => {
  const { node, sid, key } = await withSession();
  const { duplex } = await node.hello({ sid, key, n: 2 });
  const gone = node.server.goaway();
  duplex.drop();
  await expect(gone).resolves.toBeUndefined();
});
