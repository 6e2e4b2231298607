import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { binary } from '../../../src/codecs/binary.js';
import type { Codec } from '../../../src/codecs/codec.js';
import { text } from '../../../src/codecs/text.js';
import { validated } from '../../../src/codecs/validated.js';
import type { SocketError } from '../../../src/base/errors.js';
import type { Socket } from '../../../src/socket/socket-interface.js';
import { thrown } from '../../support/errors.js';
import { NOTHING, openSocket, record, turn, World } from '../../support/world.js';

const PING = '{"type":"ping"}';
const PONG = { type: 'pong' };

/** Must answer from the first ping on, within 10 s. */
const STRICT = { expectReply: true } as const;

/** No ping goes out before the first interval is over: whether the server answers is not asked. */
const PATIENT = { heartbeat: { expectReply: false } } as const;

describe('a ping is sent when nothing has arrived for the interval', () => {
  test('which is 30 s by default', async () => {
    const { world, native } = await openSocket(PATIENT);
    await world.advance(29_999);
    expect(native.sent).toEqual([]);
    await world.advance(1);
    expect(native.sent).toEqual([PING]);
  });

  test('and again after each further interval', async () => {
    const { world, native } = await openSocket({ heartbeat: { interval: 1_000 } });
    await world.advance(5_000);
    expect(native.sent).toEqual([PING, PING, PING, PING, PING]);
  });

  test('any inbound message puts it off, where something is sent, too', async () => {
    const { world, socket, native } = await openSocket(PATIENT);
    for (let minute = 0; minute < 100; minute++) {
      await world.advance(14_000);
      native.receiveJson('hello');
      socket.send('hello');
      await world.advance(14_000);
      native.receiveJson('hello');
    }
    expect(native.sent).not.toContain(PING);
  });

  test('what is sent does not put it off: the line must be heard, not used', async () => {
    const { world, socket, native } = await openSocket(PATIENT);
    for (let second = 0; second < 30; second++) {
      socket.send('hello');
      await world.advance(1_000);
    }
    expect(native.sent.slice(-2)).toContain(PING);
  });

  test.each([
    ['the interval is long', 30_000, 1_000],
    ['the interval is short', 1_000, 250],
  ])('counted from the last message, to the second or better: %s', async (_, interval, slack) => {
    for (const gap of [0, 1, 10, 249, 250, 500, 999, 1_000, 1_001, 5_000]) {
      const { world, socket, native } = await openSocket({
        heartbeat: { interval, expectReply: false },
      });
      await world.advance(interval / 2);
      native.receiveJson('first');
      await world.advance(Math.min(gap, interval / 2 - 1));
      native.receiveJson('last');
      await world.advance(slack);
      socket.send('hello');
      native.sent.length = 0;
      await world.advance(interval - 1 - slack);
      expect(native.sent, `gap ${gap}`).toEqual([]);
      await world.advance(1 + slack);
      expect(native.sent, `gap ${gap}`).toEqual([PING]);
    }
  });

  test('not before the handshake is done', async () => {
    const world = new World();
    let done: (value?: unknown) => void = () => undefined;
    const socket = world.create(undefined, {
      connectTimeout: 100_000,
      handshake: () => new Promise((resolve) => (done = resolve)),
    });
    await turn();
    world.native.open();
    await world.advance(60_000);
    expect(world.native.sent).toEqual([]);
    done();
    await turn();
    expect(socket.status).toBe('open');
    await world.advance(30_000);
    expect(world.native.sent).toEqual([PING]);
  });

  test('not while there is no open line', async () => {
    const { world, socket, native } = await openSocket(PATIENT);
    await world.advance(29_000);
    native.die(1006);
    await world.next();
    await world.advance(9_000);
    expect(world.natives.flatMap(({ sent }) => sent)).toEqual([]);
    world.native.open();
    await world.advance(29_999);
    expect(world.native.sent).toEqual([]);
    await world.advance(1);
    expect(world.native.sent).toEqual([PING]);
    void socket.close({ timeout: 100_000 });
    await world.advance(90_000);
    expect(world.native.sent).toEqual([PING]);
  });

  test('counts as no message: nothing is queued or dropped for it', async () => {
    const { world, socket, native } = await openSocket();
    const events = record(socket);
    native.isStalled = true;
    native.bufferedAmount = 10_000_000;
    await world.advance(30_000);
    expect(socket.queued).toEqual({ messages: 0, bytes: 0 });
    native.die(1006);
    expect(socket.queued).toEqual({ messages: 0, bytes: 0 });
    expect(events.map(([name]) => name)).toEqual(['close', 'status', 'retry']);
  });
});

