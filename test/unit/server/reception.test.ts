import { expect, test } from 'vitest';
import { SessionNodes, settled } from '../../support/session-nodes.js';

const HELLO = [0, { v: 1, n: 1, rx: 0, acked: 0, subs: [] }] as const;

test('every hello is authenticated, with what the client and the connection bring', async () => {
  const asked: unknown[] = [];
  const node = new SessionNodes().node({
    authenticate: async (introduction) => {
      asked.push(introduction);
      await Promise.resolve();
      return introduction.auth === 'let me in' ? 'ann' : undefined;
    },
  });
  const { welcome } = await node.hello({ auth: 'let me in' });
  expect(node.sessions[0]?.principal).toBe('ann');
  const { sid, key } = welcome;
  const { duplex } = { duplex: node.connect('the request') };
  duplex.say([0, { v: 1, sid, key, n: 2, rx: 0, acked: 0, subs: [] }]);
  await settled();
  expect(duplex.closed).toMatchObject({ code: 4401 });
  expect(node.errors).toEqual([
    expect.objectContaining({ code: 'unauthenticated', closeCode: 4401 }),
  ]);
  expect(asked).toEqual([
    { auth: 'let me in', request: undefined },
    { auth: undefined, request: 'the request' },
  ]);
  expect(node.sessions[0]?.attached).toBe(true);
});

test.each([
  ['false', () => false as const],
  ['undefined', () => undefined],
  ['something else', () => true as never],
  ['a rejection', () => Promise.reject(new Error('no'))],
  [
    'an error',
    () => {
      throw new Error('no');
    },
  ],
])('who is not known is refused: %s', async (_, authenticate) => {
  const node = new SessionNodes().node({ authenticate });
  const duplex = node.connect();
  duplex.say(HELLO);
  await settled();
  expect(duplex.closed).toMatchObject({ code: 4401 });
  expect([duplex.sent, node.sessions]).toEqual([[], []]);
});

test('without its key, nothing tells whether a session exists; with it, it is only not theirs', async () => {
  const node = new SessionNodes().node({ authenticate: ({ auth }) => String(auth) });
  const { welcome } = await node.hello({ auth: 'ann' });
  const { sid, key } = welcome;
  const answers = [];
  for (const said of [
    { auth: 'eve', sid, key: `${key}x` },
    { auth: 'ann', sid, key: `${key}x` },
    { auth: 'ann', sid: 'none', key },
  ]) {
    const { welcome: answer, duplex } = await node.hello({ ...said, n: 2 });
    expect(answer.sid).not.toBe(sid);
    answers.push([answer.resumed, answer.reason, answer.rx, duplex.closed]);
  }
  expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
    new Set([JSON.stringify([false, 'unknown', 0, undefined])]),
  );
  const { welcome: stolen } = await node.hello({ auth: 'eve', sid, key, n: 2 });
  expect(stolen).toMatchObject({ resumed: false, reason: 'rejected' });
  expect(node.errors.map(({ code }) => code)).toEqual(Array(4).fill('refused'));
  for (const { message } of node.errors) expect(message).not.toContain(key);
  // It is still there, and attached.
  expect(node.server.sessions.get(sid)?.attached).toBe(true);
});

test('a hello that is not later than another gets the attempt to go on from', async () => {
  const node = new SessionNodes().node();
  const { duplex, welcome } = await node.hello();
  const { sid, key } = welcome;
  const late = await node.hello({ sid, key, n: 1 });
  expect(late.welcome).toMatchObject({ code: 4409, n: 1, a: 0, reconnect: true });
  expect(late.duplex.closed).toMatchObject({ code: 4409 });
  expect(duplex.closed).toBeUndefined();
  expect(node.sessions[0]?.attached).toBe(true);
  expect((await node.hello({ sid, key, n: 2 })).welcome.resumed).toBe(true);
});

