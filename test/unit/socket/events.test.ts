import { describe, expect, test, vi } from 'vitest';
import { binary } from '../../../src/codecs/binary.js';
import type { SocketError } from '../../../src/base/errors.js';
import { codecOfBroken } from '../../support/broken-message.js';
import { socketError } from '../../support/outbox-errors.js';
import { idleSocket, openLine, openUp, parsed, reopen } from '../../support/outbox-line.js';
import { record, turn } from '../../support/world.js';

type Message = { type: 'chat'; text: string } | { type: 'price'; price: number };

describe('message', () => {
  test('is every decoded message, in order', async () => {
    const { socket, line } = await openLine();
    const heard: unknown[] = [];
    socket.on('message', (message) => heard.push(message));
    const messages = [{ type: 'chat' }, { no: 'type' }, [1], 'text', 5, null, true];
    for (const message of messages) line.receiveJson(message);
    expect(heard).toEqual(messages);
  });

  test('is one and the same object for everybody', async () => {
    const { socket, line } = await openLine<Message>();
    const heard: unknown[] = [];
    socket.on('message', (message) => heard.push(message));
    socket.on('message:chat', (message) => heard.push(message));
    line.receiveJson({ type: 'chat', text: 'hi' });
    expect(heard).toHaveLength(2);
    expect(heard[0]).toBe(heard[1]);
  });
});

describe('message:<type>', () => {
  test('is only what has that type', async () => {
    const { socket, line } = await openLine<Message>();
    const chats: string[] = [];
    const prices: number[] = [];
    socket.on('message:chat', ({ text }) => chats.push(text));
    socket.on('message:price', ({ price }) => prices.push(price));
    line.receiveJson({ type: 'chat', text: 'hi' });
    line.receiveJson({ type: 'price', price: 5 });
    line.receiveJson({ type: 'other' });
    line.receiveJson({ type: 'chat', text: 'there' });
    expect(chats).toEqual(['hi', 'there']);
    expect(prices).toEqual([5]);
  });

  test('passes over what has no type, or none that is text', async () => {
    const { world, socket, line } = await openLine();
    const heard: unknown[] = [];
    for (const type of ['undefined', 'null', '5', 'length', 'toString', '']) {
      socket.on(`message:${type}`, (message) => heard.push(message));
    }
    const odd = [null, 5, 'text', [], {}, { type: null }, { type: 5 }, { type: ['5'] }];
    for (const message of odd) line.receiveJson(message);
    expect(heard).toEqual([]);
    expect(world.reported).toEqual([]);
    line.receiveJson({ type: '' });
    line.receiveJson({ type: 'toString' });
    expect(heard).toEqual([{ type: '' }, { type: 'toString' }]);
  });

  test('is reported, like a listener that throws, where the type cannot be read', async () => {
    const broken = new Error('no type');
    const codec = codecOfBroken(broken);
    const { world, socket, line } = await openLine({ codec });
    const heard: string[] = [];
    socket.on('message', () => heard.push('any'));
    socket.on('message:a', () => heard.push('a'));
    for (const data of ['broken', 'a']) expect(() => line.receive(data)).not.toThrow();
    expect(heard).toEqual(['any', 'any', 'a']);
    expect(world.reported).toEqual([broken]);
    expect(socket.status).toBe('open');
  });

  test('may have colons in the type', async () => {
    const { socket, line } = await openLine();
    const heard: unknown[] = [];
    socket.on('message:room:1', (message) => heard.push(message));
    line.receiveJson({ type: 'room' });
    line.receiveJson({ type: 'room:1' });
    expect(heard).toEqual([{ type: 'room:1' }]);
  });

  test('works over a reconnect', async () => {
    const { world, socket, line } = await openLine<Message>();
    const heard: unknown[] = [];
    socket.on('message:price', ({ price }) => heard.push(price));
    line.receiveJson({ type: 'price', price: 1 });
    line.die();
    (await reopen(world)).receiveJson({ type: 'price', price: 2 });
    expect(heard).toEqual([1, 2]);
  });
});