describe('who must answer', () => {
  /** Lets time pass until a ping goes out. */
  async function nextPing(world: World): Promise<void> {
    const { sent } = world.native;
    const before = sent.length;
    for (let timer = 0; timer < 5 && sent.length === before; timer++) await world.next();
    expect(sent.slice(before)).toEqual([PING]);
  }

  /** Lets a ping go out and answers it after `delay`. */
  async function answer(world: World, delay = 100): Promise<void> {
    await nextPing(world);
    await world.advance(delay);
    world.native.receiveJson(PONG);
  }

  /** Lets a ping go out and the time for its answer pass. */
  async function ignore(world: World): Promise<void> {
    await nextPing(world);
    await world.advance(10_000);
  }

  test('by default nobody does who never has: silence kills nothing', async () => {
    const { world, socket, native } = await openSocket();
    await world.advance(600_000);
    expect(socket.status).toBe('open');
    expect(native.sent).toHaveLength(20);
  });

  test('by default whoever has once answered in time must from then on', async () => {
    const { world, socket } = await openSocket();
    await ignore(world);
    await answer(world);
    expect(socket.status).toBe('open');
    await ignore(world);
    expect(socket.status).toBe('waiting');
  });

  test('within 10 s by default, to the millisecond', async () => {
    for (const [delay, status] of [
      [9_999, 'open'],
      [10_000, 'waiting'],
    ] as const) {
      const { world, socket } = await openSocket({ heartbeat: STRICT });
      await world.advance(30_000 + delay);
      expect(socket.status).toBe(status);
    }
  });

  test('an answer that comes after the timeout proves nothing', async () => {
    const { world, socket } = await openSocket({ heartbeat: { timeout: 5_000 } });
    await answer(world, 5_001);
    for (let count = 0; count < 5; count++) await ignore(world);
    expect(socket.status).toBe('open');
  });

  test('a pong that nobody asked for proves nothing', async () => {
    const { world, socket, native } = await openSocket();
    native.receiveJson(PONG);
    for (let count = 0; count < 5; count++) await ignore(world);
    expect(socket.status).toBe('open');
    expect(socket.latency).toBeUndefined();
  });

  test('what has been proven holds for later connections', async () => {
    const { world, socket, native } = await openSocket();
    await answer(world);
    native.die(1006);
    await world.next();
    world.native.open();
    await ignore(world);
    expect(socket.status).toBe('waiting');
  });

  test('with expectReply true everybody does, from the first ping on', async () => {
    const { world, socket } = await openSocket({ heartbeat: STRICT });
    await ignore(world);
    expect(socket.status).toBe('waiting');
  });

  test('with expectReply false nobody does, whatever was answered before', async () => {
    const { world, socket } = await openSocket({ heartbeat: { expectReply: false } });
    await answer(world);
    await ignore(world);
    await ignore(world);
    expect(socket.status).toBe('open');
  });

  test.each([['"hello"'], ['{"type":"pong"}'], ['not even JSON'], [new ArrayBuffer(3)]])(
    'any inbound frame is life, not only the answer: %s',
    async (frame) => {
      const { world, socket, native } = await openSocket({ heartbeat: STRICT });
      await world.advance(30_000);
      await world.advance(9_999);
      native.receive(frame);
      await world.advance(20_000);
      expect(socket.status).toBe('open');
      expect(native.sent).toEqual([PING]);
    },
  );
});

