import { describe, expect, test, vi } from 'vitest';
import { SocketError } from '../../../src/base/errors.js';
import type { SocketEvents } from '../../../src/socket/events.js';
import { socketError } from '../../support/outbox-errors.js';
import { idleSocket, openLine, parsed } from '../../support/outbox-line.js';
import { turn } from '../../support/world.js';

describe('SocketError', () => {
  test('is an Error with a code and a name', () => {
    const error = new SocketError('queue-full', 'no room');
    expect(error).toBeInstanceOf(Error);
    expect(error).toBeInstanceOf(SocketError);
    expect(error).toMatchObject({ name: 'SocketError', code: 'queue-full', message: 'no room' });
    expect(String(error)).toBe('SocketError: no room');
    expect(error.stack).toContain('errors.test');
  });

  test('keeps its cause, whatever that is', () => {
    for (const cause of [new Error('below'), 'text', 0, undefined]) {
      const error = new SocketError('closed', '', { cause });
      expect(error.cause).toBe(cause);
      expect(Object.hasOwn(error, 'cause')).toBe(true);
    }
    expect(Object.hasOwn(new SocketError('closed', ''), 'cause')).toBe(false);
  });

  test('keeps the data that could not be decoded', () => {
    expect(new SocketError('decode', '', { data: '{' }).data).toBe('{');
    expect(new SocketError('decode', '').data).toBeUndefined();
  });
});

describe('the error event', () => {
  test('is silent when nobody listens', async () => {
    const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) =>
      vi.spyOn(console, name),
    );
    const { world, socket, line } = await openLine();
    line.receive('{');
    expect(socket.status).toBe('open');
    expect(world.reported).toEqual([]);
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  test('reaches whoever listens', async () => {
    const { socket, line } = await openLine();
    const heard: unknown[] = [];
    socket.on('error', (error) => heard.push(error));
    line.receive('{');
    expect(heard).toEqual([socketError('decode')]);
  });

  test('does not come for misuse, which throws', async () => {
    const { socket, line } = await openLine();
    const heard: unknown[] = [];
    socket.on('error', (error) => heard.push(error));
    expect(() => socket.send('a', { ttl: -1 })).toThrow(socketError('options'));
    expect(() => socket.on('nonsense' as 'open', () => undefined)).toThrow(socketError('options'));
    expect(() => socket.send(1n)).toThrow(socketError('encode'));
    expect(heard).toEqual([]);
    socket.send('fine');
    expect(line.sent.map(parsed)).toEqual(['fine']);
  });
});

test.each(['', 'Open', 'messages', 'opened', 'constructor', '__proto__', 'hasOwnProperty'])(
  'there is no event %j, and on() says so',
  (event) => {
    const { socket } = idleSocket();
    const listen = (): unknown =>
      socket.on(event as keyof SocketEvents<unknown, unknown>, () => undefined);
    expect(listen).toThrow(socketError('options', `string ${event}`));
  },
);

test.each([undefined, null, 5, {}])('on() refuses an event that is %s', (event) => {
  const { socket } = idleSocket();
  const listen = (): unknown => socket.on(event as never, () => undefined);
  expect(listen).toThrow(socketError('options', 'event'));
});

test.each([undefined, null, 'listener', {}])('on() refuses a listener that is %s', (listener) => {
  const { socket } = idleSocket();
  expect(() => socket.on('open', listener as never)).toThrow(socketError('options'));
  expect(() => socket.on('message', listener as never)).toThrow(socketError('options'));
});

test.each<[option: string, value: string, options: object]>([
  ['signal', 'object', { signal: {} }],
  ['signal', '5', { signal: 5 }],
  ['once', 'string yes', { once: 'yes' }],
  ['passive', '', { passive: true }],
])('on() with a bad %s (%s) throws, and adds no listener', async (option, value, options) => {
  const { socket, line } = await openLine();
  const listener = vi.fn();
  const listen = (): unknown => socket.on('message', listener, options);
  expect(listen).toThrow(socketError('options', option, value));
  line.receiveJson('a');
  expect(listener).not.toHaveBeenCalled();
});

test.each<[option: string, value: string, options: object]>([
  ['signal', 'object', { signal: {} }],
  ['timeout', '', { timeout: 5 }],
])('drained() with a bad %s (%s) is refused', async (option, value, options) => {
  const { socket } = idleSocket();
  socket.send('a');
  const wait = async (): Promise<void> => socket.drained(options);
  await expect(Promise.race([wait(), turn()])).rejects.toEqual(
    socketError('options', option, value),
  );
});
