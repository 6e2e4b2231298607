import { describe, expect, test } from 'vitest';
import { deliver, session, unacknowledged } from '../../../src/session.js';
import { createSocket, request, type SocketOptions } from '../../../src/index.js';
import { ACK, BYE, FAIL, GOAWAY, MESSAGE, PING, PONG } from '../../../src/session/wire/frames.js';
import { openSession, SessionLine } from '../../support/session-line.js';
import { turn } from '../../support/world.js';

describe('opening', () => {
  test('says hello with what the application gives, and is open once it is welcome', async () => {
    const line = new SessionLine({}, { auth: () => Promise.resolve({ token: 't' }) });
    line.send('early');
    await line.open();
    expect(line.native.protocols).toEqual(['holdline.session.v1']);
    expect(line.hello).toEqual({ v: 1, auth: { token: 't' }, n: 1, rx: 0, acked: 0, subs: [] });
    expect([line.socket.status, line.native.sent.length]).toEqual(['connecting', 1]);
    await line.welcome();
    expect([line.socket.status, line.messages]).toEqual(['open', [[1, '"early"']]]);
    expect(line.told).toEqual([['session', 's1', false, 1]]);
  });

  test('asks for a token at every hello, with how the last connection ended', async () => {
    const asked: unknown[] = [];
    const auth = ({ lastClose }: { lastClose: { code: number } | undefined }) => {
      asked.push(lastClose?.code);
      return 'token';
    };
    const line = await openSession({}, { auth });
    line.native.die(1012);
    await line.world.advance(5_000);
    await line.open();
    expect(asked).toEqual([undefined, 1012]);
  });

  test('an auth that throws fails the attempt, and is asked again', async () => {
    let fails = true;
    const auth = () => {
      if (fails) throw new Error('offline');
      return 'token';
    };
    const line = new SessionLine({}, { auth });
    await line.open();
    expect(line.told).toEqual([['error', 'handshake', 'the handshake failed']]);
    fails = false;
    await line.world.next();
    await line.open();
    expect(line.hello).toMatchObject({ auth: 'token', n: 1 });
  });

  test('offers its subprotocol before others, and takes no other for an answer', async () => {
    const line = new SessionLine({ protocols: () => ['app'] });
    await turn();
    expect(line.native.protocols).toEqual(['holdline.session.v1', 'app']);
    line.native.open('app');
    await turn();
    expect(line.told).toEqual([
      ['error', 'handshake', 'the server does not speak holdline.session.v1'],
    ]);
  });

  test('what has arrived since the welcome is heard after `open`', async () => {
    const line = new SessionLine();
    const order: unknown[] = [];
    line.socket.on('open', () => order.push('open'));
    line.socket.on('message', (message) => order.push(message));
    await line.open();
    const welcomed = line.welcome();
    line.message(1, 'a');
    await welcomed;
    line.message(2, 'b');
    expect(order).toEqual(['open', 'a', 'b']);
  });

  test('a server that does not know the protocol is an error', async () => {
    const line = new SessionLine();
    await line.open();
    line.native.receiveJson({ type: 'hello' });
    expect(line.told).toEqual([
      [
        'error',
        'protocol',
        'the server does not keep to holdline.session.v1: a frame is no JSON array',
      ],
    ]);
    expect(line.socket.status).toBe('waiting');
  });
});

