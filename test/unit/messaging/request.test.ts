import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Socket } from '../../../src/socket/socket-interface.js';
import {
  request,
  type RequestByIdOptions,
  type RequestOptions,
} from '../../../src/messaging/request.js';
import { socketError } from '../../support/outbox-errors.js';
import {
  dropsOf,
  idleSocket,
  type Line,
  openLine,
  openUp,
  reopen,
  stateOf,
} from '../../support/outbox-line.js';
import { countCalls } from '../../support/outbox-listeners.js';
import { turn, type World } from '../../support/world.js';

type Message = { type: 'ask'; id: number } | { type: 'answer'; id: number; value?: string };

const ask = (id: number): Message => ({ type: 'ask', id });
const answer = (id: number): Message => ({ type: 'answer', id });

const answers =
  (id: number) =>
  (message: Message): message is Message & { type: 'answer' } =>
    message.type === 'answer' && message.id === id;

/** Asks question number 1. */
function askOne(socket: Socket<Message>, options: Partial<RequestOptions<Message>> = {}) {
  const promise = request(socket, ask(1), { match: answers(1), ...options });
  // Awaited later, when it may have failed long ago.
  promise.catch(() => undefined);
  return promise;
}

const idOf = (message: Message): unknown => (message.type === 'answer' ? message.id : undefined);

/** The same, answered by its id. */
function askOneById(socket: Socket<Message>, options: Partial<RequestByIdOptions<Message>> = {}) {
  const promise = request(socket, ask(1), { id: 1, idOf, ...options });
  promise.catch(() => undefined);
  return promise;
}