test('a connection that has lost its session to another changes nothing any more', async () => {
  const node = new SessionNodes().node();
  const first = await node.hello();
  const { sid, key } = first.welcome;
  const second = await node.hello({ sid, key, n: 2 });
  expect(first.duplex.closed).toMatchObject({ code: 4409 });
  node.sessions[0]?.send('x');
  await settled();
  // What was on its way when it was closed.
  first.duplex.say([2, 1], '"stolen"');
  first.duplex.say([3, 1]);
  first.duplex.say([5, 1, 1]);
  first.duplex.say([9, 1, 'topic']);
  first.duplex.say([8, { code: 1000, reason: '', reconnect: false, a: 1 }]);
  await node.advance(1_000);
  expect(node.messages).toEqual([]);
  expect(node.sessions[0]?.unacknowledged.messages).toBe(1);
  expect([first.duplex.sent, node.sessions[0]?.attached]).toEqual([[], true]);
  // Nor when it breaks, or is broken.
  first.duplex.say([4, 4]);
  first.duplex.drop();
  expect([node.sessions[0]?.attached, second.duplex.closed]).toEqual([true, undefined]);
});

test('hello comes once, and everything else after the welcome', async () => {
  const nodes = new SessionNodes();
  const node = nodes.node();
  const impatient = node.connect();
  impatient.say([2, 1], '1');
  expect(impatient.closed).toMatchObject({ code: 1002 });
  const { duplex } = await node.hello();
  duplex.say(HELLO);
  expect(duplex.closed).toMatchObject({ code: 1002 });
  nodes.held.add('create');
  const twice = node.connect();
  twice.say(HELLO);
  twice.say(HELLO);
  expect(twice.closed).toMatchObject({ code: 1002 });
  const hasty = node.connect();
  hasty.say(HELLO);
  hasty.say([2, 1], '1');
  expect(hasty.closed).toMatchObject({ code: 1002 });
  nodes.release();
  await settled();
  expect([twice.sent, hasty.sent, node.sessions.length]).toEqual([[], [], 1]);
  expect(node.errors.map(({ code }) => code)).toEqual(Array(4).fill('violation'));
});

test('who says no hello within 5 s is shown out', async () => {
  const node = new SessionNodes().node();
  const duplex = node.connect();
  await node.advance(4_999);
  expect(duplex.closed).toBeUndefined();
  await node.advance(1);
  expect(duplex.closed).toMatchObject({ code: 4408 });
  expect(node.errors).toMatchObject([{ code: 'silent' }]);
});

test('another version is none', async () => {
  const node = new SessionNodes().node();
  const duplex = node.connect();
  duplex.say([0, { v: 2, n: 1, rx: 0, acked: 0, subs: [] }]);
  await settled();
  expect(duplex.closed).toMatchObject({ code: 1002 });
});

test('a principal has so many sessions, and the server so many in all', async () => {
  const node = new SessionNodes().node({
    authenticate: ({ auth }) => String(auth),
    maxSessions: 2,
    capacity: 3,
  });
  const { welcome } = await node.hello({ auth: 'ann' });
  await node.hello({ auth: 'ann' });
  const third = node.connect();
  third.say([0, { v: 1, auth: 'ann', n: 1, rx: 0, acked: 0, subs: [] }]);
  await settled();
  expect(third.closed).toMatchObject({ code: 1013 });
  // To come back needs no place.
  const { sid, key } = welcome;
  const again = await node.hello({ auth: 'ann', sid, key, n: 2 });
  expect(again.welcome.resumed).toBe(true);
  await node.hello({ auth: 'bob' });
  const last = node.connect();
  last.say([0, { v: 1, auth: 'eve', n: 1, rx: 0, acked: 0, subs: [] }]);
  await settled();
  expect(last.closed).toMatchObject({ code: 1013 });
  node.sessions[0]?.close();
  expect((await node.hello({ auth: 'eve' })).welcome.resumed).toBe(false);
  expect(node.errors.map(({ code }) => code)).toEqual(Array(2).fill('too-many-sessions'));
});