describe('sending', () => {
  test('each message has its number, and is acknowledged once the server says so', async () => {
    const line = await openSession();
    const [a, b] = [line.send('a'), line.send('b')];
    expect(line.messages).toEqual([
      [1, '"a"'],
      [2, '"b"'],
    ]);
    expect(unacknowledged(line.socket)).toBe(2);
    line.say([ACK, 1]);
    line.say([ACK, 1]);
    expect([a, b]).toEqual([
      { result: 'sent', outcomes: ['sent', 'acknowledged'] },
      { result: 'sent', outcomes: ['sent'] },
    ]);
    line.message(1, 'answer', 2);
    expect([b.outcomes, unacknowledged(line.socket)]).toEqual([['sent', 'acknowledged'], 0]);
  });

  test('what the server has not settled is said again, before anything new', async () => {
    const line = await openSession();
    const a = line.send('a');
    const b = line.send('b');
    line.native.die();
    const c = line.send('c');
    await line.world.advance(1_850);
    await line.open();
    expect(line.hello).toMatchObject({ sid: 's1', key: 'k1', n: 2, rx: 0, acked: 0 });
    await line.welcome({ resumed: true, rx: 1 });
    expect(line.messages).toEqual([
      [2, '"b"'],
      [3, '"c"'],
    ]);
    line.say([ACK, 3]);
    expect([a.outcomes, b.outcomes, c.outcomes]).toEqual([
      ['sent', 'acknowledged'],
      ['sent', 'acknowledged'],
      ['queued', 'sent', 'acknowledged'],
    ]);
    expect(line.told.at(-1)).toEqual(['session', 's1', true, 2]);
  });

  test('no more are on their way than the server has said', async () => {
    const line = new SessionLine();
    for (let count = 0; count < 5; count++) line.send(count);
    await line.open();
    await line.welcome({ window: 2 });
    expect([line.messages.length, line.socket.queued.messages]).toEqual([2, 3]);
    line.say([ACK, 1]);
    expect([line.messages.length, line.socket.queued.messages]).toEqual([3, 2]);
    line.say([ACK, 3]);
    expect(line.messages.map(([s]) => s)).toEqual([1, 2, 3, 4, 5]);
  });

  test('a message that failed is unknown, once, and the others go on', async () => {
    const line = await openSession();
    const [a, b] = [line.send('a'), line.send('b')];
    line.say([FAIL, 1, 'failed']);
    line.say([ACK, 2]);
    expect([a.outcomes, b.outcomes]).toEqual([
      ['sent', 'unknown'],
      ['sent', 'acknowledged'],
    ]);
    expect(line.told).toContainEqual(['unknown', 'a']);
  });

  test('a fail is heard with the welcome, too', async () => {
    const line = await openSession();
    const [a, b] = [line.send('a'), line.send('b')];
    await line.cut();
    await line.welcome({ resumed: true, rx: 2, fails: [[2, 'lost']] });
    expect([a.outcomes, b.outcomes]).toEqual([
      ['sent', 'acknowledged'],
      ['sent', 'unknown'],
    ]);
  });

  test('a full queue throws, and loses nothing', async () => {
    const line = new SessionLine({ queue: { maxMessages: 1 } });
    line.send('a');
    expect(() => line.send('b')).toThrow(expect.objectContaining({ code: 'queue-full' }));
    await line.open();
    await line.welcome();
    expect(line.messages).toEqual([[1, '"a"']]);
  });

  test('what waits can be withdrawn, replaced and outdated; what has a number cannot', async () => {
    const line = new SessionLine();
    const controller = new AbortController();
    const { signal } = controller;
    const outcomes: unknown[] = [];
    const onOutcome = (outcome: unknown) => outcomes.push(outcome);
    line.socket.send('withdrawn', { signal, onOutcome });
    line.socket.send('old', { key: 'k', onOutcome });
    line.socket.send('new', { key: 'k' });
    controller.abort();
    line.socket.send('late', { ttl: 0, onOutcome });
    expect(outcomes).toEqual(['queued', 'queued', 'never-sent', 'never-sent', 'never-sent']);
    await line.open();
    await line.welcome();
    const other = new AbortController();
    line.socket.send('numbered', { signal: other.signal, ttl: 1, key: 'k' });
    other.abort();
    await line.world.advance(5);
    line.socket.send('another', { key: 'k' });
    expect(line.messages.map(([, payload]) => payload)).toEqual([
      '"new"',
      '"numbered"',
      '"another"',
    ]);
  });
});

