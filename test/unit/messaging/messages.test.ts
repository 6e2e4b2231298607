import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { binary } from '../../../src/codecs/binary.js';
import { messages, type MessagesOptions } from '../../../src/messaging/messages.js';
import type { Socket } from '../../../src/socket/socket-interface.js';
import { socketError } from '../../support/outbox-errors.js';
import { idleSocket, openLine, reopen, stateOf } from '../../support/outbox-line.js';
import { countCalls } from '../../support/outbox-listeners.js';
import { turn, World } from '../../support/world.js';

type Message = { type: 'chat'; text: string } | { type: 'price'; price: number };

/** All that is left of an iteration that is going to end. */
async function rest<T>(iteration: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const message of iteration) all.push(message);
  return all;
}

describe('messages', () => {
  test('gives what arrives from the call on, in order', async () => {
    const { socket, line } = await openLine();
    line.receiveJson('before');
    const iteration = messages(socket);
    line.receiveJson(1);
    line.receiveJson(2);
    expect(await iteration.next()).toEqual({ value: 1, done: false });
    expect(await iteration.next()).toEqual({ value: 2, done: false });
    const third = iteration.next();
    expect(await stateOf(third)).toBe('pending');
    line.receiveJson(3);
    expect(await third).toEqual({ value: 3, done: false });
  });

  test('gives each message to one of several that ask at once, in the order of asking', async () => {
    const { socket, line } = await openLine();
    const iteration = messages(socket);
    const asked = [iteration.next(), iteration.next(), iteration.next()];
    for (const message of ['a', 'b', 'c', 'd']) line.receiveJson(message);
    expect((await Promise.all(asked)).map(({ value }) => value as unknown)).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect((await iteration.next()).value).toBe('d');
  });

  test('gives every message to each of several iterations', async () => {
    const { socket, line } = await openLine();
    const [one, two] = [messages(socket), messages(socket)];
    line.receiveJson('a');
    expect((await one.next()).value).toBe('a');
    expect((await two.next()).value).toBe('a');
  });

  test('with a type gives only those', async () => {
    const { socket, line } = await openLine<Message>();
    const iteration = messages(socket, { type: 'price' });
    line.receiveJson({ type: 'chat', text: 'hi' });
    line.receiveJson({ type: 'price', price: 5 });
    expect((await iteration.next()).value).toEqual({ type: 'price', price: 5 });
  });

  test('lives on over a reconnect', async () => {
    const { world, socket, line } = await openLine();
    const iteration = messages(socket);
    const first = iteration.next();
    line.die();
    (await reopen(world)).receiveJson('later');
    expect((await first).value).toBe('later');
  });

  test('is its own iterator', async () => {
    const { socket } = await openLine();
    const iteration = messages(socket);
    expect(iteration[Symbol.asyncIterator]()).toBe(iteration);
  });
});

describe('the buffer', () => {
  test('holds 1,000 messages by default, the latest ones', async () => {
    const { socket, line } = await openLine();
    const iteration = messages(socket);
    for (let message = 0; message < 1_003; message++) line.receiveJson(message);
    void socket.close();
    line.die(1000);
    const left = await rest(iteration);
    expect(left).toHaveLength(1_000);
    expect(left[0]).toBe(3);
    expect(left.at(-1)).toBe(1_002);
  });

  test.each([
    ['drop-oldest', [2, 3]],
    ['drop-newest', [1, 2]],
  ] as const)('full, with %s', async (overflow, expected) => {
    const { socket, line } = await openLine();
    const iteration = messages(socket, { limit: 2, overflow });
    for (const message of [1, 2, 3]) line.receiveJson(message);
    void socket.close();
    line.die(1000);
    expect(await rest(iteration)).toEqual(expected);
  });

  test('full, with throw: gives what it has, then fails, then is over', async () => {
    const { socket, line } = await openLine();
    const count = countCalls(socket);
    const iteration = messages(socket, { limit: 2, overflow: 'throw' });
    for (const message of [1, 2, 3]) line.receiveJson(message);
    const { calls } = count;
    line.receiveJson(4);
    expect(count.calls).toBe(calls);
    expect((await iteration.next()).value).toBe(1);
    expect((await iteration.next()).value).toBe(2);
    await expect(iteration.next()).rejects.toEqual(socketError('queue-full'));
    expect(await iteration.next()).toEqual({ value: undefined, done: true });
  });

  test('has room again once something was taken', async () => {
    const { socket, line } = await openLine();
    const iteration = messages(socket, { limit: 1, overflow: 'throw' });
    for (const message of [1, 2, 3]) {
      line.receiveJson(message);
      expect((await iteration.next()).value).toBe(message);
    }
  });

  test('is not needed while somebody waits for the next message', async () => {
    const { socket, line } = await openLine();
    const iteration = messages(socket, { limit: 1, overflow: 'throw' });
    const asked = [iteration.next(), iteration.next()];
    for (const message of [1, 2, 3]) line.receiveJson(message);
    expect((await Promise.all(asked)).map(({ value }) => value as unknown)).toEqual([1, 2]);
    expect((await iteration.next()).value).toBe(3);
  });
});