test('what a replaced connection still has to say reaches nobody', async () => {
  const { world, socket, line } = await openLine();
  const events = record(socket);
  const heard = vi.fn();
  socket.on('message', heard);
  const { onopen, onmessage, onclose } = line;
  socket.reconnect();
  const next = await reopen(world);
  events.length = 0;
  onmessage?.({ data: '"late"' });
  onmessage?.({ data: '{' });
  onclose?.({ code: 1006, reason: '', wasClean: false });
  onopen?.({});
  await turn();
  expect(heard).not.toHaveBeenCalled();
  expect(events).toEqual([]);
  expect(socket.status).toBe('open');
  next.receiveJson('now');
  expect(heard.mock.calls).toEqual([['now']]);
});

test('drop brings the message itself, as it was given, and the reason', () => {
  const { socket } = idleSocket<unknown, object>({ queue: false });
  const drops: { message: object; reason: string }[] = [];
  socket.on('drop', (drop) => drops.push(drop));
  const message = { text: 'hi' };
  socket.send(message);
  expect(drops).toEqual([{ message, reason: 'overflow' }]);
  expect(drops[0]?.message).toBe(message);
});

test('latency is the last round trip, told and kept', async () => {
  const { clock, socket, line } = await openLine({ heartbeat: { interval: 1_000 } });
  const told: number[] = [];
  socket.on('latency', (latency) => told.push(latency));
  expect(socket.latency).toBeUndefined();
  clock.advance(1_000);
  expect(line.messages).toEqual([{ type: 'ping' }]);
  clock.advance(42);
  line.receiveJson({ type: 'pong' });
  expect(socket.latency).toBe(42);
  clock.advance(2_000);
  clock.advance(7);
  expect(line.messages).toHaveLength(2);
  line.receiveJson({ type: 'pong' });
  expect(told).toHaveLength(2);
  expect(socket.latency).toBe(told[1]);
  expect(told[0]).toBe(42);
});

describe('whoever hears of something hears of it in the order in which it happened', () => {
  test('although a listener of `open` closes the socket', async () => {
    const { world, socket } = idleSocket();
    socket.on('open', () => void socket.close());
    const events = record(socket);
    const line = await openUp(world, socket);
    line.die(1000);
    expect(told(events)).toEqual([
      'status connecting',
      'status open',
      'open',
      'status closing',
      'close',
      'status closed',
    ]);
  });

  test('although a listener of `close` connects anew', async () => {
    const { clock, socket, line } = await openLine();
    socket.on('close', () => socket.connect(), { once: true });
    const events = record(socket);
    clock.advance(1_000);
    line.die();
    expect(told(events)).toEqual(['close', 'status waiting', 'retry', 'status connecting']);
    expect(socket.status).toBe('connecting');
  });

  test('although a listener of `status` closes the socket', async () => {
    const { socket, line } = await openLine();
    socket.on('status', ({ status }) => void (status === 'waiting' && socket.close()));
    const events = record(socket);
    line.die();
    expect(told(events)).toEqual(['close', 'status waiting', 'retry', 'status closed']);
  });

  test('and hears of drops with the close that caused them', async () => {
    const { socket, line } = await openLine({ queue: { highWaterMark: 1 } });
    socket.send('in the browser');
    socket.send('waits');
    const events = record(socket);
    void socket.close();
    line.die(1000);
    expect(told(events)).toEqual(['status closing', 'close', 'drop', 'status closed']);
  });

  test('and finds the socket in the state that it is told of, or a later one', async () => {
    const { world, socket } = idleSocket();
    const seen: string[] = [];
    socket.on('open', () => seen.push(socket.status));
    socket.on('close', () => seen.push(socket.status));
    const line = await openUp(world, socket);
    line.die();
    expect(seen).toEqual(['open', 'waiting']);
  });
});