describe('a silent connection is abandoned', () => {
  test('not asked to close: the next attempt does not wait for its close event', async () => {
    const { world, clock, socket, native } = await openSocket({ heartbeat: STRICT });
    const events = record(socket);
    const late = native.handlers;
    await world.advance(30_000 + 2_500);
    expect(socket.getSnapshot()).toMatchObject({ status: 'open', isLate: true });
    expect(events.splice(0)).toEqual([['status', socket.getSnapshot()]]);
    await world.advance(7_500);
    expect(socket.status).toBe('waiting');
    expect(native.closeCalls).toHaveLength(1);
    expect(native.isDetached).toBe(true);
    expect(clock.pending).toEqual([925]);
    expect(events.map(([name]) => name)).toEqual(['error', 'close', 'status', 'retry']);
    expect(events[0]?.[1]).toMatchObject({ code: 'heartbeat' });
    expect(events[1]?.[1]).toEqual({
      code: 1006,
      reason: '',
      wasClean: false,
      cause: 'heartbeat',
      willReconnect: true,
    });
    expect(events[3]?.[1]).toEqual({ attempt: 1, delay: 925, cause: 'heartbeat' });
    await world.advance(925);
    world.native.open();
    expect(socket.status).toBe('open');
    const count = events.length;
    late.onmessage?.({ data: '"late"' });
    late.onclose?.({ code: 1006, reason: '', wasClean: false });
    expect(events).toHaveLength(count);
    expect(world.live).toEqual([world.native]);
  });

  test('within a timeout of one’s choice', async () => {
    const heartbeat = { interval: 3_000, timeout: 700, ...STRICT };
    const { world, socket } = await openSocket({ heartbeat });
    await world.advance(3_699);
    expect(socket.status).toBe('open');
    await world.advance(1);
    expect(socket.status).toBe('waiting');
  });

  test('for good, where there is no reconnecting', async () => {
    const { world, socket } = await openSocket({ heartbeat: STRICT, reconnect: false });
    await world.advance(40_000);
    expect(socket.status).toBe('closed');
    expect(socket.getSnapshot().error).toMatchObject({
      code: 'gave-up',
      cause: { code: 'heartbeat' },
    });
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('but not one that still takes bytes: the ping is stuck behind a backlog', async () => {
    const { world, socket, native } = await openSocket({ heartbeat: STRICT });
    native.bufferedAmount = 900_000;
    await world.advance(30_000);
    for (const left of [600_000, 300_000, 1]) {
      await world.advance(9_000);
      native.bufferedAmount = left;
      await world.advance(1_000);
      expect(socket.status).toBe('open');
    }
    await world.advance(10_000);
    expect(socket.status).toBe('waiting');
  });

  test('nor one whose backlog has only just drained: the ping was behind it', async () => {
    const { world, socket, native } = await openSocket({ heartbeat: STRICT });
    native.bufferedAmount = 900_000;
    await world.advance(30_000);
    await world.advance(9_900);
    native.bufferedAmount = 0;
    await world.advance(100);
    expect(socket.status).toBe('open');
    await world.advance(10_000);
    expect(socket.status).toBe('waiting');
  });

  test('without patience for a ping that has left the machine at once', async () => {
    const { world, socket, native } = await openSocket({ heartbeat: STRICT });
    native.isStalled = true;
    await world.advance(30_000);
    native.bufferedAmount = 0;
    await world.advance(10_000);
    expect(socket.status).toBe('waiting');
  });

  test('nor one whose backlog is refilled from the queue as it drains', async () => {
    const { world, socket, native } = await openSocket({
      heartbeat: STRICT,
      queue: { highWaterMark: 100_000, maxBytes: 10_000_000 },
    });
    native.isStalled = true;
    const message = 'x'.repeat(9_998);
    for (let count = 0; count < 100; count++) socket.send(message);
    expect(socket.queued.messages).toBeGreaterThan(80);
    await world.advance(30_000);
    expect(native.sent.at(-1)).toBe(PING);
    for (let second = 0; second < 20; second++) {
      native.bufferedAmount -= 10_000;
      await world.advance(1_000);
      expect(socket.status, `after ${second + 1} s`).toBe('open');
    }
  });
});

describe('latency', () => {
  test('is the last ping’s round trip, and an event', async () => {
    const { world, socket, native } = await openSocket();
    const latencies: number[] = [];
    socket.on('latency', (latency) => latencies.push(latency));
    expect(socket.latency).toBeUndefined();
    await world.advance(1_000);
    await world.advance(120);
    native.receiveJson(PONG);
    expect(socket.latency).toBe(120);
    await world.advance(31_000);
    expect(native.sent).toEqual([PING, PING]);
    await world.advance(80);
    const sentAgo = world.clock.now();
    native.receiveJson(PONG);
    expect(latencies).toHaveLength(2);
    expect(socket.latency).toBe(latencies[1]);
    expect(world.clock.now()).toBe(sentAgo);
  });

  test('is measured to the millisecond also after other traffic', async () => {
    const { world, socket, native } = await openSocket();
    await world.advance(1_000);
    await world.advance(50);
    native.receiveJson('hello');
    await world.advance(70);
    native.receiveJson(PONG);
    expect(socket.latency).toBe(120);
  });

  test('is counted once for each ping', async () => {
    const { world, socket, native } = await openSocket();
    const latencies: number[] = [];
    socket.on('latency', (latency) => latencies.push(latency));
    await world.advance(1_000);
    native.receiveJson(PONG);
    native.receiveJson(PONG);
    expect(latencies).toEqual([0]);
  });

  test('is that of the oldest ping which waits for its answer', async () => {
    const heartbeat = { interval: 10_000, timeout: 8_000 };
    const { world, socket, native } = await openSocket({ heartbeat });
    await world.advance(1_000);
    await world.advance(1_900);
    world.wake();
    await world.advance(100);
    expect(native.sent).toHaveLength(2);
    native.receiveJson({ type: 'pong' });
    expect(socket.latency).toBe(2_000);
    native.receiveJson({ type: 'pong' });
    expect(socket.latency).toBe(2_000);
  });

  test('is never that of a ping of the connection before', async () => {
    const { world, socket, native } = await openSocket();
    await world.advance(1_000);
    native.die(1006);
    await world.next();
    world.native.open();
    world.native.receiveJson(PONG);
    expect(socket.latency).toBeUndefined();
  });
});

describe('the answer to a ping', () => {
  test('is not handed to listeners', async () => {
    const { world, socket, native } = await openSocket();
    const heard: unknown[] = [];
    socket.on('message', (message) => heard.push(message));
    socket.on('message:pong', (message) => heard.push(message));
    native.receiveJson(PONG);
    await world.advance(1_000);
    native.receiveJson({ type: 'pong', extra: 1 });
    native.receiveJson('pong');
    native.receiveJson({ type: 'ping' });
    native.receiveJson(null);
    // The first is the application's own: no ping was out.
    expect(heard).toEqual([PONG, PONG, 'pong', { type: 'ping' }, null]);
  });

  test('is whatever isReply says', async () => {
    const { world, socket, native } = await openSocket({
      heartbeat: { message: () => ['?'], isReply: (message) => message === '!' },
    });
    const heard: unknown[] = [];
    socket.on('message', (message) => heard.push(message));
    await world.advance(1_000);
    expect(native.sent).toEqual(['["?"]']);
    await world.advance(40);
    native.receiveJson(PONG);
    native.receiveJson('!');
    expect(heard).toEqual([PONG]);
    expect(socket.latency).toBe(40);
  });

  test('is not looked for by an isReply that throws: that is reported, the message delivered', async () => {
    const failure = new Error('oops', { cause: 'its own' });
    const { socket, native } = await openSocket({
      heartbeat: {
        isReply: () => {
          throw failure;
        },
      },
    });
    const events = record(socket);
    const heard: unknown[] = [];
    socket.on('message', (message) => heard.push(message));
    native.receiveJson('hello');
    expect(heard).toEqual(['hello']);
    expect(events).toMatchObject([['error', { code: 'callback', cause: failure }]]);
    expect(socket.status).toBe('open');
  });
});

describe('without heartbeat', () => {
  test('nothing is ever sent, timed or filtered', async () => {
    const { world, clock, socket, native } = await openSocket({ heartbeat: false });
    const heard: unknown[] = [];
    socket.on('message', (message) => heard.push(message));
    expect(clock.pending).toEqual([]);
    await world.advance(3_600_000);
    for (let count = 0; count < 4; count++) world.wake();
    native.receiveJson(PONG);
    expect(clock.pending).toEqual([]);
    expect(native.sent).toEqual([]);
    expect(heard).toEqual([PONG]);
    expect(socket.status).toBe('open');
  });
});

describe('the codec says what a ping is', () => {
  test('text(): ping, answered by pong', async () => {
    const { world, socket, native } = await openSocket({ codec: text() });
    const heard: unknown[] = [];
    socket.on('message', (message) => heard.push(message));
    await world.advance(1_000);
    expect(native.sent).toEqual(['ping']);
    native.receive('pong');
    native.receive('hello');
    expect(socket.latency).toBe(0);
    expect(heard).toEqual(['hello']);
  });

  test('binary(): nothing, so there is no heartbeat', async () => {
    const { world, clock, socket, native } = await openSocket({ codec: binary() });
    const heard: unknown[] = [];
    socket.on('message', (message) => heard.push(message));
    expect(clock.pending).toEqual([]);
    await world.advance(600_000);
    world.wake();
    native.receive(new ArrayBuffer(2));
    expect(native.sent).toEqual([]);
    expect(heard).toHaveLength(1);
  });

  test('binary() with a message has a heartbeat', async () => {
    const { world, socket, native } = await openSocket({
      codec: binary(),
      heartbeat: {
        message: () => new Uint8Array([9]),
        isReply: (message) => new Uint8Array(message)[0] === 10,
      },
    });
    await world.advance(1_000);
    expect(native.sent).toEqual([new Uint8Array([9])]);
    await world.advance(20);
    native.receive(new Uint8Array([10]).buffer);
    expect(socket.latency).toBe(20);
  });

  test('binary() with a message alone delivers everything: nothing looks like an answer', async () => {
    const { native, socket } = await openSocket({
      codec: binary(),
      heartbeat: { message: () => new Uint8Array([9]) },
    });
    const heard: unknown[] = [];
    socket.on('message', (message) => heard.push(message));
    native.receive(new Uint8Array([10]).buffer);
    expect(heard).toHaveLength(1);
  });

  test('binary() with other heartbeat options, but no message, is a mistake', () => {
    const world = new World();
    const error = thrown(
      () => world.create(undefined, { codec: binary(), heartbeat: { interval: 1_000 } }),
      'options',
    );
    expect(error.message).toContain('heartbeat.message');
  });

  test('a codec of one’s own: whatever it says', async () => {
    const codec: Codec<string, string> = {
      encode: (message) => message,
      decode: (data) => data as string,
      heartbeat: { message: () => '<3', isReply: (message) => message === '</3' },
    };
    const { world, socket, native } = await openSocket({ codec });
    await world.advance(1_000);
    native.receive('</3');
    expect(native.sent).toEqual(['<3']);
    expect(socket.latency).toBe(0);
  });

  test('a codec of one’s own that says nothing: the default, in its encoding', async () => {
    const codec: Codec<unknown, unknown> = {
      encode: (message) => `~${JSON.stringify(message)}`,
      decode: (data) => JSON.parse((data as string).slice(1)) as unknown,
    };
    const { world, socket, native } = await openSocket({ codec });
    await world.advance(1_000);
    native.receive('~{"type":"pong"}');
    expect(native.sent).toEqual(['~{"type":"ping"}']);
    expect(socket.latency).toBe(0);
  });

  test('validated(): that of the codec in it, and its schema need not know the answer', async () => {
    const { world, socket, native } = await openSocket<{ type: 'chat' }, unknown>({
      codec: validated(z.object({ type: z.literal('chat') })),
    });
    const events = record(socket);
    await world.advance(1_000);
    native.receiveJson(PONG);
    expect(native.sent).toEqual([PING]);
    expect(events).toEqual([['latency', 0]]);
  });

  test('the options win over the codec, one by one', async () => {
    const { world, socket, native } = await openSocket({
      codec: text(),
      heartbeat: { message: () => 'are you there?' },
    });
    await world.advance(1_000);
    expect(native.sent).toEqual(['are you there?']);
    native.receive('pong');
    expect(socket.latency).toBe(0);
  });
});

describe('a heartbeat.message', () => {
  test('is asked for each ping', async () => {
    let count = 0;
    const { world, native } = await openSocket({
      heartbeat: { message: () => ({ ping: ++count }) },
    });
    await world.advance(60_000);
    expect(native.sent).toEqual(['{"ping":1}', '{"ping":2}']);
  });

  test.each([
    ['throws', () => crash(new Error('oops'))],
    ['cannot be encoded', () => 1n],
  ])('that %s is reported, kills nothing, and is tried again', async (_, message) => {
    const { world, socket, native } = await openSocket({
      heartbeat: { message, expectReply: true },
    });
    const errors: SocketError[] = [];
    socket.on('error', (error) => errors.push(error));
    await world.advance(60_000);
    expect(errors).toMatchObject([{ code: 'callback' }, { code: 'callback' }]);
    expect(errors[0]?.message).toContain('heartbeat.message');
    expect(errors[0]?.cause).toBeInstanceOf(Error);
    expect(native.sent).toEqual([]);
    expect(socket.status).toBe('open');
  });

  test.each([
    ['close()', 'closing', 5_000],
    ['reconnect()', 'connecting', 10_000],
  ])('that calls %s leaves no timer of its own behind', async (call, status, timer) => {
    const world = new World();
    const act = (): unknown => (call === 'close()' ? socket.close() : socket.reconnect());
    const socket: Socket = world.create(undefined, {
      heartbeat: { message: act, expectReply: true },
    });
    await turn();
    world.native.open();
    await world.advance(30_000);
    expect(socket.status).toBe(status);
    expect(world.clock.pending).toEqual([timer]);
  });
});

describe('a timer that fires late is no verdict but a reason to ask', () => {
  test('when the machine slept in a quiet time', async () => {
    const { world, clock, socket, native } = await openSocket({ heartbeat: STRICT });
    await world.advance(10_000);
    clock.sleep(3_600_000);
    await world.advance(0);
    expect(socket.status).toBe('open');
    expect(native.sent).toEqual([PING]);
    await world.advance(2_999);
    expect(socket.status).toBe('open');
    await world.advance(1);
    expect(socket.status).toBe('connecting');
  });

  test('when the machine slept while an answer was due', async () => {
    const { world, clock, socket, native } = await openSocket({ heartbeat: STRICT });
    await world.advance(35_000);
    expect(native.sent).toEqual([PING]);
    clock.sleep(3_600_000);
    await world.advance(0);
    expect(socket.status).toBe('open');
    expect(native.sent).toEqual([PING, PING]);
    await world.advance(2_999);
    expect(socket.status).toBe('open');
    await world.advance(1);
    expect(socket.status).toBe('connecting');
  });

  test('when the machine slept right after a message', async () => {
    const { world, clock, socket, native } = await openSocket({ heartbeat: STRICT });
    native.receiveJson('hello');
    clock.sleep(3_600_000);
    await world.advance(0);
    expect(native.sent).toEqual([PING]);
    await world.advance(3_000);
    expect(socket.status).toBe('connecting');
  });

  test('however often it happens', async () => {
    const { world, clock, socket, native } = await openSocket({ heartbeat: STRICT });
    for (let nap = 0; nap < 10; nap++) {
      clock.sleep(60_000);
      await world.advance(0);
    }
    expect(socket.status).toBe('open');
    expect(native.sent).toHaveLength(10);
  });

  test('and who answers lives on', async () => {
    const { world, clock, socket, native } = await openSocket({ heartbeat: STRICT });
    clock.sleep(3_600_000);
    await world.advance(0);
    await world.advance(2_000);
    native.receiveJson(PONG);
    await world.advance(20_000);
    expect(socket.status).toBe('open');
    expect(socket.latency).toBe(2_000);
  });

  test('nor does it wait longer than the timeout would', async () => {
    const heartbeat = { interval: 5_000, timeout: 800, ...STRICT };
    const { world, clock, socket } = await openSocket({ heartbeat });
    clock.sleep(60_000);
    await world.advance(0);
    await world.advance(799);
    expect(socket.status).toBe('open');
    await world.advance(1);
    expect(socket.status).toBe('connecting');
  });

  test('it kills nobody who need not answer', async () => {
    const { world, clock, socket, native } = await openSocket();
    clock.sleep(3_600_000);
    await world.advance(0);
    await world.advance(20_000);
    expect(native.sent).toEqual([PING]);
    expect(socket.status).toBe('open');
  });

  test('a loss found out like that is made good at once', async () => {
    const { world, clock, socket, native } = await openSocket({ heartbeat: STRICT });
    const retries: unknown[] = [];
    socket.on('retry', (retry) => retries.push(retry));
    clock.sleep(3_600_000);
    await world.advance(0);
    await world.advance(3_000);
    expect(retries).toEqual([{ attempt: 1, delay: 0, cause: 'heartbeat' }]);
    expect(native.isAlive).toBe(false);
  });

  test('one that is late by no more than a second, as in a hidden tab, is a normal one', async () => {
    const { world, clock, socket, native } = await openSocket({ heartbeat: STRICT });
    clock.sleep(31_000);
    await world.advance(0);
    expect(native.sent).toEqual([PING]);
    await world.advance(9_999);
    expect(socket.status).toBe('open');
    await world.advance(1);
    expect(socket.status).toBe('waiting');
  });

  test('an answer from before the sleep does not make the latency', async () => {
    const { world, clock, socket, native } = await openSocket();
    await world.advance(30_000);
    clock.sleep(3_600_000);
    native.receiveJson(PONG);
    expect(socket.latency).toBeUndefined();
  });
});

describe('waking up', () => {
  test('probes at once, with a short timeout', async () => {
    const { world, socket, native } = await openSocket({ heartbeat: STRICT });
    await world.advance(5_000);
    world.wake();
    expect(native.sent).toEqual([PING]);
    await world.advance(2_999);
    expect(socket.status).toBe('open');
    await world.advance(1);
    expect(socket.status).toBe('connecting');
    expect(socket.getSnapshot().lastClose).toMatchObject({ cause: 'heartbeat' });
    expect(world.natives).toHaveLength(2);
  });

  test('waits for the answer no longer than the timeout would', async () => {
    const heartbeat = { interval: 30_000, timeout: 800, ...STRICT };
    const { world, socket } = await openSocket({ heartbeat });
    world.wake();
    await world.advance(799);
    expect(socket.status).toBe('open');
    await world.advance(1);
    expect(socket.status).toBe('connecting');
  });

  test('probes right after a message, too', async () => {
    const { world, native } = await openSocket({ heartbeat: STRICT });
    native.receiveJson('hello');
    world.wake();
    expect(native.sent).toEqual([PING]);
  });

  test('cuts the patience with an earlier ping short', async () => {
    const { world, socket, native } = await openSocket({ heartbeat: STRICT });
    await world.advance(31_000);
    world.wake();
    expect(native.sent).toEqual([PING, PING]);
    await world.advance(3_000);
    expect(socket.status).toBe('connecting');
  });

  test.each([[true], [false], ['auto']] as const)(
    'in several ways at once probes once (expectReply %s)',
    async (expectReply) => {
      const { world, native } = await openSocket({ heartbeat: { expectReply } });
      await world.advance(5_000);
      native.sent.length = 0;
      for (let count = 0; count < 4; count++) world.wake();
      expect(native.sent).toEqual([PING]);
    },
  );

  test.each([[false], ['auto']] as const)(
    'is one ping, however many events tell of it, with expectReply %j and another ping out',
    async (expectReply) => {
      const { world, native } = await openSocket({ heartbeat: { expectReply } });
      await world.advance(30_000);
      await world.advance(2_000);
      native.sent.length = 0;
      for (let count = 0; count < 3; count++) world.wake();
      expect(native.sent).toHaveLength(1);
    },
  );

  test('again and again does not put off the verdict', async () => {
    const { world, socket } = await openSocket({ heartbeat: STRICT });
    for (let count = 0; count < 30; count++) {
      world.wake();
      await world.advance(100);
    }
    expect(socket.status).toBe('connecting');
  });

  test('is followed by the usual rhythm when answered', async () => {
    const { world, native } = await openSocket({ heartbeat: STRICT });
    world.wake();
    native.receiveJson(PONG);
    await world.advance(29_999);
    expect(native.sent).toEqual([PING]);
    await world.advance(1_001);
    expect(native.sent).toEqual([PING, PING]);
  });

  test('kills nobody who need not answer', async () => {
    const { world, socket, native } = await openSocket();
    world.wake();
    await world.advance(20_000);
    expect(native.sent).toEqual([PING]);
    expect(socket.status).toBe('open');
  });

  test('sends nothing where the line is not open', async () => {
    const { world, socket, native } = await openSocket();
    void socket.close();
    world.wake();
    native.die(1000);
    for (let count = 0; count < 4; count++) world.wake();
    expect(native.sent).toEqual([]);
  });
});

test('timers are set from what arrives, so that the throttling of timer chains spares them', async () => {
  const { world, clock, native } = await openSocket({ heartbeat: STRICT });
  let pings = 0;
  for (let timer = 0; timer < 200; timer++) {
    await world.next();
    // Chromium throttles a chain of five or more in a hidden tab.
    expect(clock.nesting).toBeLessThan(5);
    if (native.sent.length === pings) continue;
    pings += 1;
    await world.advance(50);
    native.receiveJson(PONG);
  }
  expect(pings).toBeGreaterThan(50);
});

test('a flood of messages costs no timer each', async () => {
  const { clock, native } = await openSocket();
  const after = vi.spyOn(clock, 'after');
  for (let count = 0; count < 10_000; count++) native.receiveJson('hello');
  expect(after.mock.calls.length).toBeLessThan(5);
  expect(clock.pending).toHaveLength(1);
});

function crash(reason: unknown): never {
  throw reason;
}