describe('the buffer is bounded in bytes, too', () => {
  /** A message whose frame is so large. */
  const sized = (size: number): string => JSON.stringify('x'.repeat(size - 2));

  test('16 MiB by default, of the latest messages', async () => {
    const { socket, line } = await openLine<string>();
    const iteration = messages(socket);
    for (let count = 0; count < 100; count++) line.receive(sized(1_048_576));
    line.receive('"last"');
    void socket.close();
    line.die(1000);
    const left = await rest(iteration);
    expect(left).toHaveLength(16);
    expect(left.at(-1)).toBe('last');
  });

  test.each([
    ['drop-oldest', [4, 5, 6]],
    ['drop-newest', [5, 4, 5]],
  ] as const)('full, with %s', async (overflow, expected) => {
    const { socket, line } = await openLine<string>();
    const iteration = messages(socket, { maxBytes: 15, overflow });
    for (const size of [5, 4, 5, 6]) line.receive(sized(size));
    void socket.close();
    line.die(1000);
    expect((await rest(iteration)).map((message) => message.length + 2)).toEqual(expected);
  });

  test('full, with throw: gives what it has, then fails', async () => {
    const { socket, line } = await openLine<string>();
    const iteration = messages(socket, { maxBytes: 10, overflow: 'throw' });
    for (const size of [5, 5, 5]) line.receive(sized(size));
    expect((await iteration.next()).value).toBe('xxx');
    expect((await iteration.next()).value).toBe('xxx');
    await expect(iteration.next()).rejects.toEqual(socketError('queue-full', '10 bytes'));
  });

  test('has room again once something was taken', async () => {
    const { socket, line } = await openLine<string>();
    const iteration = messages(socket, { maxBytes: 10, overflow: 'throw' });
    for (let count = 0; count < 10; count++) {
      line.receive(sized(10));
      expect((await iteration.next()).value).toHaveLength(8);
    }
  });

  test('a message that alone is too large takes nobody else with it', async () => {
    const { socket, line } = await openLine<string>();
    const iteration = messages(socket, { maxBytes: 10 });
    for (const size of [5, 11]) line.receive(sized(size));
    expect((await iteration.next()).value).toBe('xxx');
    const next = iteration.next();
    // Who waits for it gets even that one.
    line.receive(sized(11));
    expect((await next).value).toHaveLength(9);
  });

  test('counts buffers in bytes', async () => {
    const { socket, line } = await openLine({ codec: binary() });
    const iteration = messages(socket, { maxBytes: 8 });
    for (const size of [1, 4, 4]) line.receive(new ArrayBuffer(size));
    void socket.close();
    line.die(1000);
    expect((await rest(iteration)).map(({ byteLength }) => byteLength)).toEqual([4, 4]);
  });

  test('counts what a handshake has left as what it is', async () => {
    const world = new World();
    let done = (): void => undefined;
    const socket = world.create<string>(undefined, {
      heartbeat: false,
      handshake: () => new Promise<void>((resolve) => (done = resolve)),
    });
    const iteration = messages(socket, { maxBytes: 10 });
    await turn();
    world.native.open();
    for (const size of [9, 3, 7]) world.native.receive(sized(size));
    done();
    await turn();
    expect((await iteration.next()).value).toBe('x');
    expect((await iteration.next()).value).toBe('xxxxx');
  });

  test('counts right where a stand-in answers while a listener sends', async () => {
    const { socket, line } = await openLine<string>();
    socket.on('message', (message) => {
      if (message === 'x') line.receive(sized(9));
    });
    const iteration = messages(socket, { maxBytes: 12, overflow: 'throw' });
    line.receive(sized(3));
    expect((await iteration.next()).value).toHaveLength(7);
    expect((await iteration.next()).value).toBe('x');
    line.receive(sized(9));
    line.receive(sized(3));
    expect((await iteration.next()).value).toHaveLength(7);
  });

  test('is bounded in messages only where the socket is a stand-in that does not tell', async () => {
    const listeners: ((message: unknown) => void)[] = [];
    const on = (event: string, listener: () => void): (() => void) => {
      if (event === 'message') listeners.push(listener);
      return () => undefined;
    };
    const standIn = { status: 'open', on } as unknown as Socket;
    const iteration = messages(standIn, { limit: 2, maxBytes: 1 });
    for (const message of ['a', 'b', 'c']) for (const tell of listeners) tell(message);
    expect((await iteration.next()).value).toBe('b');
    expect((await iteration.next()).value).toBe('c');
  });
});

