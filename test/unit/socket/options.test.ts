import { describe, expect, test } from 'vitest';
import { SocketError } from '../../../src/base/errors.js';
import { messages } from '../../../src/messaging/messages.js';
import { once } from '../../../src/messaging/once.js';
import { request } from '../../../src/messaging/request.js';
import type { SocketOptions } from '../../../src/socket/options.js';
import type { Socket } from '../../../src/socket/socket-interface.js';
import { rejected, shownOf, thrown } from '../../support/errors.js';
import { NOTHING, openSocket, turn, World } from '../../support/world.js';

/** The longest delay that a timer can have. */
const MOST = 2 ** 31 - 1;

const nothing = (): undefined => undefined;

/** What each option does not accept, and what it does, at the very edge where there is one. */
const OPTIONS: Record<string, { refused: unknown[]; accepted: unknown[] }> = {
  protocols: {
    refused: ['', 'a b', ['a', 'a'], 1, true, {}, null],
    accepted: ['chat', [], ['a', 'b'], () => 'chat'],
  },
  codec: {
    refused: [1, 'json', {}, null, nothing, { encode: nothing }, { decode: nothing }],
    accepted: [{ encode: nothing, decode: nothing }],
  },
  typeOf: { refused: ['event', true, {}, null], accepted: [nothing] },
  autoConnect: { refused: [0, 1, 'false', null, {}], accepted: [true, false, 'page'] },
  connectTimeout: {
    refused: [0, -1, NaN, '10', null, true, 5n, [10]],
    accepted: [1, 0.5 + 1, MOST, Infinity],
  },
  handshake: { refused: [true, {}, 'auth', null], accepted: [nothing] },
  reconnect: { refused: [true, 0, 'no', null, nothing], accepted: [false, {}] },
  heartbeat: { refused: [true, 0, 'no', null, nothing], accepted: [false, {}] },
  queue: { refused: [true, 0, 'no', null, nothing], accepted: [false, {}] },
  signal: { refused: [true, {}, null, 'abort'], accepted: [new AbortController().signal] },
  WebSocket: { refused: [{}, 'WebSocket', null, true], accepted: [] },
  'reconnect.baseDelay': {
    refused: [0, -1, NaN, '1', null],
    accepted: [1, MOST, Infinity],
  },
  'reconnect.factor': { refused: [0, 0.99, -1, NaN, '2', null], accepted: [1, 1.5, 10] },
  'reconnect.maxDelay': {
    refused: [0, -1, NaN, '1', null],
    accepted: [1, MOST, Infinity],
  },
  'reconnect.minUptime': {
    refused: [-1, NaN, '1', null],
    accepted: [0, MOST, Infinity],
  },
  'reconnect.spread': { refused: [-1, NaN, '1', null], accepted: [0, MOST, Infinity] },
  'reconnect.maxAttempts': { refused: [-1, NaN, '1', null, true], accepted: [0, 1, Infinity] },
  'reconnect.shouldReconnect': { refused: [true, false, {}, null], accepted: [nothing] },
  'reconnect.delay': { refused: [1_000, {}, null], accepted: [nothing] },
  'heartbeat.interval': {
    refused: [0, -1, NaN, '1', null],
    accepted: [1, MOST, Infinity],
  },
  'heartbeat.timeout': {
    refused: [0, -1, NaN, '1', null],
    accepted: [1, MOST, Infinity],
  },
  'heartbeat.message': { refused: ['ping', {}, null], accepted: [() => 'ping'] },
  'heartbeat.isReply': { refused: ['pong', {}, null, true], accepted: [nothing] },
  'heartbeat.expectReply': {
    refused: ['yes', 0, 1, null, nothing],
    accepted: ['auto', true, false],
  },
  'queue.maxMessages': { refused: [0, -1, NaN, '1', null], accepted: [1, Infinity] },
  'queue.maxBytes': { refused: [0, -1, NaN, '1', null], accepted: [1, Infinity] },
  'queue.overflow': {
    refused: ['drop', 'block', '', null, 1],
    accepted: ['drop-oldest', 'drop-newest', 'throw'],
  },
  'queue.highWaterMark': { refused: [0, -1, NaN, '1', null], accepted: [1, Infinity] },
};

/** Options with `value` at `path`. */
function at(path: string, value: unknown): SocketOptions<unknown, unknown> {
  const [section, name] = path.split('.') as [string, string | undefined];
  return name === undefined ? { [section]: value } : { [section]: { [name]: value } };
}

