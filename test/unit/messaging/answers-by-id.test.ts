import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Socket } from '../../../src/socket/socket-interface.js';
import {
  request,
  type RequestByIdOptions,
  type RequestOptions,
} from '../../../src/messaging/request.js';
import { systemClock } from '../../../src/platform/clock.js';
import { socketError } from '../../support/outbox-errors.js';
import {
  idleSocket,
  type Line,
  openLine,
  openUp,
  reopen,
  stateOf,
} from '../../support/outbox-line.js';
import { countCalls } from '../../support/outbox-listeners.js';
import { turn, type World } from '../../support/world.js';

type Message =
  | { type: 'ask'; id: number }
  | { type: 'answer'; to: number | string; value?: string }
  | { type: 'news' };

const ask = (id = 1): Message => ({ type: 'ask', id });
const answer = (to: number | string, value?: string): Message => ({
  type: 'answer',
  to,
  ...(value !== undefined && { value }),
});

const idOf = (message: Message): unknown => (message.type === 'answer' ? message.to : undefined);

/** Asks question number 1. */
function askOne(socket: Socket<Message>, options: Partial<RequestByIdOptions<Message>> = {}) {
  const promise = request(socket, ask(), { id: 1, idOf, ...options });
  // Awaited later, when it may have failed long ago.
  promise.catch(() => undefined);
  return promise;
}

/** Which listeners `socket` has got from now on, by their events, and not lost again. */
function listening(socket: Socket<Message>): string[] {
  const events: string[] = [];
  const on = socket.on.bind(socket) as (...args: unknown[]) => () => void;
  const watched = (event: string, listener: unknown, options: { signal: AbortSignal }) => {
    events.push(event);
    options.signal.addEventListener('abort', () => events.splice(events.indexOf(event), 1));
    return on(event, listener, options);
  };
  Object.assign(socket, { on: watched });
  return events;
}

const MANY = 8_000;

/** As many requests at once, with ids from 0 on. */
function askMany(socket: Socket<Message>, options: Partial<RequestByIdOptions<Message>> = {}) {
  const promises = Array.from({ length: MANY }, (_, id) =>
    request(socket, ask(id), { id, idOf, ...options }),
  );
  return Promise.allSettled(promises);
}

const codesOf = (results: PromiseSettledResult<unknown>[]): unknown[] => [
  ...new Set(
    results.map((result) =>
      result.status === 'rejected' ? (result.reason as { code: string }).code : 'answered',
    ),
  ),
];

