import { describe, expect, test } from 'vitest';
import { text } from '../../../src/codecs/text.js';
import type { HandshakeLink } from '../../../src/socket/handshake.js';
import { rejected, thrown } from '../../support/errors.js';
import { turn, World, type WorldOptions } from '../../support/world.js';

type Link = HandshakeLink<unknown, unknown>;

/** A socket in its handshake, which lasts until `done()`; what its listeners hear is `heard`. */
async function shaking(options: WorldOptions = {}) {
  const world = new World();
  const links: Link[] = [];
  let done: (value?: unknown) => void = () => undefined;
  const socket = world.create(undefined, {
    heartbeat: false,
    ...options,
    handshake: (link) => {
      links.push(link);
      return new Promise((resolve) => (done = resolve));
    },
  });
  const heard: unknown[] = [];
  socket.on('message', (message) => heard.push(message));
  const errors: unknown[] = [];
  socket.on('error', (error) => errors.push(error));
  const open = async (): Promise<Link> => {
    await turn();
    world.native.open();
    await turn();
    return links.at(-1) as Link;
  };
  const link = await open();
  return {
    world,
    socket,
    link,
    heard,
    errors,
    done: async () => {
      done();
      await turn();
    },
    /** The connection dies, and the next one is in its handshake. */
    next: async () => {
      world.native.die();
      await world.next();
      return open();
    },
  };
}

const isNumber = (message: unknown): message is number => typeof message === 'number';

describe('receive(match)', () => {
  test('takes the first that matches; what does not stays for the listeners, in order', async () => {
    const { world, link, heard, done } = await shaking();
    const taken = link.receive(isNumber);
    for (const message of ['a', 'b', 1, 'c', 2]) world.native.receiveJson(message);
    expect(await taken).toBe(1);
    expect(heard).toEqual([]);
    await done();
    world.native.receiveJson('d');
    expect(heard).toEqual(['a', 'b', 'c', 2, 'd']);
  });

  test('looks among what is here already', async () => {
    const { world, link, heard, done } = await shaking();
    for (const message of ['a', 1, 'b', 2]) world.native.receiveJson(message);
    expect(await link.receive(isNumber)).toBe(1);
    expect(await link.receive()).toBe('a');
    await done();
    expect(heard).toEqual(['b', 2]);
  });

  test('leaves to each who waits what is his: the first who asked comes first', async () => {
    const { world, link, heard, done } = await shaking();
    const answers = [
      link.receive((message) => message === 'z'),
      link.receive(isNumber),
      link.receive(),
      link.receive(isNumber),
    ];
    for (const message of [1, 2, 'a', 'z', 3]) world.native.receiveJson(message);
    expect(await Promise.all(answers)).toEqual(['z', 1, 2, 3]);
    await done();
    expect(heard).toEqual(['a']);
  });

  test('gives back room: what was taken counts no more', async () => {
    const { world, socket, link } = await shaking();
    for (let count = 0; count < 1_000; count++) world.native.receiveJson(count);
    await link.receive((message) => message === 500);
    world.native.receiveJson('the thousandth');
    expect(socket.status).toBe('connecting');
    world.native.receiveJson('one too many');
    expect(socket.status).toBe('waiting');
  });

  test('rejects when the connection is lost, or the handshake is over', async () => {
    const { link, next, done } = await shaking();
    const lost = rejected(link.receive(isNumber), 'aborted');
    const second = await next();
    await lost;
    const over = rejected(second.receive(isNumber), 'aborted');
    await done();
    await over;
    await rejected(second.receive(isNumber), 'aborted');
  });

  test('with a match that throws rejects with that, and takes nothing', async () => {
    const { world, link, heard, done } = await shaking();
    const oops = new Error('oops');
    const crash = (): never => {
      throw oops;
    };
    world.native.receiveJson('early');
    await expect(link.receive(crash)).rejects.toBe(oops);
    await link.receive();
    const failing = link.receive(crash);
    const waiting = link.receive(isNumber);
    const alsoFailing = link.receive(crash);
    world.native.receiveJson(1);
    await expect(failing).rejects.toBe(oops);
    expect(await waiting).toBe(1);
    world.native.receiveJson('late');
    await expect(alsoFailing).rejects.toBe(oops);
    await done();
    expect(heard).toEqual(['late']);
  });

  test.each([[5], ['type'], [null]])('takes a function, and not %s', async (match) => {
    const { link } = await shaking();
    const error = thrown(() => link.receive(match as never), 'options');
    expect(error.message).toContain('match');
  });
});

describe('a handshake that returns nothing', () => {
  test('is done at once: the queue flows behind what it has sent', async () => {
    const world = new World();
    const socket = world.create(undefined, {
      heartbeat: false,
      handshake: (link) => link.send('hello'),
    });
    socket.send('queued');
    await turn();
    world.native.open();
    await turn();
    expect(socket.status).toBe('open');
    expect(world.native.sent).toEqual(['"hello"', '"queued"']);
  });

  test('and throws has failed', async () => {
    const world = new World();
    const socket = world.create(undefined, {
      handshake() {
        throw new Error('no');
      },
    });
    await turn();
    world.native.open();
    await turn();
    expect(socket.getSnapshot()).toMatchObject({
      status: 'waiting',
      error: { code: 'handshake' },
      lastClose: { cause: 'handshake' },
    });
  });
});

test('connects counts the connections before, and not the attempts that failed', async () => {
  const { world, socket, link, next, done } = await shaking();
  expect(link.connects).toBe(0);
  // That one has failed: its handshake was not over.
  expect((await next()).connects).toBe(0);
  await done();
  const third = await next();
  expect([third.connects, third.attempt]).toEqual([1, 2]);
  await done();
  world.clock.advance(10_000);
  socket.reconnect();
  await turn();
  const handshakes: number[] = [];
  world.native.open();
  await turn();
  handshakes.push(third.connects, socket.getSnapshot().connects);
  expect(handshakes).toEqual([1, 2]);
});

