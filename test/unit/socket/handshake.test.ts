import { describe, expect, test, vi } from 'vitest';
import { SocketError } from '../../../src/base/errors.js';
import type { Handshake, HandshakeLink } from '../../../src/socket/handshake.js';
import { rejected, thrown } from '../../support/errors.js';
import { codecOfBroken } from '../../support/broken-message.js';
import { NOTHING, record, turn, World, type WorldOptions } from '../../support/world.js';

type Link = HandshakeLink<unknown, unknown>;

/** A socket whose native one is open, and in its handshake. */
async function shaking(handshake: Handshake<unknown, unknown>, options: WorldOptions = {}) {
  const world = new World();
  const socket = world.create(undefined, { heartbeat: false, ...options, handshake });
  await turn();
  world.native.open();
  await turn();
  return { world, clock: world.clock, socket, native: world.native };
}

/** A handshake that the test ends. */
function held(): {
  handshake: Handshake<unknown, unknown>;
  links: Link[];
  done: () => Promise<void>;
  fail: (reason: unknown) => Promise<void>;
} {
  const links: Link[] = [];
  const ends: { resolve: (value: unknown) => void; reject: (reason: unknown) => void }[] = [];
  return {
    links,
    handshake: (link) => {
      links.push(link);
      return new Promise((resolve, reject) => ends.push({ resolve, reject }));
    },
    async done() {
      ends.at(-1)?.resolve(undefined);
      await turn();
    },
    async fail(reason) {
      ends.at(-1)?.reject(reason);
      await turn();
    },
  };
}

describe('a handshake', () => {
  test('runs before the queue flushes', async () => {
    const { handshake, links, done } = held();
    const { socket, native } = await shaking(handshake);
    expect(socket.send('first')).toBe('queued');
    links[0]?.send({ auth: 'token' });
    expect(socket.send('second')).toBe('queued');
    expect(native.sent).toEqual(['{"auth":"token"}']);
    await done();
    expect(native.sent).toEqual(['{"auth":"token"}', '"first"', '"second"']);
    expect(socket.send('third')).toBe('sent');
  });

  test('comes before open: until it is done the socket is connecting', async () => {
    const { handshake, done } = held();
    const { socket } = await shaking(handshake);
    const events = record(socket);
    const ready = vi.fn();
    void socket.ready().then(ready);
    await turn();
    expect(socket.status).toBe('connecting');
    expect(ready).not.toHaveBeenCalled();
    expect(events).toEqual([]);
    await done();
    expect(socket.status).toBe('open');
    expect(ready).toHaveBeenCalledOnce();
    expect(events.map(([name]) => name)).toEqual(['status', 'open']);
  });

  test('runs not before the native socket is open', async () => {
    const handshake = vi.fn(() => Promise.resolve());
    const world = new World();
    world.create(undefined, { handshake });
    await turn();
    expect(handshake).not.toHaveBeenCalled();
    world.native.open();
    await turn();
    expect(handshake).toHaveBeenCalledOnce();
  });

  test('runs on each new connection, and knows which attempt it is', async () => {
    const links: Link[] = [];
    const { world, socket } = await shaking((link) => {
      links.push(link);
      return Promise.resolve();
    });
    world.native.die(1006);
    await world.next();
    world.native.die(1006);
    await world.next();
    world.native.open();
    await turn();
    socket.reconnect();
    await turn();
    world.native.open();
    await turn();
    expect(links.map(({ attempt }) => attempt)).toEqual([0, 2, 2]);
    expect(new Set(links).size).toBe(3);
  });

  test('may be a function that promises nothing', async () => {
    const { socket } = await shaking(() => undefined);
    expect(socket.status).toBe('open');
  });

  test('can do a conversation', async () => {
    const { socket, native } = await shaking(async (link) => {
      link.send({ type: 'hello' });
      const challenge = await link.receive<{ nonce: number }>();
      link.send({ type: 'answer', nonce: challenge.nonce + 1 });
      if ((await link.receive()) !== 'welcome') throw new Error('not welcome');
    });
    native.receiveJson({ nonce: 41 });
    await turn();
    expect(native.sent).toEqual(['{"type":"hello"}', '{"type":"answer","nonce":42}']);
    expect(socket.status).toBe('connecting');
    native.receiveJson('welcome');
    await turn();
    expect(socket.status).toBe('open');
  });
});