describe('receiving', () => {
  test('each message is heard once, in order, and acknowledged after a while', async () => {
    const line = await openSession();
    line.message(1, 'a');
    line.message(2, 'b');
    line.message(1, 'a');
    expect([line.received, line.acknowledged]).toEqual([['a', 'b'], 2]);
    line.message(3, 'c');
    expect(line.acknowledged).toBe(2);
    await line.world.advance(250);
    expect(line.acknowledged).toBe(3);
  });

  test('an acknowledgement goes with what is sent anyway', async () => {
    const line = await openSession();
    line.message(1, 'a');
    line.send('b');
    expect(line.said.at(-1)?.[0]).toEqual([MESSAGE, 1, 1]);
    await line.world.advance(250);
    expect(line.acknowledged).toBeUndefined();
  });

  test('the hello says how far it came, and what comes twice is heard once', async () => {
    const line = await openSession();
    line.message(1, 'a');
    await line.cut();
    expect(line.hello).toMatchObject({ rx: 1 });
    await line.welcome({ resumed: true });
    line.message(1, 'a');
    line.message(2, 'b');
    expect(line.received).toEqual(['a', 'b']);
  });

  test('where one is missing, the connection is given up', async () => {
    const line = await openSession();
    line.message(2, 'b');
    expect(line.told.at(-1)).toEqual([
      'error',
      'protocol',
      expect.stringContaining('a message is missing'),
    ]);
    expect([line.received, line.socket.status]).toEqual([[], 'waiting']);
  });

  test('bytes and several frames are one message, in their order', async () => {
    const line = await openSession();
    line.native.receive('[2,1,null,null,2]');
    line.native.receive('"head"');
    expect(line.received).toEqual([]);
    line.native.receive('"body"');
    expect(line.received).toEqual(['head', 'body']);
  });
});

describe('a session that is gone', () => {
  test('what was sent is unknown, and what was not goes to the next, in order', async () => {
    const line = await openSession();
    const a = line.send('a');
    const delivered = deliver(line.socket, 'b', { idempotent: true });
    line.native.die();
    const c = line.send('c');
    await line.world.advance(1_850);
    await line.open();
    await line.welcome({ sid: 's2', key: 'k2', reason: 'expired' });
    expect(line.messages).toEqual([
      [1, '"b"'],
      [2, '"c"'],
    ]);
    line.say([ACK, 2]);
    await delivered;
    expect([a.outcomes, c.outcomes]).toEqual([
      ['sent', 'unknown'],
      ['queued', 'sent', 'acknowledged'],
    ]);
    expect(line.told.slice(1)).toEqual([
      ['unknown', 'a'],
      ['session', 's2', false, 2, { reason: 'expired', unknown: ['a'] }],
    ]);
  });

  test('an idempotent message keeps its name', async () => {
    const line = await openSession();
    void deliver(line.socket, 'a', { idempotent: true });
    const [, , , name] = line.said.at(-1)?.[0] as [number, number, null, string];
    await line.cut();
    await line.welcome({ sid: 's2', reason: 'unknown' });
    expect(line.said.at(-1)?.[0]).toEqual([MESSAGE, 1, null, name]);
    expect(name).toMatch(/^\w{10,64}$/);
  });

  test('a reason in words of the server’s own is unknown', async () => {
    const line = await openSession();
    await line.cut();
    await line.welcome({ sid: 's2', reason: 'token=secret\nand more' });
    expect(line.told.at(-1)).toEqual([
      'session',
      's2',
      false,
      0,
      { reason: 'unknown', unknown: [] },
    ]);
  });

  test('three hellos in a row that the server closes on are the end of it', async () => {
    const line = await openSession();
    line.send('a');
    await line.cut(1011);
    for (let count = 0; count < 2; count++) await line.cut(1011);
    expect(line.hello).toMatchObject({ sid: 's1' });
    line.native.die(1011, '', true);
    expect(line.told.at(-1)).toEqual(['unknown', 'a']);
    await line.world.next();
    await line.open();
    expect(line.hello).not.toHaveProperty('sid');
  });

  test('a server that goes, and a network that dies, are not', async () => {
    const line = await openSession();
    for (const code of [1012, 1006, 1012, 1006, 1001]) await line.cut(code);
    // And one that a hello did not reach in time, or that has no time for it.
    for (const code of [4408, 4408, 4408, 4425, 4429, 1014]) await line.cut(code);
    expect(line.hello).toMatchObject({ sid: 's1' });
  });

  test('a hello that was outrun goes on from there, three times', async () => {
    const line = await openSession();
    const a = line.send('a');
    await line.cut();
    for (const n of [7, 9, 11]) {
      expect(line.hello).toMatchObject({ sid: 's1' });
      line.say([BYE, { code: 4409, reason: '', reconnect: true, a: 0, n }]);
      await line.cut(4409);
      expect(line.hello).toMatchObject({ n: n + 1 });
    }
    expect([line.hello['sid'], a.outcomes]).toEqual([undefined, ['sent', 'unknown']]);
  });

  test('a server that knows more of it than there is has another one', async () => {
    const line = await openSession();
    line.send('a');
    await line.cut();
    await line.welcome({ resumed: true, rx: 2 });
    expect(line.told).toContainEqual(['unknown', 'a']);
    await line.world.advance(20_000);
    await line.open();
    expect(line.hello).not.toHaveProperty('sid');
  });

  test('the server may end it for good', async () => {
    const line = await openSession();
    const a = line.send('a');
    const b = line.send('b');
    line.say([BYE, { code: 4403, reason: 'banned', reconnect: false, a: 1 }]);
    expect([line.socket.status, a.outcomes, b.outcomes]).toEqual([
      'closed',
      ['sent', 'acknowledged'],
      ['sent', 'unknown'],
    ]);
    expect(line.socket.getSnapshot().lastClose).toMatchObject({ code: 4403, willReconnect: false });
  });
});

