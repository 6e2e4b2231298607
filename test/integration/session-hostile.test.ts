import { describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createSocket, type WebSocketConstructor } from '../../src/index.js';
import { createSessionServer, type SessionServerOptions } from '../../src/server/index.js';
import { nodePlatform } from '../../src/server/server-platform.js';
import { deliver, session } from '../../src/session.js';
import { attack } from '../support/chaos-hostile.mjs';
import { listening, RawClient } from '../support/chaos-wire.js';
import { eventually } from '../support/eventually.js';
import { ManualClock } from '../support/manual-clock.js';

const OPTIONS: SessionServerOptions = {
  // What a client says it is, it is.
  authenticate: ({ auth }) => (typeof auth === 'string' ? auth : false),
  authorizeTopic: ({ topic }) => topic === 'open',
  maxPayload: 100_000,
  maxSessions: 3,
};

/** A server, and a client that means well: `check` says whether it is as well as before. */
async function besideHonest(options?: SessionServerOptions) {
  const { server, errors, url } = await listening({ ...OPTIONS, ...options });
  const handled: unknown[] = [];
  server.on('session', (own) => {
    if (own.principal === 'honest') own.on('message', ({ data }) => handled.push(data));
  });
  const socket = createSocket(url, {
    session: session({ auth: () => 'honest' }),
    WebSocket: WebSocket as unknown as WebSocketConstructor,
  });
  const heard: unknown[] = [];
  socket.on('message', (message) => heard.push(message));
  await socket.ready();
  const [own] = server.sessions.values();
  let said = 0;
  const check = async (): Promise<void> => {
    said++;
    await deliver(socket, said);
    own?.send(said);
    await vi.waitFor(() => expect(own?.unacknowledged.messages).toBe(0), { timeout: 5_000 });
    expect([handled.length, heard.length]).toEqual([said, said]);
    expect([handled.at(-1), heard.at(-1)]).toEqual([said, said]);
    expect(server.sessions.get(own?.id ?? '')).toBe(own);
    expect(socket.getSnapshot().connects).toBe(1);
  };
  await check();
  return { server, errors, url, socket, own, check };
}

type Say = (client: RawClient) => unknown;

const hello = (client: RawClient) => client.hello({ auth: 'villain' });
/** After a welcome. @returns what says it all */
const welcomed =
  (...frames: readonly (string | readonly unknown[] | Uint8Array)[]): Say =>
  async (client) => {
    await hello(client);
    for (const frame of frames) client.say(frame);
  };

const MEGABYTE = 'n'.repeat(1_000_000);

const bad: [string, number, string, Say][] = [
  ['a message before hello', 1002, 'violation', (client) => client.say([2, 1], '1')],
  ['bytes before hello', 1007, 'malformed', (client) => client.say(new Uint8Array(10))],
  ['text that is no frame', 1007, 'malformed', (client) => client.say('hello')],
  ['a frame of no known type', 1002, 'violation', (client) => client.say([99])],
  ['a frame of the server', 1002, 'violation', welcomed([4, 1, 'failed'])],
  ['a hello of another version', 1002, 'violation', (client) => client.hello({ v: 2 })],
  [
    'a hello by a prototype',
    1007,
    'malformed',
    (client) => client.say('[0,{"__proto__":{"v":1,"n":1,"rx":0,"acked":0,"subs":[]}}]'),
  ],
  ['a hello of a megabyte', 1009, 'too-large', (client) => client.say([0, { auth: MEGABYTE }])],
  ['nobody that is known', 4401, 'unauthenticated', (client) => client.hello({ auth: 7 })],
  ['hello twice', 1002, 'violation', async (client) => (await hello(client), hello(client))],
  ['hello twice at once', 1002, 'violation', (client) => (void hello(client), hello(client))],
  ['s out of order', 1002, 'violation', welcomed('[2,5]\n1')],
  ['s below 0', 1007, 'malformed', welcomed('[2,-1]\n1')],
  ['s between two numbers', 1007, 'malformed', welcomed('[2,1.5]\n1')],
  ['s that is no number any more', 1007, 'malformed', welcomed('[2,9007199254740992]\n1')],
  ['s far ahead', 1002, 'violation', welcomed('[2,9007199254740991]\n1')],
  ['a above what was said', 1002, 'violation', welcomed([3, 1])],
  ['a below 0', 1007, 'malformed', welcomed([3, -1])],
  ['a between two numbers', 1007, 'malformed', welcomed([3, 0.5])],
  [
    'a name of 200 characters for a message',
    1002,
    'violation',
    welcomed(`[2,1,0,"${'i'.repeat(200)}"]\n1`),
  ],
  ['a topic name of a megabyte', 1009, 'too-large', welcomed([9, 1, MEGABYTE])],
  ['a number of a subscription twice', 1002, 'violation', welcomed([9, 1, 'open'], [9, 1, 'open'])],
  ['a message above maxPayload', 1009, 'too-large', welcomed(`[2,1]\n"${'x'.repeat(100_000)}"`)],
  ['a message of a million frames', 1009, 'too-large', welcomed([2, 1, null, null, 1_000_000])],
  [
    'a message that goes on and on',
    1009,
    'too-large',
    welcomed([2, 1, null, null, 1_000], ...Array.from({ length: 20 }, () => 'x'.repeat(9_000))),
  ],
];