describe('inbound messages during a handshake', () => {
  test('go to receive(), and to no listener', async () => {
    const { handshake, links, done } = held();
    const { socket, native } = await shaking(handshake);
    const heard = vi.fn();
    socket.on('message', heard);
    const received = links[0]?.receive();
    native.receiveJson('for the handshake');
    expect(await received).toBe('for the handshake');
    await done();
    expect(heard).not.toHaveBeenCalled();
  });

  test('answer calls of receive() in order, whichever came first', async () => {
    const { handshake, links } = held();
    const { native } = await shaking(handshake);
    const link = links[0] as Link;
    native.receiveJson(1);
    const early = [link.receive(), link.receive(), link.receive()];
    native.receiveJson(2);
    native.receiveJson(3);
    native.receiveJson(4);
    expect(await Promise.all([...early, link.receive()])).toEqual([1, 2, 3, 4]);
  });

  test('that it did not take are delivered afterwards, in order, and before later ones', async () => {
    const { handshake, links, done } = held();
    const { socket, native } = await shaking(handshake);
    const heard: unknown[] = [];
    socket.on('open', () => heard.push('open'));
    socket.on('message', (message) => heard.push(message));
    socket.on('message:chat', (message) => heard.push(message));
    const taken = links[0]?.receive();
    for (const message of [1, 2, { type: 'chat' }, 4]) native.receiveJson(message);
    expect(await taken).toBe(1);
    await done();
    native.receiveJson(5);
    expect(heard).toEqual(['open', 2, { type: 'chat' }, { type: 'chat' }, 4, 5]);
  });

  test('that it did not take are filtered like all others: a pong is one, where no ping is out', async () => {
    const { handshake, done } = held();
    const { socket, native } = await shaking(handshake, { heartbeat: {} });
    const heard: unknown[] = [];
    socket.on('message', (message) => heard.push(message));
    native.receiveJson({ type: 'pong' });
    native.receiveJson('hello');
    await done();
    expect(heard).toEqual([{ type: 'pong' }, 'hello']);
  });

  test('that it did not take are delivered before the backlog is answered to', async () => {
    const { handshake, done } = held();
    const { socket, native } = await shaking(handshake);
    socket.send('waiting');
    socket.on('message', () => socket.send('reply'));
    native.receiveJson('hello');
    await done();
    expect(native.sent).toEqual(['"waiting"', '"reply"']);
  });

  test('that it did not take are not delivered once the socket was made anew by a listener', async () => {
    const { handshake, done } = held();
    const { world, socket, native } = await shaking(handshake);
    const heard: unknown[] = [];
    socket.on('message', (message) => {
      heard.push(message);
      socket.reconnect();
    });
    native.receiveJson(1);
    native.receiveJson(2);
    await done();
    expect(heard).toEqual([1]);
    expect(world.live).toEqual([world.native]);
  });

  test('that it did not take die with a connection that dies', async () => {
    const { handshake, done } = held();
    const { world, socket, native } = await shaking(handshake);
    const heard: unknown[] = [];
    socket.on('message', (message) => heard.push(message));
    native.receiveJson('from the first');
    native.die(1006);
    await world.next();
    world.native.open();
    await turn();
    world.native.receiveJson('from the second');
    await done();
    expect(heard).toEqual(['from the second']);
  });

  test('that cannot be decoded are error events, and the handshake goes on', async () => {
    const { handshake, links, done } = held();
    const { socket, native } = await shaking(handshake);
    const events = record(socket);
    const received = links[0]?.receive();
    native.receive('not JSON');
    native.receiveJson('fine');
    expect(await received).toBe('fine');
    expect(events).toMatchObject([['error', { code: 'decode', data: 'not JSON' }]]);
    await done();
    expect(socket.status).toBe('open');
  });

  test('may not pile up without end: a server that floods fails the attempt', async () => {
    const { handshake, done } = held();
    const { socket, native } = await shaking(handshake);
    const events = record(socket);
    for (let count = 0; count < 1_000; count++) native.receiveJson(count);
    expect(socket.status).toBe('connecting');
    native.receiveJson('one too many');
    expect(socket.status).toBe('waiting');
    expect(events.map(([name]) => name)).toEqual(['error', 'close', 'status', 'retry']);
    expect(events[0]?.[1]).toMatchObject({ code: 'handshake' });
    expect(events[1]?.[1]).toMatchObject({ cause: 'handshake', willReconnect: true });
    expect(native.isAlive).toBe(false);
    await done();
    expect(socket.status).toBe('waiting');
  });

  test('may not pile up in bytes either', async () => {
    const { handshake } = held();
    const { socket, native } = await shaking(handshake);
    const half = JSON.stringify('x'.repeat(524_286));
    native.receive(half);
    native.receive(half);
    expect(socket.status).toBe('connecting');
    native.receive('1');
    expect(socket.status).toBe('waiting');
    expect(socket.getSnapshot().error).toMatchObject({ code: 'handshake' });
    expect(native.isAlive).toBe(false);
  });

  test('may be as large as they like one at a time', async () => {
    const large = JSON.stringify('x'.repeat(2_000_000));
    const { socket, native } = await shaking(async (link) => {
      for (let count = 0; count < 3; count++) await link.receive();
    });
    for (let count = 0; count < 3; count++) {
      native.receive(large);
      await turn();
    }
    expect(socket.status).toBe('open');
    const late = held();
    const next = await shaking(late.handshake);
    next.native.receive(large);
    await late.done();
    expect(next.socket.status).toBe('open');
  });

  test('count no more once they are taken', async () => {
    const { handshake, links, done } = held();
    const { socket, native } = await shaking(handshake);
    const large = JSON.stringify('x'.repeat(1_000_000));
    for (let count = 0; count < 5; count++) {
      native.receive(large);
      await links[0]?.receive();
    }
    native.receive(large);
    await done();
    expect(socket.status).toBe('open');
  });

  test('whose type cannot be read are reported, and hold up nothing', async () => {
    const { handshake, done } = held();
    const broken = new Error('no type');
    const codec = codecOfBroken(broken);
    const { world, socket, native } = await shaking(handshake, { codec });
    const heard: unknown[] = [];
    socket.on('message', () => heard.push('any'));
    socket.on('message:a', () => heard.push('a'));
    socket.send('waits');
    native.receive('broken');
    native.receive('a');
    await done();
    expect(socket.status).toBe('open');
    expect(heard).toEqual(['any', 'any', 'a']);
    expect(world.reported).toEqual([broken]);
    expect(native.sent).toEqual(['waits']);
    expect(socket.queued.messages).toBe(0);
  });

  test('may be many, as long as they are taken', async () => {
    const { socket, native } = await shaking(async (link) => {
      for (let count = 0; count < 5_000; count++) await link.receive();
    });
    for (let count = 0; count < 5_000; count++) {
      native.receiveJson(count);
      if (count % 500 === 0) for (let more = 0; more < 60; more++) await turn();
    }
    for (let more = 0; more < 60; more++) await turn();
    expect(socket.status).toBe('open');
  });
});