describe('a connection that is over before everybody has heard that it is open', () => {
  /** A session with two messages open, on a new connection; `last` is what arrives on that in one go. */
  async function resumed(last: (line: SessionLine) => void) {
    const line = await openSession();
    const outcomes = ['a', 'b', 'c'].map((message) => line.send(message).outcomes);
    await line.cut();
    void line.welcome({ resumed: true, rx: 0 });
    last(line);
    line.native.die(4003, 'banned', true);
    await turn();
    return { line, outcomes };
  }

  test('is the end of a session that the server has ended on it', async () => {
    const { line, outcomes } = await resumed((line) => {
      line.say([FAIL, 1, 'failed']);
      line.message(1, 'you are banned', 2);
      line.say([BYE, { code: 4003, reason: 'banned', reconnect: false, a: 2 }]);
    });
    expect([line.socket.status, line.socket.getSnapshot().error?.code]).toEqual([
      'closed',
      'rejected',
    ]);
    expect(line.received).toEqual(['you are banned']);
    expect(line.told).toContainEqual(['session', 's1', true, 3]);
    expect(outcomes).toEqual([
      ['sent', 'unknown'],
      ['sent', 'acknowledged'],
      ['sent', 'unknown'],
    ]);
    expect(line.world.leftovers).toEqual({ timers: [], watchers: 0, live: 0 });
  });

  test('brings a new session where the server says so', async () => {
    const { line, outcomes } = await resumed((line) =>
      line.say([BYE, { code: 1000, reason: '', reconnect: true, a: 1 }]),
    );
    expect(line.socket.status).toBe('waiting');
    expect(outcomes.map((told) => told.at(-1))).toEqual(['acknowledged', 'unknown', 'unknown']);
    await line.world.next();
    await line.open();
    expect(line.hello).not.toHaveProperty('sid');
  });

  test('is nothing but lost without that, though a message may look like it', async () => {
    const { line, outcomes } = await resumed((line) => {
      line.say([MESSAGE, 1, null, null, 2]);
      line.native.receive('[8,{"code":4003,"reason":"","reconnect":false,"a":2}]');
    });
    expect([line.socket.status, line.received]).toEqual(['waiting', []]);
    expect(outcomes.map((told) => told.at(-1))).toEqual(['sent', 'sent', 'sent']);
  });

  test('is not what fails while it is closing: what has arrived is heard', async () => {
    const line = new SessionLine();
    line.socket.on('open', () => {
      void line.socket.close();
      line.socket.fail(new Error('mine'));
    });
    await line.open();
    void line.welcome();
    line.message(1, 'a');
    await turn();
    line.message(2, 'b');
    expect(line.received).toEqual(['a', 'b']);
  });

  test('is over for a listener that hangs up meanwhile', async () => {
    const line = new SessionLine();
    line.socket.on('message', () => void line.socket.close());
    await line.open();
    void line.welcome();
    line.message(1, 'a');
    line.message(2, 'b');
    line.say([BYE, { code: 4003, reason: '', reconnect: false, a: 0 }]);
    line.native.die(4003, '', true);
    await turn();
    expect([line.socket.status, line.received]).toEqual(['closed', ['a']]);
    expect(line.told).toEqual([['session', 's1', false, 0]]);
  });
});