describe('beside a client that means well', () => {
  test('each bad input has its close code on the wire, and an error event', async () => {
    const { errors, url, check } = await besideHonest({ maxSessions: 100 });
    for (const [what, closeCode, code, say] of bad) {
      const client = await RawClient.open(url);
      void say(client);
      expect([what, await client.closed]).toEqual([what, closeCode]);
      expect([what, errors.splice(0)]).toMatchObject([what, [{ code, closeCode }]]);
    }
    await check();
  });

  test('topics that are not allowed are refused, and so are more than there may be', async () => {
    const { errors, url, check } = await besideHonest();
    const client = await RawClient.open(url);
    await hello(client);
    client.say([9, 1, 'closed']);
    expect(await client.next()).toEqual([10, 1, '', 0, false, 'denied']);
    client.say([9, 2, '__proto__']);
    expect(await client.next()).toEqual([10, 2, '', 0, false, 'denied']);
    expect(errors.splice(0)).toMatchObject([{ code: 'denied' }, { code: 'denied' }]);
    for (let i = 3; i < 200; i++) client.say([9, i, 'open']);
    // Each is answered in its own time.
    let [live, refused] = [0, 0];
    while (live + refused < 197) {
      const frame = await client.next();
      expect(frame[0]).toBe(10);
      if (frame[5] === 'refused') refused++;
      else live++;
    }
    expect([live, refused]).toEqual([100, 97]);
    await check();
  });

  test('keys that are forged, and those of another, open nothing', async () => {
    const { errors, url, own, check } = await besideHonest();
    const { id: sid = '' } = own ?? {};
    const { key } = own as unknown as { key: string };
    const forged = `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`;
    const claims: object[] = [
      { auth: 'honest', sid, key: forged },
      { auth: 'honest', sid, key: '' },
      { auth: 'villain', sid, key },
      { auth: 'villain', sid: '__proto__', key: 'constructor' },
    ];
    for (const claim of claims) {
      const client = await RawClient.open(url);
      const welcome = await client.hello({ ...claim, n: 1_000_000 });
      expect(welcome.resumed).toBe(false);
      expect(welcome.sid).not.toBe(sid);
      expect(errors.splice(0)).toMatchObject([{ code: 'refused' }]);
      await check();
    }
    expect(JSON.stringify(errors)).not.toContain(key);
  });

  test('a session that has expired is not resumed, and its client is told so', async () => {
    // Not less: the store takes a node that says nothing for one and a half of it to be dead.
    const { server, errors, url, check } = await besideHonest({ ttl: 1_000 });
    const client = await RawClient.open(url);
    const { sid, key } = await hello(client);
    client.socket.terminate();
    await vi.waitFor(() => expect(server.counters.expired).toBe(1), { timeout: 10_000 });
    const back = await RawClient.open(url);
    const welcome = await back.hello({ auth: 'villain', sid, key, n: 2 });
    expect(welcome).toMatchObject({ resumed: false, reason: 'expired' });
    expect(errors).toMatchObject([{ code: 'refused' }]);
    await check();
  });

  test('a principal has no more sessions than it may, and a late hello changes nothing', async () => {
    const { errors, url, check } = await besideHonest();
    const clients = [1, 2, 3, 4].map(() => RawClient.open(url));
    const [first, second, third, fourth] = await Promise.all(clients);
    if (!first || !second || !third || !fourth) throw new Error('nobody is there');
    const { sid, key } = await hello(first);
    await hello(second);
    await hello(third);
    void hello(fourth);
    expect(await fourth.closed).toBe(1013);
    const late = await RawClient.open(url);
    const claim = { auth: 'villain', sid, key, n: 1 };
    expect(await late.hello(claim)).toMatchObject({ code: 4409, n: 1 });
    expect(await late.closed).toBe(4409);
    expect(errors).toMatchObject([{ code: 'too-many-sessions' }, { code: 'stale' }]);
    first.say([5, 1, 0]);
    expect(await first.next()).toEqual([6, 1, 0]);
    await check();
  });
});

test('who says no hello is sent away after 5 s', async () => {
  const clock = new ManualClock();
  const platform = { ...nodePlatform, clock, monotonic: () => clock.now() };
  const { errors, server, url } = await listening({}, platform);
  const [silent, talking] = [await RawClient.open(url), await RawClient.open(url)];
  await eventually(() => expect(server.counters.connections).toBe(2));
  await talking.hello();
  clock.advance(4_999);
  expect(errors).toEqual([]);
  clock.advance(1);
  expect(await silent.closed).toBe(4408);
  expect(errors).toMatchObject([{ code: 'silent', closeCode: 4408 }]);
  talking.say([5, 1, 0]);
  expect(await talking.next()).toEqual([6, 1, 0]);
});

test('50,000 hostile frames break nothing, steal nothing, and do not grow for ever', async () => {
  const report = await attack({ createSessionServer }, { frames: 50_000 });
  expect(report.violations).toEqual([]);
  expect(report.victim).toBeGreaterThan(100);
  expect(Object.keys(report.closes)).toEqual(
    expect.arrayContaining(['1002', '1007', '1009', '1013', '4409']),
  );
  // Bounded by its principals, whatever they do.
  expect(report.sessions).toBeLessThanOrEqual(18 * 100);
}, 120_000);