describe('a handshake that fails', () => {
  test.each([
    ['rejects', () => Promise.reject(new Error('no'))],
    ['throws', () => crash(new Error('no'))],
  ])('because it %s fails the attempt, which is retried', async (_, handshake) => {
    const { world, clock, socket, native } = await shaking(handshake);
    expect(socket.status).toBe('waiting');
    expect(socket.getSnapshot()).toMatchObject({
      error: { code: 'handshake', cause: new Error('no') },
      lastClose: { code: 1006, wasClean: false, cause: 'handshake', willReconnect: true },
      connects: 0,
    });
    expect(native.closeCalls).toHaveLength(1);
    expect(native.isDetached).toBe(true);
    expect(clock.pending).toEqual([925]);
    await world.next();
    expect(world.natives).toHaveLength(2);
  });

  test('is one error, close and retry event', async () => {
    const { handshake, fail } = held();
    const { socket } = await shaking(handshake);
    const events = record(socket);
    await fail(new Error('no'));
    expect(events).toMatchObject([
      ['error', { code: 'handshake' }],
      ['close', { cause: 'handshake' }],
      ['status', { status: 'waiting' }],
      ['retry', { attempt: 1, cause: 'handshake' }],
    ]);
  });

  test('is backed off from, although the native socket has been open', async () => {
    const { world, clock } = await shaking(() => Promise.reject(new Error('no')), {
      reconnect: { minUptime: 0 },
    });
    await world.next();
    world.native.open();
    await turn();
    expect(clock.pending).toEqual([2_220]);
  });

  test('with SocketError rejected ends the socket for good', async () => {
    const { handshake, fail } = held();
    const { world, socket, native } = await shaking(handshake);
    const events = record(socket);
    const failure = rejected(socket.ready(), 'closed');
    const error = new SocketError('rejected', 'signed out');
    await fail(error);
    expect(socket.status).toBe('closed');
    expect(events).toMatchObject([
      ['error', { code: 'rejected' }],
      ['close', { code: 1006, cause: 'handshake', willReconnect: false }],
      ['status', { status: 'closed' }],
    ]);
    expect(socket.getSnapshot().error).toBe(error);
    expect((await failure).cause).toBe(error);
    expect(native.closeCalls).toHaveLength(1);
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('with SocketError rejected can be overcome by connect()', async () => {
    const { handshake, fail, done } = held();
    const { world, socket } = await shaking(handshake);
    await fail(new SocketError('rejected', 'signed out'));
    socket.connect();
    await world.advance(1_000);
    world.native.open();
    await turn();
    await done();
    expect(socket.status).toBe('open');
    expect(socket.getSnapshot().error).toBeUndefined();
  });

  test.each([[undefined], [null], ['no'], [new SocketError('timeout', 'no answer')]])(
    'with %s is retried',
    async (reason) => {
      const { handshake, fail } = held();
      const { socket } = await shaking(handshake);
      await fail(reason);
      expect(socket.status).toBe('waiting');
      expect(socket.getSnapshot().error).toBeInstanceOf(SocketError);
    },
  );

  test('because it takes too long is a timeout', async () => {
    const { handshake, links } = held();
    const { world, socket, native } = await shaking(handshake);
    const lost = rejected((links[0] as Link).receive(), 'aborted');
    await world.advance(9_999);
    expect(socket.status).toBe('connecting');
    await world.advance(1);
    expect(socket.status).toBe('waiting');
    expect(socket.getSnapshot()).toMatchObject({
      error: { code: 'timeout' },
      lastClose: { cause: 'timeout' },
    });
    expect(links[0]?.signal.aborted).toBe(true);
    await lost;
    expect(native.closeCalls).toHaveLength(1);
  });

  test('because the connection dies is that loss, told once', async () => {
    const { handshake, links, fail } = held();
    const { socket, native } = await shaking(handshake);
    const events = record(socket);
    const lost = rejected((links[0] as Link).receive(), 'aborted');
    native.die(1013, 'busy');
    await fail(await lost);
    expect(links[0]?.signal.aborted).toBe(true);
    expect(events).toMatchObject([
      ['close', { code: 1013, reason: 'busy', cause: 'server', willReconnect: true }],
      ['status', { status: 'waiting' }],
      ['retry', { cause: 'server' }],
    ]);
    expect(events).toHaveLength(3);
  });

  test.each([['close()'], ['reconnect()']])('because of %s is told so', async (call) => {
    const { handshake, links, done } = held();
    const { world, socket, native } = await shaking(handshake);
    const lost = rejected((links[0] as Link).receive(), 'aborted');
    expect(links[0]?.signal.aborted).toBe(false);
    if (call === 'close()') void socket.close();
    else socket.reconnect();
    await lost;
    expect(links[0]?.signal.aborted).toBe(true);
    expect(native.isAlive).toBe(false);
    await done();
    expect(socket.status).toBe(call === 'close()' ? 'closed' : 'connecting');
    expect(world.live).toHaveLength(call === 'close()' ? 0 : 1);
  });

  test('after it has been given up is heard by nobody', async () => {
    const { handshake, fail } = held();
    const { world, socket } = await shaking(handshake);
    await world.advance(10_000);
    const events = record(socket);
    await fail(new SocketError('rejected', 'too late'));
    expect(socket.status).toBe('waiting');
    expect(events).toEqual([]);
    expect(world.reported).toEqual([]);
  });
});

describe('a link', () => {
  test('used after the handshake is done is an error', async () => {
    const { handshake, links, done } = held();
    const { native } = await shaking(handshake);
    const link = links[0] as Link;
    await done();
    thrown(() => link.send('late'), 'aborted');
    await rejected(link.receive(), 'aborted');
    expect(native.sent).toEqual([]);
    native.receiveJson('hello');
    await rejected(link.receive(), 'aborted');
  });

  test('used after its connection was lost is an error', async () => {
    const { handshake, links } = held();
    const { world, native } = await shaking(handshake);
    native.die(1006);
    await world.next();
    world.native.open();
    await turn();
    thrown(() => links[0]?.send('late'), 'aborted');
    await rejected((links[0] as Link).receive(), 'aborted');
    expect(world.natives.flatMap(({ sent }) => sent)).toEqual([]);
    links[1]?.send('in time');
    expect(world.native.sent).toEqual(['"in time"']);
  });

  test('used when the native socket is about to close is an error, not a lost message', async () => {
    const { handshake, links } = held();
    const { native } = await shaking(handshake);
    native.readyState = 2;
    thrown(() => links[0]?.send('lost'), 'aborted');
    expect(native.sent).toEqual([]);
  });

  test('of a handshake that is done is no longer waited on', async () => {
    const { handshake, links, done } = held();
    const { socket, native } = await shaking(handshake);
    const lost = rejected((links[0] as Link).receive(), 'aborted');
    await done();
    await lost;
    const heard = vi.fn();
    socket.on('message', heard);
    native.receiveJson('hello');
    expect(heard).toHaveBeenCalledWith('hello');
  });

  test('throws for what cannot be encoded, and sends nothing', async () => {
    const { handshake, links } = held();
    const { native } = await shaking(handshake);
    thrown(() => links[0]?.send(1n), 'encode');
    expect(native.sent).toEqual([]);
  });

  test('encodes now: changing the message later changes nothing', async () => {
    const { handshake, links } = held();
    const { native } = await shaking(handshake);
    const message = { n: 1 };
    links[0]?.send(message);
    message.n = 2;
    expect(native.sent).toEqual(['{"n":1}']);
  });

  test('has a signal that is not aborted by success', async () => {
    const { handshake, links, done } = held();
    await shaking(handshake);
    await done();
    expect(links[0]?.signal.aborted).toBe(false);
  });
});

test('a receive() that nobody awaits any more is no unhandled rejection', async () => {
  const unhandled = vi.fn();
  process.on('unhandledRejection', unhandled);
  try {
    const { world } = await shaking((link) => {
      void link.receive();
      return Promise.resolve();
    });
    world.native.die(1006);
    // Node tells of an unhandled rejection when the microtasks are done.
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).not.toHaveBeenCalled();
  } finally {
    process.off('unhandledRejection', unhandled);
  }
});

function crash(reason: unknown): never {
  throw reason;
}