test('close says bye with the last acknowledgement, and what is open is unknown', async () => {
  const line = await openSession();
  line.message(1, 'a');
  const b = line.send('b');
  const closed = line.socket.close();
  expect(line.said.at(-1)?.[0]).toEqual([BYE, { code: 1000, reason: '', reconnect: false, a: 1 }]);
  line.native.die(1000, '', true);
  await closed;
  expect(b.outcomes).toEqual(['sent', 'unknown']);
  expect(line.world.leftovers).toEqual({ timers: [], watchers: 0, live: 0 });
});

test('what the server still says after that brings nothing back', async () => {
  const line = await openSession();
  void line.socket.close();
  line.say([GOAWAY, { after: 100, spread: 0 }]);
  await line.world.advance(1_000);
  expect([line.socket.status, line.world.natives.length]).toEqual(['closing', 1]);
});

test('a session that began on a connection that died at once is told as new', async () => {
  const line = await openSession();
  await line.cut();
  const welcomed = line.welcome({ sid: 's2', key: 'k2', reason: 'overflow' });
  line.native.die();
  await welcomed;
  await line.world.next();
  await line.open();
  await line.welcome({ sid: 's2', key: 'k2', resumed: true });
  expect(line.told.at(-1)).toEqual([
    'session',
    's2',
    false,
    0,
    { reason: 'overflow', unknown: [] },
  ]);
});

test('close with flush waits until all is acknowledged', async () => {
  const line = await openSession();
  const a = line.send('a');
  void line.socket.close({ flush: true });
  await line.world.advance(100);
  expect(line.native.closeCalls).toEqual([]);
  line.say([ACK, 1]);
  await line.world.advance(20);
  expect([line.native.closeCalls.length, a.outcomes]).toEqual([1, ['sent', 'acknowledged']]);
});

test('pause keeps the session', async () => {
  const line = await openSession();
  line.send('a');
  line.socket.pause();
  line.native.die(1000, '', true);
  line.socket.connect();
  await line.open();
  expect(line.hello).toMatchObject({ sid: 's1', n: 2 });
  await line.welcome({ resumed: true });
  expect(line.messages).toEqual([[1, '"a"']]);
});

test('a ping of either side carries what is acknowledged', async () => {
  const line = await openSession();
  line.message(1, 'a');
  line.say([PING, 7, 0]);
  expect(line.said.at(-1)?.[0]).toEqual([PONG, 7, 1]);
  await line.world.advance(25_000);
  expect(line.said.at(-1)?.[0]).toEqual([PING, 1, 1]);
  line.say([PONG, 1, 0]);
  expect(line.socket.latency).toBe(0);
  await line.world.advance(60_000);
  expect(line.told).toContainEqual(['error', 'heartbeat', 'a ping was not answered']);
});

describe('a server that is about to go', () => {
  test('gets nothing new, and is left once all is acknowledged and it is our turn', async () => {
    const line = await openSession();
    const notices: unknown[] = [];
    line.socket.on('goaway', (notice) => notices.push(notice));
    line.send('a');
    line.say([GOAWAY, { after: 10_000, spread: 4_000 }]);
    line.send('b');
    await line.world.advance(2_000);
    expect([line.messages.length, line.world.natives.length]).toEqual([1, 1]);
    line.say([ACK, 1]);
    await line.open();
    expect([line.world.natives.length, line.hello['acked']]).toEqual([2, 1]);
    await line.welcome({ resumed: true, rx: 1 });
    expect(line.messages).toEqual([[2, '"b"']]);
    expect(notices).toEqual([{ after: 10_000, spread: 4_000 }]);
  });

  test('is left when the time is over', async () => {
    const line = await openSession();
    line.send('a');
    line.say([GOAWAY, { after: 3_000, spread: 4_000 }]);
    await line.world.advance(3_000);
    await line.open();
    expect(line.world.natives.length).toBe(2);
  });
});

describe('deliver', () => {
  test('rejects with what became of the message', async () => {
    const line = await openSession();
    const lost = deliver(line.socket, 'a');
    await line.cut();
    const controller = new AbortController();
    const withdrawn = deliver(line.socket, 'b', { signal: controller.signal });
    controller.abort();
    await line.welcome({ sid: 's2', reason: 'lost' });
    await expect(lost).rejects.toMatchObject({ code: 'outcome-unknown' });
    await expect(withdrawn).rejects.toMatchObject({ code: 'never-sent' });
  });

  test('needs a session', async () => {
    const socket = createSocket('wss://example.com', { autoConnect: false });
    await expect(deliver(socket, 'a')).rejects.toMatchObject({ code: 'options' });
    expect(unacknowledged(socket)).toBe(0);
  });
});

