import { expect, test } from 'vitest';
import { settled, withSession } from '../../support/session-nodes.js';

async function session() {
  const all = await withSession();
  const { node } = all;
  node.isSlow = true;
  return { ...all, ids: () => node.begun.map(({ message }) => message.data) };
}

test('messages are handled one at a time, in order', async () => {
  const { node, duplex, ids } = await session();
  for (const s of [1, 2, 3]) duplex.say([2, s], `${s}`);
  await settled();
  expect(ids()).toEqual([1]);
  node.begun[0]?.resolve();
  await settled();
  expect(ids()).toEqual([1, 2]);
});

test('a message is acknowledged once its handler is done and the store has it, not before', async () => {
  const { nodes, node, duplex } = await session();
  duplex.say([2, 1], '1');
  await node.advance(1_000);
  expect(duplex.take()).toEqual([]);
  nodes.held.add('settle');
  node.begun[0]?.resolve();
  await node.advance(1_000);
  duplex.say([5, 1, 0]);
  expect(duplex.take()).toEqual([[6, 1, 0]]);
  nodes.release();
  await node.advance(20);
  expect(duplex.take()).toEqual([[3, 1]]);
});

test('of a message that was not handled the client hears before anything after it', async () => {
  const { node, duplex } = await session();
  duplex.say([2, 1], '1');
  duplex.say([2, 2], '2');
  await settled();
  node.begun[0]?.reject(new Error('no'));
  await settled();
  node.begun[1]?.resolve();
  await node.advance(20);
  expect(duplex.take()).toEqual([
    [4, 1, 'failed'],
    [3, 2],
  ]);
  expect(node.errors).toMatchObject([{ code: 'failed', cause: { message: 'no' } }]);
  expect(node.server.counters.failed).toBe(1);
});

test('and hears it again with every welcome, until it is known to know', async () => {
  const { node, duplex, sid, key } = await session();
  duplex.say([2, 1], '1');
  await settled();
  duplex.drop();
  node.begun[0]?.reject(new Error('no'));
  await settled();
  const second = await node.hello({ sid, key, n: 2, acked: 0 });
  expect(second.welcome).toMatchObject({ rx: 1, fails: [[1, 'failed']] });
  expect(second.duplex.take()).toEqual([]);
  const third = await node.hello({ sid, key, n: 3, acked: 0 });
  expect(third.welcome).toMatchObject({ rx: 1, fails: [[1, 'failed']] });
  const fourth = await node.hello({ sid, key, n: 4, acked: 1 });
  expect(fourth.welcome).toMatchObject({ rx: 1, fails: [] });
});

test('what fails while a client is coming back is in its welcome, though the store was asked before', async () => {
  const { nodes, node, duplex, sid, key } = await session();
  duplex.say([2, 1], '1');
  await settled();
  duplex.drop();
  // The store's answer is on its way when the handler rejects.
  nodes.after.set('takeover', async () => {
    node.begun[0]?.reject(new Error('no'));
    await settled(10);
  });
  const { welcome } = await node.hello({ sid, key, n: 2 });
  expect(welcome).toMatchObject({ rx: 1, fails: [[1, 'failed']] });
});

test('a message that cannot be decoded was not handled', async () => {
  const { node, duplex } = await session();
  duplex.say([2, 1], '{');
  await node.advance(20);
  expect(duplex.take()).toEqual([
    [4, 1, 'failed'],
    [3, 1],
  ]);
  expect(node.begun).toEqual([]);
});

test('a message that comes again is handled once, and acknowledged again', async () => {
  const { node, duplex, sid, key } = await session();
  duplex.say([2, 1], '1');
  await settled();
  duplex.drop();
  const again = await node.hello({ sid, key, n: 2 });
  again.duplex.say([2, 1], '1');
  await settled();
  expect(node.begun).toHaveLength(1);
  node.begun[0]?.resolve();
  await node.advance(20);
  expect(again.duplex.take()).toEqual([[3, 1]]);
  again.duplex.say([2, 1], '1');
  expect(again.duplex.take()).toEqual([[3, 1]]);
  expect(node.server.counters).toMatchObject({ received: 3, duplicates: 2 });
});