describe('the iteration is over', () => {
  test('when the loop is left: nothing listens any more', async () => {
    const { socket, line } = await openLine();
    const count = countCalls(socket);
    const { signal } = new AbortController();
    const iteration = messages(socket, { signal });
    line.receiveJson('stop');
    line.receiveJson('never seen');
    for await (const message of iteration) if (message === 'stop') break;
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    const { calls } = count;
    line.receiveJson('late');
    line.die();
    expect(count.calls).toBe(calls);
    expect(await iteration.next()).toEqual({ value: undefined, done: true });
  });

  test('when return() is called, also for those who wait', async () => {
    const { socket } = await openLine();
    const iteration = messages(socket);
    const waiting = [iteration.next(), iteration.next()];
    expect(await iteration.return?.()).toEqual({ value: undefined, done: true });
    for (const result of waiting) expect(await result).toEqual({ value: undefined, done: true });
  });

  test('when the socket is closed, after what had arrived', async () => {
    const { socket, line } = await openLine();
    const count = countCalls(socket);
    const { signal } = new AbortController();
    const iteration = messages(socket, { signal });
    line.receiveJson('last');
    void socket.close();
    line.die(1000);
    expect(await rest(iteration)).toEqual(['last']);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    const { calls } = count;
    socket.connect();
    expect(count.calls).toBe(calls);
  });

  test('when the socket is closed, for all who wait', async () => {
    const { socket } = idleSocket();
    const iteration = messages(socket);
    const waiting = [iteration.next(), iteration.next()];
    await socket.close();
    for (const result of waiting) expect(await result).toEqual({ value: undefined, done: true });
  });

  test('when the socket is closed already', async () => {
    const { socket } = idleSocket();
    await socket.close();
    expect(await rest(messages(socket))).toEqual([]);
  });

  test('but not when the connection is lost', async () => {
    const { socket, line } = await openLine();
    const next = messages(socket).next();
    line.die();
    expect(await stateOf(next)).toBe('pending');
  });

  test('when the signal is aborted: what waits can still be had, then it fails', async () => {
    const { socket, line } = await openLine();
    const count = countCalls(socket);
    const controller = new AbortController();
    const iteration = messages(socket, { signal: controller.signal });
    line.receiveJson('had');
    const reason = new Error('enough');
    controller.abort(reason);
    const { calls } = count;
    line.receiveJson('late');
    expect(count.calls).toBe(calls);
    expect((await iteration.next()).value).toBe('had');
    const failed = iteration.next();
    await expect(failed).rejects.toEqual(socketError('aborted'));
    await expect(failed).rejects.toHaveProperty('cause', reason);
    expect(await iteration.next()).toEqual({ value: undefined, done: true });
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  test('when the signal is aborted, for those who wait: the first is told why', async () => {
    const { socket } = await openLine();
    const controller = new AbortController();
    const iteration = messages(socket, { signal: controller.signal });
    const [first, second] = [iteration.next(), iteration.next()];
    controller.abort();
    await expect(first).rejects.toEqual(socketError('aborted'));
    expect(await second).toEqual({ value: undefined, done: true });
  });

  test('when the signal was aborted before', async () => {
    const { socket, line } = await openLine();
    const count = countCalls(socket);
    const iteration = messages(socket, { signal: AbortSignal.abort() });
    line.receiveJson('a');
    expect(count.calls).toBe(0);
    await expect(iteration.next()).rejects.toEqual(socketError('aborted'));
  });
});

test.each<[option: string, value: string, options: object]>([
  ['type', '5', { type: 5 }],
  ['limit', '0', { limit: 0 }],
  ['limit', 'NaN', { limit: NaN }],
  ['limit', 'string', { limit: '9' }],
  ['maxBytes', '0', { maxBytes: 0 }],
  ['overflow', 'string wait', { overflow: 'wait' }],
  ['signal', 'object', { signal: {} }],
  ['buffer', '', { buffer: 5 }],
])('messages() with a bad %s (%s) throws', async (option, value, options) => {
  const { socket } = await openLine();
  const count = countCalls(socket);
  const listen = (): unknown => messages(socket, options as MessagesOptions & { type: undefined });
  expect(listen).toThrow(socketError('options', option, value));
  expect(count.calls).toBe(0);
});