describe('request', () => {
  const match = (message: unknown) => message === 'answer';

  test('survives a lost connection', async () => {
    const line = await openSession();
    const answer = request(line.socket, 'question', { match });
    await line.cut();
    await line.welcome({ resumed: true });
    line.message(1, 'answer');
    await expect(answer).resolves.toBe('answer');
  });

  test('does not survive its session, though the question was acknowledged', async () => {
    const line = await openSession();
    const answers = [
      request(line.socket, 'question', { match }),
      request(line.socket, 'question', { id: 1, idOf: () => undefined }),
    ];
    line.say([ACK, 2]);
    await line.cut();
    await line.welcome({ sid: 's2', reason: 'expired' });
    for (const answer of answers) await expect(answer).rejects.toMatchObject({ code: 'closed' });
  });
});

test.each([
  ['handshake', { handshake: () => undefined }],
  ['queue', { queue: false }],
  ['heartbeat.message', { heartbeat: { message: () => 'ping' } }],
] satisfies [string, SocketOptions][])('does not go with options.%s', (name, options) => {
  expect(() => createSocket('wss://example.com', { ...options, session: session() })).toThrow(
    expect.objectContaining({
      code: 'options',
      message: `options.${name} does not go with options.session`,
    }),
  );
});

test('does not go with requeue: false', async () => {
  const line = await openSession();
  expect(() => line.socket.send('a', { requeue: false })).toThrow(
    expect.objectContaining({ code: 'options' }),
  );
});

test.each([[{ auth: 1 }], [{ storage: {} }], [{ name: 1 }], [{ owner: null }], [{ nmae: '' }]])(
  'refuses %j',
  (options) => {
    expect(() => session(options as never)).toThrow(expect.objectContaining({ code: 'options' }));
  },
);

test('another user gets nothing of what somebody has left', async () => {
  const line = await openSession();
  const sent = line.send('a');
  const named = deliver(line.socket, 'b', { idempotent: true });
  line.native.die();
  await line.world.next();
  await line.open();
  const welcomed = line.welcome({ sid: 's2', reason: 'expired' });
  line.native.die();
  await welcomed;
  const waiting = line.send('c');
  await line.world.next();
  await line.open();
  await line.welcome({ sid: 's3', reason: 'rejected' });
  await expect(named).rejects.toMatchObject({ code: 'outcome-unknown' });
  expect(line.told.at(-1)).toMatchObject(['session', 's3', false, 0, { unknown: ['a', 'b'] }]);
  expect([sent.outcomes, waiting.outcomes, line.messages]).toEqual([
    ['sent', 'unknown'],
    ['queued', 'never-sent'],
    [],
  ]);
});

test('a message in several frames is as large as all of them', async () => {
  const codec = { encode: () => ['1234', '5678'], decode: String };
  const line = new SessionLine({ codec });
  await line.open();
  await line.welcome({ maxBytes: 7 });
  expect(() => line.socket.send('a')).toThrow(expect.objectContaining({ code: 'encode' }));
  expect(line.messages).toEqual([]);
});

describe('a server that closes with 1002', () => {
  test('is resumed at, since something was lost on the way', async () => {
    const line = await openSession();
    const a = line.send('a');
    for (let count = 0; count < 10; count++) {
      await line.cut(1002);
      await line.welcome({ resumed: true, rx: count });
      line.send(count);
    }
    expect([line.hello['sid'], a.outcomes]).toEqual(['s1', ['sent', 'acknowledged']]);
  });

  test('three times in a row, and nothing else happens, gets a fresh session', async () => {
    const line = await openSession();
    const a = line.send('a');
    for (let count = 0; count < 3; count++) {
      expect(line.hello['sid']).toBe(count === 0 ? undefined : 's1');
      await line.cut(1002);
      if (count < 2) await line.welcome({ resumed: true });
    }
    expect([line.hello['sid'], a.outcomes]).toEqual([undefined, ['sent', 'unknown']]);
  });
});

test('a server that answers the first hello with 1002 speaks another version, and is not asked again', async () => {
  const line = new SessionLine();
  await line.open();
  line.native.die(1002, '', true);
  expect(line.socket.status).toBe('closed');
});