test('messages wait for somebody to handle them', async () => {
  const { nodes, node, duplex } = await withSession();
  for (const stop of node.handlers) stop();
  duplex.say([2, 1], '1');
  await node.advance(1_000);
  expect([duplex.take(), nodes.asked.includes('claim')]).toEqual([[], false]);
  const heard: unknown[] = [];
  const stop = node.sessions[0]?.on('message', ({ data }) => void heard.push(data));
  await node.advance(20);
  expect([heard, duplex.take()]).toEqual([[1], [[3, 1]]]);
  stop?.();
  duplex.say([2, 2], '2');
  await node.advance(20);
  expect([heard, duplex.take()]).toEqual([[1], []]);
});

test('several handlers are one: all of them are to be done', async () => {
  const { node, duplex } = await session();
  let go = (): void => undefined;
  node.sessions[0]?.on('message', async () => {
    await new Promise<void>((resolve) => (go = resolve));
  });
  duplex.say([2, 1], '1');
  await settled();
  node.begun[0]?.resolve();
  await node.advance(20);
  expect(duplex.take()).toEqual([]);
  go();
  await node.advance(20);
  expect(duplex.take()).toEqual([[3, 1]]);
});

test('a handler begins only what is claimed, and what was claimed lately', async () => {
  const { nodes, node, duplex, ids } = await session();
  nodes.held.add('claim');
  duplex.say([2, 1], '1');
  duplex.say([2, 2], '2');
  await settled();
  expect(ids()).toEqual([]);
  nodes.release();
  await settled();
  expect(ids()).toEqual([1]);
  // What came meanwhile was not in that claim.
  const claims = () => nodes.asked.filter((step) => step === 'claim').length;
  expect(claims()).toBe(1);
  node.begun[0]?.resolve();
  await settled();
  expect([ids(), claims()]).toEqual([[1, 2], 2]);
  duplex.say([2, 3], '3');
  duplex.say([2, 4], '4');
  node.begun[1]?.resolve();
  await settled();
  expect([ids(), claims()]).toEqual([[1, 2, 3], 3]);
  await node.advance(2_000);
  node.begun[2]?.resolve();
  await settled();
  // That of both is too old.
  expect([ids(), claims()]).toEqual([[1, 2, 3, 4], 4]);
});

test('a claim counts from when it was asked for', async () => {
  const { nodes, node, duplex, ids } = await session();
  nodes.held.add('claim');
  duplex.say([2, 1], '1');
  await node.advance(2_000);
  nodes.held.clear();
  nodes.release();
  await settled();
  expect([ids(), nodes.asked.filter((step) => step === 'claim').length]).toEqual([[1], 2]);
});

test('more than a window is a violation', async () => {
  const { node, duplex } = await session();
  for (let s = 1; s <= 256; s++) duplex.say([2, s], '1');
  expect(duplex.closed).toBeUndefined();
  duplex.say([2, 257], '1');
  expect(duplex.closed).toMatchObject({ code: 1002 });
  expect(node.sessions[0]?.attached).toBe(false);
});

test('what a node had claimed and not settled is in doubt at the next: run again or given up, later', async () => {
  const { nodes, node, duplex, sid, key } = await session();
  const other = nodes.node();
  duplex.say([2, 1], '1');
  duplex.say([2, 2, null, 'mine'], '2');
  duplex.say([2, 3], '3');
  await settled();
  node.begun[0]?.resolve();
  nodes.held.add('settle');
  await settled();
  nodes.held.clear();
  expect(node.begun).toHaveLength(2);
  // One is done, and nobody knows; two has begun; three was claimed with it.
  const { duplex: next, welcome } = await other.hello({ sid, key, n: 2 });
  expect(welcome).toMatchObject({ resumed: true, rx: 0 });
  next.say([2, 1], '1');
  next.say([2, 2, null, 'mine'], '2');
  next.say([2, 3], '3');
  next.say([2, 4], '4');
  await other.advance(2_999);
  expect([other.messages, next.take()]).toEqual([[], []]);
  await other.advance(1);
  expect(other.messages).toEqual([
    { data: 2, id: 'mine', redelivered: true },
    { data: 4, id: `${sid}:4`, redelivered: false },
  ]);
  await other.advance(20);
  expect(next.take()).toEqual([
    [4, 1, 'lost'],
    [4, 3, 'lost'],
    [3, 4],
  ]);
});