// The only timer of its own that a helper has.
beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => {
  // Whatever the test was about, its request is over and must have left no timer.
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('request', () => {
  test('sends, and gives the first message that matches', async () => {
    const { socket, line } = await openLine<Message>();
    const promise = askOne(socket);
    expect(line.messages).toEqual([ask(1)]);
    line.receiveJson(ask(1));
    line.receiveJson(answer(2));
    expect(await stateOf(promise)).toBe('pending');
    line.receiveJson({ ...answer(1), value: 'first' });
    line.receiveJson({ ...answer(1), value: 'second' });
    expect(await promise).toEqual({ ...answer(1), value: 'first' });
  });

  test('keeps several apart', async () => {
    const { socket, line } = await openLine<Message>();
    const promises = [1, 2, 3].map((id) => request(socket, ask(id), { match: answers(id) }));
    for (const id of [3, 1, 2]) line.receiveJson(answer(id));
    expect(await Promise.all(promises)).toEqual([answer(1), answer(2), answer(3)]);
  });

  test('lets other listeners have the answer, too', async () => {
    const { socket, line } = await openLine<Message>();
    const heard: Message[] = [];
    socket.on('message', (message) => heard.push(message));
    const promise = askOne(socket);
    line.receiveJson(answer(1));
    await promise;
    expect(heard).toEqual([answer(1)]);
  });

  test('waits while its message waits, over as many failed attempts as it takes', async () => {
    const { world, socket } = idleSocket<Message>();
    const promise = askOne(socket);
    socket.connect();
    await turn();
    world.native.die();
    await world.advance(0);
    world.native.die();
    expect(await stateOf(promise)).toBe('pending');
    await world.next();
    const line = await reopen(world);
    expect(line.messages).toEqual([ask(1)]);
    line.receiveJson(answer(1));
    expect(await promise).toEqual(answer(1));
  });

  test('survives a lost connection that its message never left', async () => {
    const { world, socket, line } = await openLine<Message>();
    const promise = askOne(socket);
    line.die();
    expect(await stateOf(promise)).toBe('pending');
    const next = await reopen(world);
    expect(next.messages).toEqual([ask(1)]);
    next.receiveJson(answer(1));
    expect(await promise).toEqual(answer(1));
  });

  test('does not take for an answer what came before its message was sent', async () => {
    const { clock, socket, line } = await openLine<Message>({ queue: { highWaterMark: 1 } });
    socket.send(ask(0));
    const promise = askOne(socket);
    line.receiveJson({ ...answer(1), value: 'not to us' });
    expect(await stateOf(promise)).toBe('pending');
    line.flow();
    clock.advance(20);
    expect(line.messages).toEqual([ask(0), ask(1)]);
    line.receiveJson(answer(1));
    expect(await promise).toEqual(answer(1));
  });
});

describe.each([
  ['request', askOne],
  ['request by id', askOneById],
])('%s fails with', (_, askOne) => {
  test('timeout, 10 seconds after the call by default', async () => {
    const { socket } = await openLine<Message>();
    const promise = askOne(socket);
    vi.advanceTimersByTime(9_999);
    expect(await stateOf(promise)).toBe('pending');
    vi.advanceTimersByTime(1);
    await expect(promise).rejects.toEqual(socketError('timeout', '10000 ms'));
  });

  test('timeout, and takes its message out of the queue: it is never sent later', async () => {
    const { world, socket } = idleSocket<Message>();
    const drops = dropsOf(socket);
    const promise = askOne(socket, { timeout: 50 });
    socket.send(ask(2));
    vi.advanceTimersByTime(50);
    await expect(promise).rejects.toEqual(socketError('timeout'));
    expect(socket.queued.messages).toBe(1);
    expect(drops).toEqual([[ask(1), 'aborted']]);
    expect((await openUp(world, socket)).messages).toEqual([ask(2)]);
  });

  test('timeout, and its message does not come back from a dead connection either', async () => {
    const { world, socket, line } = await openLine<Message>();
    const promise = askOne(socket, { timeout: 50 });
    vi.advanceTimersByTime(50);
    await expect(promise).rejects.toEqual(socketError('timeout'));
    line.die();
    expect((await reopen(world)).messages).toEqual([]);
  });

  test('closed, when the connection was lost after the message had left', async () => {
    const { world, socket, line } = await openLine<Message>();
    const promise = askOne(socket);
    line.flow();
    line.die();
    await expect(promise).rejects.toEqual(socketError('closed'));
    expect((await reopen(world)).messages).toEqual([]);
  });

  test('closed, when the connection was replaced after the message was sent', async () => {
    const { world, socket } = await openLine<Message>();
    const promise = askOne(socket);
    socket.reconnect();
    await expect(promise).rejects.toEqual(socketError('closed'));
    expect((await reopen(world)).messages).toEqual([]);
  });

  test('closed, when the socket is closed while the message waits', async () => {
    const { socket } = idleSocket<Message>();
    const promise = askOne(socket);
    await socket.close();
    await expect(promise).rejects.toEqual(socketError('closed'));
  });

  test('closed, when the socket is closed after the message was sent', async () => {
    const { socket, line } = await openLine<Message>();
    const promise = askOne(socket);
    void socket.close();
    line.die(1000);
    await expect(promise).rejects.toEqual(socketError('closed'));
  });

  test('closed, when the socket is closed already', async () => {
    const { socket } = idleSocket<Message>();
    await socket.close();
    await expect(askOne(socket)).rejects.toEqual(socketError('closed'));
  });

  test('closed, when the line ends for good', async () => {
    const { socket, line } = await openLine<Message>({ reconnect: false });
    const promise = askOne(socket);
    line.die();
    await expect(promise).rejects.toEqual(socketError('closed'));
  });

  test('aborted, and sends nothing, when the signal was aborted before', async () => {
    const { socket, line } = await openLine<Message>();
    const reason = new Error('enough');
    const promise = askOne(socket, { signal: AbortSignal.abort(reason) });
    await expect(promise).rejects.toEqual(socketError('aborted'));
    await expect(promise).rejects.toHaveProperty('cause', reason);
    expect(line.sent).toEqual([]);
  });

  test('aborted, and takes its message out of the queue', async () => {
    const { socket } = idleSocket<Message>();
    const controller = new AbortController();
    const promise = askOne(socket, { signal: controller.signal });
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(promise).rejects.toEqual(socketError('aborted'));
    await expect(promise).rejects.toHaveProperty('cause', reason);
    expect(socket.queued.messages).toBe(0);
  });

  test('aborted, when its message was sent already', async () => {
    const { socket, line } = await openLine<Message>();
    const controller = new AbortController();
    const promise = askOne(socket, { signal: controller.signal });
    controller.abort();
    line.receiveJson(answer(1));
    await expect(promise).rejects.toEqual(socketError('aborted'));
  });

  test('queue-full, when others push its message out of the queue', async () => {
    const { socket } = idleSocket<Message>({ queue: { maxMessages: 1 } });
    const promise = askOne(socket);
    socket.send(ask(2));
    await expect(promise).rejects.toEqual(socketError('queue-full'));
  });

  test.each(['drop-newest', 'throw'] as const)(
    'queue-full, when its message finds no room (%s)',
    async (overflow) => {
      const { socket } = idleSocket<Message>({ queue: { maxMessages: 1, overflow } });
      socket.send(ask(0));
      await expect(askOne(socket)).rejects.toEqual(socketError('queue-full'));
      expect(socket.queued.messages).toBe(1);
    },
  );

  test('queue-full, when there is no queue and the line is not open', async () => {
    const { socket } = idleSocket<Message>({ queue: false });
    await expect(askOne(socket)).rejects.toEqual(socketError('queue-full'));
  });
});

describe('request with `match` fails with', () => {
  test('encode, when its message cannot be encoded', async () => {
    const { socket } = await openLine();
    const promise = request(socket, 1n, { match: () => true });
    await expect(promise).rejects.toEqual(socketError('encode'));
    expect(socket.status).toBe('open');
  });

  test('what `match` throws', async () => {
    const { world, socket, line } = await openLine<Message>();
    const broken = new Error('broken');
    const match = vi.fn(() => {
      throw broken;
    });
    const promise = askOne(socket, { match });
    line.receiveJson(answer(1));
    line.receiveJson(answer(1));
    await expect(promise).rejects.toBe(broken);
    expect(match).toHaveBeenCalledTimes(1);
    expect(world.reported).toEqual([]);
  });

  test.each<[option: string, value: string, options: object]>([
    ['match', 'undefined', {}],
    ['match', '5', { match: 5 }],
    ['timeout', '0', { match: Boolean, timeout: 0 }],
    ['timeout', '-1', { match: Boolean, timeout: -1 }],
    ['timeout', 'NaN', { match: Boolean, timeout: NaN }],
    ['signal', 'object', { match: Boolean, signal: {} }],
    ['timeOut', '', { match: Boolean, timeOut: 5 }],
  ])('options, for a bad %s (%s), and sends nothing', async (option, value, options) => {
    const { socket, line } = await openLine<Message>();
    const promise = request(socket, ask(1), options as RequestOptions<Message>);
    promise.catch(() => undefined);
    expect(await stateOf(promise)).toBe('rejected');
    await expect(promise).rejects.toEqual(socketError('options', option, value));
    expect(line.sent).toEqual([]);
  });
});

describe('a request that is over leaves nothing listening', () => {
  interface Scene {
    readonly world: World;
    readonly socket: Socket<Message>;
    readonly line: Line;
    readonly abort: () => void;
  }
  const ends: [how: string, end: (scene: Scene) => void][] = [
    ['was answered', ({ line }) => line.receiveJson(answer(1))],
    ['has timed out', () => vi.advanceTimersByTime(10_000)],
    ['was aborted', ({ abort }) => abort()],
    ['lost its connection', ({ line }) => (line.flow(), line.die())],
    ['lost its socket', ({ socket, line }) => (void socket.close(), line.die(1000))],
  ];

  test.each(ends)('when it %s', async (_, end) => {
    const { world, socket, line } = await openLine<Message>();
    const count = countCalls(socket);
    const match = vi.fn(answers(1));
    const { signal, abort } = controlled();
    const promise = request(socket, ask(1), { match, signal });
    promise.catch(() => undefined);
    end({ world, socket, line, abort });
    expect(await stateOf(promise)).not.toBe('pending');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);

    const { calls } = count;
    const asked = match.mock.calls.length;
    socket.reconnect();
    const next = await reopen(world);
    next.receiveJson(answer(1));
    next.die();
    expect(match).toHaveBeenCalledTimes(asked);
    expect(count.calls).toBe(calls);
  });
});

function controlled(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