// The only timer of its own that a helper has.
beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => {
  // Whatever the test was about, its requests are over and must have left no timer.
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('request by id', () => {
  test('sends, and gives the first message that bears the id', async () => {
    const { socket, line } = await openLine<Message>();
    const promise = askOne(socket);
    expect(line.messages).toEqual([ask()]);
    line.receiveJson({ type: 'news' });
    line.receiveJson(answer(2));
    expect(await stateOf(promise)).toBe('pending');
    line.receiveJson(answer(1, 'first'));
    line.receiveJson(answer(1, 'second'));
    expect(await promise).toEqual(answer(1, 'first'));
  });

  test('keeps several apart, whatever their order', async () => {
    const { socket, line } = await openLine<Message>();
    const promises = [1, 2, 3].map((id) => request(socket, ask(id), { id, idOf }));
    for (const id of [3, 1, 2]) line.receiveJson(answer(id));
    expect(await Promise.all(promises)).toEqual([answer(1), answer(2), answer(3)]);
  });

  test('tells a number from the same digits, as a Map does', async () => {
    const { socket, line } = await openLine<Message>();
    const [number, text] = [askOne(socket), askOne(socket, { id: '1' })];
    line.receiveJson(answer('1'));
    expect(await text).toEqual(answer('1'));
    expect(await stateOf(number)).toBe('pending');
    line.receiveJson(answer(1));
    expect(await number).toEqual(answer(1));
  });

  test.each([0, '', NaN, 1n, -1])('takes %s as an id', async (id) => {
    const { socket, line } = await openLine<Message>();
    const promise = askOne(socket, { id, idOf: () => id });
    line.receiveJson({ type: 'news' });
    expect(await promise).toEqual({ type: 'news' });
  });

  test('lets other listeners, and requests with `match`, have the answer, too', async () => {
    const { socket, line } = await openLine<Message>();
    const heard: Message[] = [];
    socket.on('message', (message) => heard.push(message));
    const promises = [
      askOne(socket),
      request(socket, ask(), { match: (message) => idOf(message) === 1 }),
      askOne(socket, { idOf: (message) => idOf(message) }),
    ];
    line.receiveJson(answer(1));
    expect(await Promise.all(promises)).toEqual([answer(1), answer(1), answer(1)]);
    expect(heard).toEqual([answer(1)]);
  });

  test('keeps sockets apart', async () => {
    const [here, there] = [await openLine<Message>(), await openLine<Message>()];
    const promises = [askOne(here.socket), askOne(there.socket)] as const;
    there.line.receiveJson(answer(1, 'there'));
    expect(await promises[1]).toEqual(answer(1, 'there'));
    expect(await stateOf(promises[0])).toBe('pending');
    here.line.receiveJson(answer(1, 'here'));
    expect(await promises[0]).toEqual(answer(1, 'here'));
  });

  test('survives a lost connection that its message never left', async () => {
    const { world, socket, line } = await openLine<Message>();
    const promise = askOne(socket);
    line.die();
    expect(await stateOf(promise)).toBe('pending');
    const next = await reopen(world);
    expect(next.messages).toEqual([ask()]);
    next.receiveJson(answer(1));
    expect(await promise).toEqual(answer(1));
  });
});

describe('what came before the question is no answer:', () => {
  test('while its message waits', async () => {
    const { clock, socket, line } = await openLine<Message>({ queue: { highWaterMark: 1 } });
    socket.send({ type: 'news' });
    const promise = askOne(socket);
    line.receiveJson(answer(1, 'not to us'));
    expect(await stateOf(promise)).toBe('pending');
    line.flow();
    clock.advance(20);
    line.receiveJson(answer(1));
    expect(await promise).toEqual(answer(1));
  });

  test('the very message that made a listener ask', async () => {
    const { socket, line } = await openLine<Message>();
    const asked: Promise<Message>[] = [];
    // Listens before those do that wait for an answer.
    socket.on('message', ({ type }) => {
      if (type === 'answer' && asked.length === 0) asked.push(askOne(socket));
    });
    const other = request(socket, ask(2), { id: 2, idOf });
    line.receiveJson(answer(1, 'before the question'));
    const [promise] = asked as [Promise<Message>];
    expect(line.messages).toEqual([ask(2), ask(1)]);
    expect(await stateOf(promise)).toBe('pending');
    line.receiveJson(answer(1, 'after it'));
    line.receiveJson(answer(2));
    expect(await promise).toEqual(answer(1, 'after it'));
    expect(await other).toEqual(answer(2));
  });

  test('but a message that makes a listener ask is the answer to who asked before', async () => {
    const { socket, line } = await openLine<Message>();
    const asked: Promise<Message>[] = [];
    socket.on('message', () => {
      if (asked.length === 0) asked.push(request(socket, ask(2), { id: 2, idOf }));
    });
    const promise = askOne(socket);
    line.receiveJson(answer(1));
    expect(await promise).toEqual(answer(1));
    line.receiveJson(answer(3));
    line.receiveJson(answer(2));
    expect(await asked[0]).toEqual(answer(2));
  });

  test('who asked within a listener, and never heard a message, loses its connection as any', async () => {
    const { socket, line } = await openLine<Message>();
    const asked: Promise<Message>[] = [];
    socket.on('message', () => asked.push(askOne(socket)));
    line.receiveJson({ type: 'news' });
    line.flow();
    line.die();
    await expect(asked[0]).rejects.toEqual(socketError('closed'));
  });

  test('with a stand-in for a socket, which does not say when it delivers, neither', async () => {
    const { socket, line } = await openLine<Message>();
    const { send } = socket;
    const standIn = { send, on: socket.on.bind(socket) } as Socket<Message>;
    const asked: Promise<Message>[] = [];
    socket.on('message', () => {
      if (asked.length === 0) asked.push(askOne(standIn));
    });
    const other = request(standIn, ask(2), { id: 2, idOf });
    line.receiveJson(answer(1, 'before the question'));
    line.receiveJson(answer(1, 'after it'));
    line.receiveJson(answer(2));
    expect(await asked[0]).toEqual(answer(1, 'after it'));
    expect(await other).toEqual(answer(2));
  });
});

describe('an id that is in use', () => {
  const inUse = socketError('options', 'options.id is in use');

  test('is refused, sends nothing, and leaves the other one alone', async () => {
    const { socket, line } = await openLine<Message>();
    const promise = askOne(socket);
    await expect(askOne(socket)).rejects.toEqual(inUse);
    expect(line.messages).toEqual([ask()]);
    line.receiveJson(answer(1));
    expect(await promise).toEqual(answer(1));
  });

  test('is refused while the other one waits in the queue, too', async () => {
    const { world, socket } = idleSocket<Message>();
    const promise = askOne(socket);
    await expect(askOne(socket)).rejects.toEqual(inUse);
    const line = await openUp(world, socket);
    line.receiveJson(answer(1));
    expect(await promise).toEqual(answer(1));
  });

  test('is not shown: it may be a token', async () => {
    const { socket, line } = await openLine<Message>();
    const promise = askOne(socket, { id: 'secret' });
    await expect(askOne(socket, { id: 'secret' })).rejects.not.toThrow('secret');
    line.receiveJson(answer('secret'));
    await promise;
  });

  test('is free as soon as the answer has come, or the other one has failed', async () => {
    const { socket, line } = await openLine<Message>();
    const controller = new AbortController();
    const first = askOne(socket);
    line.receiveJson(answer(1, 'first'));
    const second = askOne(socket, { signal: controller.signal });
    controller.abort();
    const third = askOne(socket, { timeout: 50 });
    vi.advanceTimersByTime(50);
    const fourth = askOne(socket);
    line.receiveJson(answer(1, 'fourth'));
    expect(await first).toEqual(answer(1, 'first'));
    await expect(second).rejects.toEqual(socketError('aborted'));
    await expect(third).rejects.toEqual(socketError('timeout'));
    expect(await fourth).toEqual(answer(1, 'fourth'));
  });

  test('is another one where another function reads it', async () => {
    const { socket, line } = await openLine<Message>();
    const promises = [askOne(socket), askOne(socket, { idOf: () => 1 })];
    line.receiveJson(answer(1));
    expect(await Promise.all(promises)).toEqual([answer(1), answer(1)]);
  });
});

describe('what `idOf` throws', () => {
  const broken = new Error('broken');
  /** Cannot read `null`, which JSON may be. */
  const fragile = (message: Message | null): unknown => {
    if (!message) throw broken;
    return idOf(message);
  };

  test('ends nothing, and is thrown at nobody', async () => {
    const { world, socket, line } = await openLine<Message>();
    const promise = askOne(socket, { idOf: fragile });
    line.receiveJson(null);
    expect(await stateOf(promise)).toBe('pending');
    line.receiveJson(answer(1));
    expect(await promise).toEqual(answer(1));
    expect(world.reported).toEqual([]);
  });

  test('is not taken for the id before it', async () => {
    const { socket, line } = await openLine<Message>();
    const promise = askOne(socket, { idOf: fragile });
    const other = askOne(socket, { id: 2, idOf: fragile });
    line.receiveJson(answer(2));
    const again = askOne(socket, { id: 2, idOf: fragile });
    line.receiveJson(null);
    expect(await stateOf(again)).toBe('pending');
    line.receiveJson(answer(1));
    line.receiveJson(answer(2));
    await Promise.all([promise, other, again]);
  });

  test('is the cause, where the answer does not come in time', async () => {
    const { socket, line } = await openLine<Message>();
    const promise = askOne(socket, { idOf: fragile });
    line.receiveJson(null);
    vi.advanceTimersByTime(10_000);
    await expect(promise).rejects.toEqual(socketError('timeout'));
    await expect(promise).rejects.toHaveProperty('cause', broken);
  });

  test('is the cause, where the connection is lost before the answer', async () => {
    const { socket, line } = await openLine<Message>();
    const promise = askOne(socket, { idOf: fragile });
    line.receiveJson(null);
    line.flow();
    line.die();
    await expect(promise).rejects.toEqual(socketError('closed'));
    await expect(promise).rejects.toHaveProperty('cause', broken);
  });

  test('is no cause of what was asked afterwards, or was never sent', async () => {
    const { clock, socket, line } = await openLine<Message>({ queue: { highWaterMark: 60 } });
    const before = askOne(socket, { idOf: fragile });
    line.receiveJson(null);
    const after = askOne(socket, { id: 2, idOf: fragile });
    const unsent = Array.from({ length: 3 }, (_, id) =>
      askOne(socket, { id: 3 + id, idOf: fragile }),
    ).at(-1);
    expect(socket.queued.messages).toBeGreaterThan(0);
    vi.advanceTimersByTime(10_000);
    clock.advance(0);
    await expect(before).rejects.toHaveProperty('cause', broken);
    await expect(after).rejects.not.toHaveProperty('cause');
    await expect(unsent).rejects.not.toHaveProperty('cause');
  });
});

// What any request fails with is in the tests of `request`.
describe('request by id fails with', () => {
  test('aborted, and sends nothing, when the signal was aborted before', async () => {
    const { socket, line } = await openLine<Message>();
    const events = listening(socket);
    const promise = askOne(socket, { signal: AbortSignal.abort() });
    await expect(promise).rejects.toEqual(socketError('aborted'));
    expect(line.sent).toEqual([]);
    expect(events).toEqual([]);
  });

  test('queue-full, when its message finds no room', async () => {
    const { socket } = idleSocket<Message>({ queue: { maxMessages: 1, overflow: 'throw' } });
    socket.send(ask());
    const events = listening(socket);
    await expect(askOne(socket)).rejects.toEqual(socketError('queue-full'));
    expect(events).toEqual([]);
  });

  test('encode, when its message cannot be encoded, and the id is free', async () => {
    const { socket, line } = await openLine();
    const read = (message: unknown): unknown => message;
    const promise = request(socket, 1n, { id: 1, idOf: read });
    await expect(promise).rejects.toEqual(socketError('encode'));
    const next = request(socket, 'readable', { id: 1, idOf: read });
    line.receiveJson(1);
    expect(await next).toBe(1);
  });

  test.each<[said: string, value: string, options: object]>([
    ['options.idOf', 'undefined', { id: 1 }],
    ['options.idOf', 'undefined', { id: 0 }],
    ['options.idOf', 'number 5', { id: 1, idOf: 5 }],
    ['options.id', 'undefined', { idOf }],
    ['options.id', 'object', { id: {}, idOf }],
    ['options.id', 'null', { id: null, idOf }],
    ['options.id', 'symbol', { id: Symbol('id'), idOf }],
    ['options.match', 'undefined', { timeout: 5 }],
    ['options.match', 'options.id', { match: Boolean, id: 1, idOf }],
    ['options.match', 'options.id', { match: Boolean, id: 1 }],
    ['options.match', 'options.idOf', { match: Boolean, idOf }],
    ['options.timeout', '0', { id: 1, idOf, timeout: 0 }],
    ['options.signal', 'object', { id: 1, idOf, signal: {} }],
    ['unknown options.ids', '', { id: 1, idOf, ids: 1 }],
  ])('options, for a bad %s (%s), and sends nothing', async (said, value, options) => {
    const { socket, line } = await openLine<Message>();
    const events = listening(socket);
    const promise = request(socket, ask(), options as RequestOptions<Message>);
    await expect(promise).rejects.toEqual(socketError('options', said, value));
    expect(line.sent).toEqual([]);
    expect(events).toEqual([]);
  });
});

describe('however many wait,', () => {
  test('each message is looked at once, by one listener', async () => {
    const { socket, line } = await openLine<Message>();
    const events = listening(socket);
    const count = countCalls(socket);
    const read = vi.fn(idOf);
    const all = askMany(socket, { idOf: read });
    expect(events).toEqual(['message', 'close']);
    for (let id = MANY; id-- > 0;) line.receiveJson(answer(id));
    expect(codesOf(await all)).toEqual(['answered']);
    expect(read).toHaveBeenCalledTimes(MANY);
    expect(count.calls).toBe(MANY);
    expect(events).toEqual([]);
  });

  test('so it is where they all were asked within a listener: each of them hears one message more', async () => {
    const { socket, line } = await openLine<Message>();
    const read = vi.fn(idOf);
    let all: ReturnType<typeof askMany> | undefined;
    socket.on('message:news', () => void (all = askMany(socket, { idOf: read })));
    line.receiveJson({ type: 'news' });
    const events = listening(socket);
    read.mockClear();
    for (let id = 0; id < MANY; id++) line.receiveJson(answer(id));
    expect(codesOf((await all) ?? [])).toEqual(['answered']);
    expect(read).toHaveBeenCalledTimes(MANY);
    expect(events).toEqual([]);
  });

  test('a lost connection is heard of once', async () => {
    const { socket, line } = await openLine<Message>();
    const events = listening(socket);
    const count = countCalls(socket);
    const all = askMany(socket);
    line.flow();
    // Now it is known of the others that they have left the machine.
    socket.send({ type: 'news' });
    line.die();
    expect(codesOf(await all)).toEqual(['closed']);
    expect(count.calls).toBe(1);
    expect(events).toEqual([]);
  });

  test('they time out without a listener being called', async () => {
    // The timers that stand in for the true ones take ever longer, the more there are.
    const timeouts: (() => void)[] = [];
    vi.spyOn(systemClock, 'after').mockImplementation((_, call) => timeouts.push(call));
    vi.spyOn(systemClock, 'cancel').mockReturnValue();
    const { socket } = await openLine<Message>();
    const events = listening(socket);
    const count = countCalls(socket);
    const all = askMany(socket);
    for (const timeOut of timeouts) timeOut();
    vi.restoreAllMocks();
    expect(codesOf(await all)).toEqual(['timeout']);
    expect(count.calls).toBe(0);
    expect(events).toEqual([]);
  });

  test('they are aborted without a listener being called, and listen to their signal as one', async () => {
    const { socket } = await openLine<Message>();
    const events = listening(socket);
    const count = countCalls(socket);
    const { signal, abort } = controlled();
    const all = askMany(socket, { signal });
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    abort();
    expect(codesOf(await all)).toEqual(['aborted']);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(count.calls).toBe(0);
    expect(events).toEqual([]);
  });
});

describe('listeners', () => {
  test('stay until the last request is over, and come back with the next', async () => {
    const { socket, line } = await openLine<Message>();
    const events = listening(socket);
    const promises = [askOne(socket), askOne(socket, { id: 2 })];
    expect(events).toEqual(['message', 'close']);
    line.receiveJson(answer(1));
    expect(events).toEqual(['message', 'close']);
    line.receiveJson(answer(2));
    expect(events).toEqual([]);
    promises.push(askOne(socket));
    expect(events).toEqual(['message', 'close']);
    line.receiveJson(answer(1));
    expect(events).toEqual([]);
    await Promise.all(promises);
  });

  test('are two for each function that reads ids', async () => {
    const { socket, line } = await openLine<Message>();
    const events = listening(socket);
    const promises = [askOne(socket), askOne(socket, { idOf: () => 1 })];
    expect(events).toEqual(['message', 'close', 'message', 'close']);
    line.receiveJson(answer(1));
    expect(events).toEqual([]);
    await Promise.all(promises);
  });

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

  test.each(ends)(
    'are gone when the request %s, also one made within a listener',
    async (_, end) => {
      const { world, socket, line } = await openLine<Message>();
      const { signal, abort } = controlled();
      const read = vi.fn(idOf);
      const asked: Promise<Message>[] = [];
      const stop = socket.on('message', () => asked.push(askOne(socket, { idOf: read, signal })));
      const events = listening(socket);
      line.receiveJson({ type: 'news' });
      stop();
      expect(events).toEqual(['message', 'close', 'message']);
      end({ world, socket, line, abort });
      expect(await stateOf(asked[0] as Promise<Message>)).not.toBe('pending');
      expect(events).toEqual([]);
      expect(getEventListeners(signal, 'abort')).toEqual([]);

      const looks = read.mock.calls.length;
      socket.reconnect();
      await turn();
      const next = await reopen(world);
      next.receiveJson(answer(1));
      expect(read).toHaveBeenCalledTimes(looks);
    },
  );
});

function controlled(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