describe('link.heartbeat', () => {
  const PING = '{"type":"ping"}';
  const PATIENT = { heartbeat: { interval: 10_000, expectReply: false } } as const;

  test('goes in place of the option, for this connection only', async () => {
    const { world, link, next, done } = await shaking(PATIENT);
    link.heartbeat({ interval: 2_000 });
    await done();
    await world.advance(1_999);
    expect(world.native.sent).toEqual([]);
    await world.advance(1);
    expect(world.native.sent).toEqual([PING]);
    await next();
    await done();
    await world.advance(9_999);
    expect(world.native.sent).toEqual([]);
    await world.advance(1);
    expect(world.native.sent).toEqual([PING]);
  });

  test('says how long the server has for its answer', async () => {
    const { world, socket, link, done } = await shaking({
      heartbeat: { interval: 10_000, timeout: 5_000, expectReply: true },
    });
    link.heartbeat({ timeout: 1_500 });
    await done();
    await world.advance(11_499);
    expect(socket.status).toBe('open');
    await world.advance(1);
    expect(socket.getSnapshot().lastClose?.cause).toBe('heartbeat');
  });

  test('counts for nothing where the handshake fails', async () => {
    const { world, link, next, done } = await shaking(PATIENT);
    link.heartbeat({ interval: 2_000 });
    await next();
    await done();
    await world.advance(2_000);
    expect(world.native.sent).toEqual([]);
  });

  test('counts for nothing where there is no heartbeat', async () => {
    const { world, link, done } = await shaking({ heartbeat: false });
    link.heartbeat({ interval: 2_000, timeout: 2_000 });
    await done();
    expect(world.clock.pending).toEqual([]);
  });

  test.each([
    [{ interval: 0 }, 'link.heartbeat.interval'],
    [{ interval: NaN }, 'link.heartbeat.interval'],
    [{ timeout: '5' }, 'link.heartbeat.timeout'],
    [{ pingInterval: 5_000 }, 'link.heartbeat.pingInterval'],
    [25_000, 'link.heartbeat'],
    [null, 'link.heartbeat'],
  ])('refuses %j and says where', async (pace, name) => {
    const { link } = await shaking();
    const { message } = thrown(() => link.heartbeat(pace as never), 'options');
    expect(message).toMatch(new RegExp(`${name}(:|$)`));
  });

  test('after the handshake is an error', async () => {
    const { link, done } = await shaking();
    await done();
    thrown(() => link.heartbeat({ interval: 5_000 }), 'aborted');
  });
});

describe('link.maxMessageBytes', () => {
  const TEXT = { codec: text() } as unknown as WorldOptions;

  test('is Infinity until it is set', async () => {
    const { link } = await shaking();
    expect(link.maxMessageBytes).toBe(Infinity);
    link.maxMessageBytes = 5;
    expect(link.maxMessageBytes).toBe(5);
  });

  test('makes send throw for what is larger, in bytes and not in characters', async () => {
    const { world, socket, link, errors, done } = await shaking(TEXT);
    link.maxMessageBytes = 4;
    await done();
    expect(socket.send('four')).toBe('sent');
    expect(thrown(() => socket.send('fünf'), 'encode').message).toContain('5 bytes');
    expect(world.native.sent).toEqual(['four']);
    expect([socket.status, errors]).toEqual(['open', []]);
  });

  test('also where the message would have to wait', async () => {
    const { world, socket, link, done } = await shaking({
      ...TEXT,
      queue: { highWaterMark: 1 },
    });
    link.maxMessageBytes = 4;
    await done();
    world.native.isStalled = true;
    socket.send('a');
    expect(socket.send('b')).toBe('queued');
    thrown(() => socket.send('large'), 'encode');
    expect(socket.queued.messages).toBe(1);
  });

  test('holds for what the handshake sends itself', async () => {
    const { world, link } = await shaking(TEXT);
    link.maxMessageBytes = 4;
    thrown(() => link.send('large'), 'encode');
    link.send('four');
    expect(world.native.sent).toEqual(['four']);
  });

  test('drops what has waited and is larger, says so, and sends the rest', async () => {
    const { world, socket, link, errors, done } = await shaking(TEXT);
    const drops: unknown[] = [];
    socket.on('drop', (drop) => drops.push(drop));
    for (const message of ['a', 'large', 'b']) socket.send(message);
    link.maxMessageBytes = 4;
    await done();
    expect(world.native.sent).toEqual(['a', 'b']);
    expect(drops).toEqual([{ message: 'large', reason: 'refused' }]);
    expect(errors).toMatchObject([{ code: 'encode' }]);
  });

  test('is gone with the connection', async () => {
    const { world, socket, link, next, done } = await shaking(TEXT);
    link.maxMessageBytes = 4;
    await done();
    expect((await next()).maxMessageBytes).toBe(Infinity);
    expect(socket.send('larger')).toBe('queued');
    await done();
    expect(world.native.sent).toEqual(['larger']);
  });

  test.each([[0], [NaN], ['1000'], [null]])('is no %s', async (given) => {
    const { link } = await shaking();
    const { message } = thrown(() => (link.maxMessageBytes = given as never), 'options');
    expect(message).toContain('link.maxMessageBytes');
    expect(link.maxMessageBytes).toBe(Infinity);
  });

  test('after the handshake is an error', async () => {
    const { link, done } = await shaking();
    await done();
    thrown(() => (link.maxMessageBytes = 5), 'aborted');
  });
});