function told(events: ReturnType<typeof record>): string[] {
  return events.map(([name, payload]) =>
    name === 'status' ? `status ${(payload as { status: string }).status}` : name,
  );
}

describe('an inbound frame that cannot be decoded', () => {
  const frames: [name: string, frame: unknown][] = [
    ['broken JSON', '{"type":"chat"'],
    ['no JSON at all', 'hello'],
    ['nothing', ''],
    ['two values', '{}{}'],
    ['a lone surrogate', '\ud83d'],
    ['deep nesting without an end', '['.repeat(10_000)],
    ['huge and broken', `"${'x'.repeat(1_000_000)}`],
    ['binary', new Uint8Array([1, 2]).buffer],
    ['empty binary', new ArrayBuffer(0)],
  ];

  test.each(frames)('(%s) is one error event with the frame on it', async (_, frame) => {
    const { world, socket, line } = await openLine();
    const errors: SocketError[] = [];
    const heard: unknown[] = [];
    socket.on('error', (error) => errors.push(error));
    socket.on('message', (message) => heard.push(message));
    line.receive(frame);
    line.receiveJson('next');
    expect(errors).toEqual([socketError('decode')]);
    expect(errors[0]?.data).toBe(frame);
    expect(errors[0]?.cause).toBeInstanceOf(Error);
    expect(heard).toEqual(['next']);
    expect(socket.status).toBe('open');
    expect(line.closeCalls).toEqual([]);
    expect(world.reported).toEqual([]);
  });

  test('is an error event for text, too, where binary is expected', async () => {
    const { socket, line } = await openLine({ codec: binary() });
    const errors: SocketError[] = [];
    socket.on('error', (error) => errors.push(error));
    line.receive('text');
    expect(errors).toEqual([socketError('decode')]);
    expect(errors[0]?.data).toBe('text');
  });

  test('costs nothing but an error event, ten thousand times over', async () => {
    const { world, socket, line } = await openLine();
    const data: unknown[] = [];
    const heard: unknown[] = [];
    socket.on('error', (error) => data.push(error.code === 'decode' && error.data));
    socket.on('message', (message) => heard.push(message));
    const given = Array.from({ length: 10_000 }, (_, index) => {
      const [, frame] = frames[index % frames.length] as [string, unknown];
      return typeof frame === 'string' && frame.length < 100 ? `${frame}\u0000${index}` : frame;
    });
    given.forEach((frame, index) => {
      line.receive(frame);
      if (index % 1_000 === 0) line.receiveJson(index);
    });
    expect(data).toHaveLength(10_000);
    expect(data.findIndex((frame, index) => frame !== given[index])).toBe(-1);
    expect(heard).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((index) => index * 1_000));
    expect(socket.status).toBe('open');
    expect(socket.send('alive')).toBe('sent');
    expect(line.sent.map(parsed)).toEqual(['alive']);
    expect(world.reported).toEqual([]);
    expect(world.natives).toHaveLength(1);
  });

  test('leaves the line open although nobody listens', async () => {
    const { world, socket, line } = await openLine();
    for (const [, frame] of frames) line.receive(frame);
    expect(socket.status).toBe('open');
    expect(world.reported).toEqual([]);
  });

  test('leaves the line open although the listener of `error` throws', async () => {
    const { world, socket, line } = await openLine();
    const broken = new Error('broken');
    socket.on('error', () => {
      throw broken;
    });
    line.receive('{');
    expect(world.reported).toEqual([broken]);
    expect(socket.status).toBe('open');
  });

  test('whatever the codec throws', async () => {
    const { socket, line } = await openLine<unknown, string>({
      codec: {
        encode: String,
        decode() {
          // eslint-disable-next-line @typescript-eslint/only-throw-error -- a codec may do that
          throw undefined;
        },
      },
    });
    const errors: unknown[] = [];
    socket.on('error', (error) => errors.push(error));
    line.receive('a');
    expect(errors).toEqual([socketError('decode')]);
  });
});