test('within 3 s the node that had claimed it still may say that it is done', async () => {
  const { nodes, node, duplex, sid, key } = await session();
  const other = nodes.node();
  duplex.say([2, 1], '1');
  duplex.say([2, 2], '2');
  await settled();
  const { duplex: next } = await other.hello({ sid, key, n: 2 });
  next.say([2, 1], '1');
  next.say([2, 2], '2');
  // It does not know yet, and hears it with what it writes.
  node.begun[0]?.reject(new Error('no'));
  await settled();
  expect(duplex.take()).toEqual([]);
  expect([node.server.sessions.size, duplex.closed?.code]).toEqual([0, 4409]);
  node.begun[1]?.resolve();
  await settled();
  await other.advance(3_000);
  expect(other.messages.map(({ data }) => data)).toEqual(node.begun.length > 1 ? [] : [2]);
  await other.advance(20);
  expect(next.take()).toEqual([
    [4, 1, 'failed'],
    [3, 2],
  ]);
});

test('what was claimed and has not begun is given back when a node hears that it is over', async () => {
  const { nodes, node, duplex, sid, key } = await session();
  const other = nodes.node();
  for (const s of [1, 2, 3]) duplex.say([2, s], `${s}`);
  nodes.held.add('claim');
  await settled();
  nodes.release();
  await settled();
  node.begun[0]?.resolve();
  await settled();
  expect(node.begun).toHaveLength(2);
  const { duplex: next } = await other.hello({ sid, key, n: 2 });
  for (const s of [2, 3]) next.say([2, s], `${s}`);
  node.sessions[0]?.send('anything');
  await settled();
  await other.advance(3_000);
  // Two had begun there; three had not.
  expect(other.messages.map(({ data }) => data)).toEqual([3]);
  await other.advance(20);
  expect(next.take()).toEqual([
    [4, 2, 'lost'],
    [3, 3],
  ]);
});

test('a step that failed is made again, whether it was made or not', async () => {
  for (const failure of ['made', 'not made'] as const) {
    const { nodes, node, duplex } = await session();
    nodes.failing.set('claim', failure);
    duplex.say([2, 1], '1');
    await settled();
    expect(node.begun).toEqual([]);
    nodes.failing.clear();
    await node.advance(50);
    expect(node.begun).toHaveLength(1);
    nodes.failing.set('settle', failure);
    node.begun[0]?.reject(new Error('no'));
    await node.advance(50);
    nodes.failing.clear();
    await node.advance(100);
    await node.advance(20);
    expect(duplex.take()).toEqual([
      [4, 1, 'failed'],
      [3, 1],
    ]);
  }
});

test('a client that knows more than the store is believed', async () => {
  const { node, sid, key } = await session();
  const { duplex, welcome } = await node.hello({ sid, key, n: 2, acked: 5 });
  expect(welcome.rx).toBe(5);
  duplex.say([2, 6], '6');
  await settled();
  expect(node.begun).toHaveLength(1);
});

test('the name of a message has a bound', async () => {
  const { duplex } = await session();
  duplex.say([2, 1, null, 'x'.repeat(64)], '1');
  expect(duplex.closed).toBeUndefined();
  duplex.say([2, 2, null, 'x'.repeat(65)], '1');
  expect(duplex.closed).toMatchObject({ code: 1002 });
});

test('a handler that fails does not make the next message begin before the others are done', async () => {
  const { node, duplex, session: one } = await withSession();
  node.isSlow = true;
  one.on('message', () => Promise.reject(new Error('no')));
  duplex.say([2, 1], '1');
  duplex.say([2, 2], '2');
  await settled();
  expect(node.begun.map(({ message }) => message.data)).toEqual([1]);
  node.begun[0]?.resolve();
  await node.advance(20);
  expect(duplex.take()).toContainEqual([4, 1, 'failed']);
  expect(node.begun.map(({ message }) => message.data)).toEqual([1, 2]);
});

test('one large message that waits for a handler may be said again', async () => {
  const { node, duplex, sid, key } = await withSession();
  for (const stop of node.handlers) stop();
  const large = `"${'x'.repeat(700_000)}"`;
  duplex.say([2, 1], large);
  duplex.drop();
  const again = await node.hello({ sid, key, n: 2 });
  again.duplex.say([2, 1], large);
  expect([again.duplex.closed, node.errors]).toEqual([undefined, []]);
});