test('a refused resume needs one place, not two', async () => {
  const node = new SessionNodes().node({ maxSessions: 1 });
  const { welcome } = await node.hello({ sid: 'gone', key: 'gone' });
  expect(welcome).toMatchObject({ resumed: false, reason: 'unknown' });
});

test('a client that leaves while it is looked up leaves nothing behind', async () => {
  const nodes = new SessionNodes();
  const node = nodes.node({ maxSessions: 1 });
  nodes.held.add('create');
  const duplex = node.connect();
  duplex.say(HELLO);
  await settled();
  duplex.drop();
  nodes.release();
  await settled();
  expect([node.sessions, node.server.sessions.size, duplex.sent]).toEqual([[], 0, []]);
  expect((await node.hello()).welcome.resumed).toBe(false);
});

test('a store that does not answer sends the client away for a while', async () => {
  const nodes = new SessionNodes();
  const node = nodes.node({ maxSessions: 1 });
  nodes.failing.set('create', 'not made');
  const duplex = node.connect();
  duplex.say(HELLO);
  await settled();
  expect(duplex.closed).toMatchObject({ code: 1013 });
  expect(node.errors).toMatchObject([{ code: 'store' }]);
  nodes.failing.clear();
  const { welcome } = await node.hello();
  const { sid, key } = welcome;
  nodes.failing.set('takeover', 'made');
  const again = node.connect();
  again.say([0, { v: 1, sid, key, n: 2, rx: 0, acked: 0, subs: [] }]);
  await settled();
  expect(again.closed).toMatchObject({ code: 1013 });
  nodes.failing.clear();
  expect((await node.hello({ sid, key, n: 3 })).welcome.resumed).toBe(true);
});

test('answers to hellos that come in the wrong order leave the latest connection in its place', async () => {
  const nodes = new SessionNodes();
  const node = nodes.node();
  const { welcome } = await node.hello();
  const { sid, key } = welcome;
  nodes.held.add('takeover');
  const early = node.connect();
  early.say([0, { v: 1, sid, key, n: 2, rx: 0, acked: 0, subs: [] }]);
  await settled();
  nodes.held.clear();
  const late = await node.hello({ sid, key, n: 3 });
  expect(late.welcome.resumed).toBe(true);
  nodes.release();
  await settled();
  expect(early.closed).toMatchObject({ code: 4409 });
  expect(late.duplex.closed).toBeUndefined();
});

test('another node takes a session over, and the first one forgets it', async () => {
  const nodes = new SessionNodes();
  const [one, other] = [nodes.node(), nodes.node()];
  const first = await one.hello();
  const { sid, key } = first.welcome;
  one.sessions[0]?.send('from one');
  first.duplex.say([2, 1], '"a"');
  await settled();
  const ends: unknown[] = [];
  one.sessions[0]?.on('close', (end) => ends.push(end));
  const second = await other.hello({ sid, key, n: 2 });
  expect(second.welcome).toMatchObject({ sid, resumed: true, rx: 1 });
  expect(second.duplex.take()).toEqual([[2, 1, '"from one"']]);
  expect(other.sessions[0]).toMatchObject({ id: sid, resumed: true });
  // It notices with its next write.
  one.sessions[0]?.send('too late');
  await settled();
  expect([ends, one.server.sessions.size, first.duplex.closed?.code]).toEqual([['moved'], 0, 4409]);
  other.sessions[0]?.send('from the other');
  await settled();
  expect(second.duplex.take()).toEqual([[2, 2, '"from the other"']]);
  // And back again.
  const third = await one.hello({ sid, key, n: 3, rx: 2 });
  expect(third.welcome.resumed).toBe(true);
  expect(one.sessions).toHaveLength(2);
});

test('who has no name is nobody', async () => {
  const node = new SessionNodes().node({ authenticate: () => '' });
  const duplex = node.connect();
  duplex.say(HELLO);
  await settled();
  expect(duplex.closed).toMatchObject({ code: 4401 });
});
