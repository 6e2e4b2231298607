import { describe, expect, test } from 'vitest';
import { settle } from '../../../src/websocket/options.js';
import { dropIn } from '../../support/drop-in.js';

const settled = (options: object) => settle(options);

describe('the names of the predecessors', () => {
  test('mean what they say', () => {
    const { reconnect, connectTimeout, queue } = settled({
      minReconnectionDelay: 1_000,
      maxReconnectionDelay: 20_000,
      reconnectionDelayGrowFactor: 2,
      minUptime: 3_000,
      maxRetries: 7,
      connectionTimeout: 4_000,
      maxEnqueuedMessages: 50,
      debug: true,
      debugLogger: () => undefined,
    });
    expect(reconnect).toMatchObject({
      baseDelay: 1_000,
      maxDelay: 20_000,
      factor: 2,
      minUptime: 3_000,
      maxAttempts: 7,
    });
    expect(connectTimeout).toBe(4_000);
    expect(queue).toMatchObject({ maxMessages: 50, maxBytes: Infinity, overflow: 'drop-newest' });
  });

  test('take what was usual there', () => {
    expect(settled({ minReconnectionDelay: 0 }).reconnect.baseDelay).toBe(1);
    expect(settled({ maxRetries: Infinity, maxEnqueuedMessages: Infinity })).toMatchObject({
      reconnect: { maxAttempts: Infinity },
      queue: { maxMessages: Infinity },
    });
    expect(settled({ maxEnqueuedMessages: 0 }).queue.maxMessages).toBe(0);
  });

  test('give way to ours', () => {
    const options = { maxReconnectionDelay: 1, reconnect: { maxDelay: 9_000, factor: 3 } };
    expect(settled(options).reconnect).toMatchObject({ maxDelay: 9_000, factor: 3 });
  });
});

test('undefined is the default of this class, in sections as well', () => {
  const { queue, reconnect } = settled({
    minReconnectionDelay: 7,
    maxEnqueuedMessages: 5,
    queue: { highWaterMark: undefined, maxBytes: undefined },
    reconnect: { baseDelay: undefined },
  });
  expect(queue).toMatchObject({ maxMessages: 5, highWaterMark: Infinity, maxBytes: Infinity });
  expect(reconnect.baseDelay).toBe(7);
});

test('what is switched off may be said of the native mode', () => {
  const options = { reconnect: false, startClosed: false, queue: false, maxRetries: 5 };
  expect(settled(options)).toMatchObject({ reconnects: false, reconnect: { maxAttempts: 0 } });
});

describe('what makes no sense', () => {
  test.each([
    [{ nonsense: 1 }, 'unknown options.nonsense'],
    [{ reconnectInterval: 1 }, 'unknown options.reconnectInterval: it is reconnect.baseDelay here'],
    [{ maxAttempts: 1 }, 'unknown options.maxAttempts: it is reconnect.maxAttempts here'],
    [{ protocols: [] }, 'unknown options.protocols: it is the second argument here'],
    [{ toString: 1 }, 'unknown options.toString'],
    [{ connectTimeout: 0 }, 'invalid options.connectTimeout: number 0'],
    [{ minReconnectionDelay: -1 }, 'invalid options.minReconnectionDelay: number -1'],
    [{ reconnect: 5 }, 'invalid options.reconnect: number 5'],
    [{ reconnect: true }, 'invalid options.reconnect: boolean true'],
    [{ reconnect: { nonsense: 1 } }, 'unknown options.reconnect.nonsense'],
    [{ queue: { overflow: 'nonsense' } }, 'invalid options.queue.overflow: string nonsense'],
    [{ queue: null }, 'invalid options.queue: object null'],
    [{ heartbeat: {} }, 'invalid options.heartbeat.message: undefined'],
    [{ heartbeat: true }, 'invalid options.heartbeat: boolean true'],
    [{ startClosed: 1 }, 'invalid options.startClosed: number 1'],
    [{ WebSocket: {} }, 'invalid options.WebSocket: object'],
    [{ reconnect: false, queue: {} }, 'options.queue does not go with reconnect: false'],
    [{ reconnect: false, startClosed: true }, 'options.startClosed does not go with'],
    [{ reconnect: false, maxEnqueuedMessages: 1 }, 'options.maxEnqueuedMessages does not go with'],
  ])('%o: %s', (options, message) => {
    expect(() => settled(options)).toThrow(message);
  });

  test.each([['text'], [null], [5]])('options that are none: %o', (options) => {
    expect(() => settle(options as never)).toThrow('invalid options');
  });

  test.each([
    ['http:// nonsense', 'SyntaxError'],
    ['ftp://example.com/', 'SyntaxError'],
    ['wss://example.com/#part', 'SyntaxError'],
    ['/relative', 'SyntaxError'],
  ])('%s is a SyntaxError before anything has happened', (url, name) => {
    expect(() => dropIn({}, { url })).toThrow(expect.objectContaining({ name }));
  });

  test('no secret of a URL or a subprotocol is in an error', () => {
    const secret = /secret/;
    const thrown = (make: () => unknown): string => {
      try {
        make();
      } catch (error) {
        return String(error);
      }
      throw new Error('nothing was thrown');
    };
    expect(thrown(() => dropIn({}, { url: 'wss://h/?secret#x' }))).not.toMatch(secret);
    expect(thrown(() => dropIn({}, { protocols: 'secret(1)' }))).not.toMatch(secret);
  });
});

test('what is sent on an open line is the platform’s, however much there is', () => {
  expect(settled({}).queue).toMatchObject({ maxMessages: 1_000, highWaterMark: Infinity });
  expect(settled({ queue: { maxMessages: 5 } }).queue).toMatchObject({
    maxMessages: 5,
    highWaterMark: Infinity,
  });
});