describe.each(Object.entries(OPTIONS))('%s', (path, { refused, accepted }) => {
  test.each(refused.map((value) => ({ value })))('$value is refused, by name', ({ value }) => {
    const world = new World();
    const { message } = thrown(() => world.create(undefined, at(path, value)), 'options');
    expect(message).toContain(path);
    // Subprotocols may carry a token.
    if (path !== 'protocols') expect(message).toContain(shown(path, value));
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('undefined means the default', async () => {
    const world = new World();
    const socket = world.create(undefined, at(path, undefined));
    await turn();
    world.native.open();
    expect(socket.status).toBe('open');
  });

  if (accepted.length > 0) {
    test.each(accepted.map((value) => ({ value })))('$value is accepted', ({ value }) => {
      const world = new World();
      world.create(undefined, { autoConnect: false, ...at(path, value) });
    });
  }
});

describe('a name that is not an option', () => {
  test.each([
    ['reconect', {}],
    ['url', 'wss://example.com/'],
    ['maxRetries', undefined],
    ['toString', 1],
    ['reconnect.minDelay', 1_000],
    ['reconnect.jitter', false],
    ['heartbeat.intervall', 1_000],
    ['queue.maxSize', 10],
    ['queue.constructor', 10],
  ])('%s is refused, by name', (path, value) => {
    const world = new World();
    const { message } = thrown(() => world.create(undefined, at(path, value)), 'options');
    expect(message).toContain(path);
    expect(world.leftovers).toEqual(NOTHING);
  });

  test('__proto__ from parsed JSON is refused as well', () => {
    const options = JSON.parse('{"__proto__":{"autoConnect":false}}') as object;
    thrown(() => new World().create(undefined, options), 'options');
  });
});

test.each([[null], [1], [true]])('%j is no options at all', (options) => {
  const { message } = thrown(() => new World().create(undefined, options as never), 'options');
  expect(message).toContain(`${typeof options} ${String(options)}`);
});

test('an empty object and no options at all are the same', async () => {
  const world = new World();
  const socket = world.create('wss://example.com/', {});
  await turn();
  world.native.open();
  expect(socket.status).toBe('open');
});

test('undefined means the default in every place', async () => {
  const { world, clock, socket, native } = await openSocket({
    protocols: undefined,
    codec: undefined,
    typeOf: undefined,
    autoConnect: undefined,
    connectTimeout: undefined,
    handshake: undefined,
    signal: undefined,
    WebSocket: undefined,
    reconnect: {
      baseDelay: undefined,
      factor: undefined,
      maxDelay: undefined,
      minUptime: undefined,
      spread: undefined,
      maxAttempts: undefined,
      shouldReconnect: undefined,
      delay: undefined,
    },
    heartbeat: {
      interval: undefined,
      timeout: undefined,
      message: undefined,
      isReply: undefined,
      expectReply: undefined,
    },
    queue: {
      maxMessages: undefined,
      maxBytes: undefined,
      overflow: undefined,
      highWaterMark: undefined,
    },
  });
  await world.advance(1_000);
  expect(native.sent).toEqual(['{"type":"ping"}']);
  native.receiveJson({ type: 'pong' });
  expect(socket.latency).toBe(0);
  native.die(1012);
  expect(clock.pending).toEqual([2_500]);
  for (const delay of [2_220, 3_552, 5_683, 9_093]) {
    await world.next();
    world.native.die(1006);
    expect(clock.pending).toEqual([delay]);
  }
  await world.next();
  expect(clock.pending).toEqual([10_000]);
});

test('changing the options afterwards changes nothing', async () => {
  const reconnect = { baseDelay: 1_000, maxAttempts: 5 };
  const heartbeat = { interval: 30_000 };
  const options = { connectTimeout: 10_000, reconnect, heartbeat };
  const { world, clock, native } = await openSocket(options);
  Object.assign(reconnect, { baseDelay: 1, maxAttempts: 0 });
  Object.assign(heartbeat, { interval: 1 });
  options.connectTimeout = 1;
  await world.advance(29_999);
  expect(native.sent).toEqual(['{"type":"ping"}']);
  native.die(1006);
  expect(clock.pending).toEqual([500]);
  await world.next();
  expect(clock.pending).toEqual([10_000]);
});

test('the options are not changed, frozen as they may be', () => {
  const options = Object.freeze({
    reconnect: Object.freeze({ baseDelay: 5 }),
    heartbeat: Object.freeze({}),
    queue: Object.freeze({}),
  });
  new World().create(undefined, options);
  expect(options).toEqual({ reconnect: { baseDelay: 5 }, heartbeat: {}, queue: {} });
});

test('a mistake is a SocketError, which is an Error', () => {
  const error = thrown(() => new World().create(undefined, { connectTimeout: 0 }), 'options');
  expect(error).toBeInstanceOf(SocketError);
  expect(error).toBeInstanceOf(Error);
  expect(error.name).toBe('SocketError');
  expect(error.message).toContain('connectTimeout');
});

/** The options that have a few known values. */
const ENUMERATIONS = ['autoConnect', 'heartbeat.expectReply', 'queue.overflow'];

/** What an error must show of `value`; objects and functions need not be spelled out. */
function shown(path: string, value: unknown): string {
  if (typeof value === 'string') return ENUMERATIONS.includes(path) ? `string ${value}` : 'string';
  const isShort = ['number', 'bigint', 'boolean'].includes(typeof value);
  return isShort ? String(value) : '';
}

test('the value of what is no option is not shown: it may be a token', () => {
  const options = { protocol: 'bearer.s3cret' } as never;
  const { message } = thrown(() => new World().create(undefined, options), 'options');
  expect(message).toBe('unknown options.protocol');
});

test.each([['bearer.s3cret'], [['chat.v1', 'bearer.s3cret']], [[]], ['']])(
  'subprotocols where the options should be (%j): the slip is named, and they are not shown',
  (protocols) => {
    const world = new World();
    const error = thrown(() => world.create(undefined, protocols as never), 'options');
    expect(error.message).toBe('the second argument is options; subprotocols go into `protocols`');
    expect(shownOf(error)).not.toContain('s3cret');
    expect(world.leftovers).toEqual(NOTHING);
  },
);

describe('no error shows a text that is an option, as it may be a token', () => {
  const secret = 's3cret';
  const listen = (): undefined => undefined;
  const calls: [name: string, call: (socket: Socket) => unknown][] = [
    ...Object.keys(OPTIONS)
      .filter((path) => !ENUMERATIONS.includes(path))
      .map((path): [string, () => unknown] => [
        path,
        // Were it taken as subprotocols, there would be no error.
        () => new World().create(undefined, at(path, `${secret} `)),
      ]),
    ['options of send', (socket) => socket.send('message', secret as never)],
    ['ttl', (socket) => socket.send('message', { ttl: secret as never })],
    ['onOutcome', (socket) => socket.send('message', { onOutcome: secret as never })],
    ['options of close', (socket) => socket.close(secret as never)],
    ['code', (socket) => socket.close({ code: secret as never })],
    ['reason', (socket) => socket.close({ reason: secret.repeat(100) })],
    ['the reason of reconnect', (socket) => socket.reconnect(secret.repeat(100))],
    ['options of on', (socket) => socket.on('message', listen, secret as never)],
    ['a listener', (socket) => socket.on('message', secret as never)],
    ['options of ready', (socket) => socket.ready(secret as never)],
    ['options of messages', (socket) => messages(socket, secret as never)],
    ['the limit of messages', (socket) => messages(socket, { limit: secret as never })],
    ['options of once', (socket) => once(socket, 'open', secret as never)],
    ['options of request', (socket) => request(socket, 'message', secret as never)],
    ['match', (socket) => request(socket, 'message', { match: secret as never })],
  ];

  test.each(calls)('%s', async (_, call) => {
    const socket = new World().create();
    const error = await rejected(
      // What throws at once is a rejection here, too.
      Promise.resolve().then(() => call(socket)),
      'options',
    );
    expect(shownOf(error)).not.toContain(secret);
  });
});

test('what somebody has put into every object is no option', async () => {
  Object.defineProperty(Object.prototype, 'polluted', {
    configurable: true,
    enumerable: true,
    value: 'by an old library',
    writable: true,
  });
  try {
    const { socket } = await openSocket({ reconnect: {}, queue: { maxMessages: 5 } });
    expect(socket.send('message', { ttl: 1_000 })).toBe('sent');
    socket.on('message', () => undefined, { once: true });
    await socket.ready({});
    expect(socket.status).toBe('open');
  } finally {
    Reflect.deleteProperty(Object.prototype, 'polluted');
  }
});
