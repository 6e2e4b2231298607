import { describe, expect, test, vi } from 'vitest';
import { messages } from '../../../src/messaging/messages.js';
import { once } from '../../../src/messaging/once.js';
import { openSocket } from '../../support/world.js';

type Message = { event: 'chat'; text: string } | { event: 'price'; value: number };

const typeOf = ({ event }: Message): unknown => event;

describe('typeOf', () => {
  test('says which listeners a message is for', async () => {
    const { socket, native } = await openSocket<Message>({ typeOf });
    const heard: unknown[] = [];
    socket.on('message:chat', ({ text }) => heard.push(text));
    socket.on('message:price', ({ value }) => heard.push(value));
    native.receiveJson({ event: 'chat', text: 'hi' });
    native.receiveJson({ event: 'price', value: 5 });
    native.receiveJson({ event: 'other' });
    expect(heard).toEqual(['hi', 5]);
  });

  test('says it instead of the field `type`', async () => {
    const { socket, native } = await openSocket<Message>({ typeOf });
    const heard = vi.fn();
    socket.on('message:chat', heard);
    native.receiveJson({ type: 'chat', event: 'price', value: 5 });
    expect(heard).not.toHaveBeenCalled();
  });

  test('says it to once() and messages(), too', async () => {
    const { socket, native } = await openSocket<Message>({ typeOf });
    const prices = messages(socket, { type: 'price' });
    const chat = once(socket, 'message:chat');
    native.receiveJson({ event: 'price', value: 5 });
    native.receiveJson({ event: 'chat', text: 'hi' });
    expect(await chat).toEqual({ event: 'chat', text: 'hi' });
    expect(await prices.next()).toEqual({ done: false, value: { event: 'price', value: 5 } });
  });

  test('is asked once a message, without a `this`, and not at all while nobody listens by type', async () => {
    const asked = vi.fn(typeOf);
    const { socket, native } = await openSocket<Message>({ typeOf: asked });
    const heard = vi.fn();
    socket.on('message', heard);
    native.receiveJson({ event: 'chat', text: 'hi' });
    expect(asked).not.toHaveBeenCalled();
    const stop = socket.on('message:chat', heard);
    socket.on('message:price', heard, { once: true });
    native.receiveJson({ event: 'price', value: 5 });
    expect(asked.mock.calls).toEqual([[{ event: 'price', value: 5 }]]);
    expect(asked.mock.contexts).toEqual([undefined]);
    stop();
    native.receiveJson({ event: 'chat', text: 'there' });
    expect(asked).toHaveBeenCalledTimes(1);
    expect(heard).toHaveBeenCalledTimes(4);
  });

  test.each([[undefined], [null], [5], [true], [['chat']], [{}], [Promise.resolve('chat')]])(
    'gives no type where it gives no text, but %o',
    async (given) => {
      const { world, socket, native } = await openSocket({ typeOf: () => given });
      const heard = vi.fn();
      for (const type of ['chat', '5', 'true', 'null', 'undefined']) {
        socket.on(`message:${type}`, heard);
      }
      native.receiveJson('any');
      expect(heard).not.toHaveBeenCalled();
      expect(world.reported).toEqual([]);
    },
  );

  test('may throw: that is reported, and the message goes to those who listen to all', async () => {
    const broken = new Error('no type');
    const { world, socket, native } = await openSocket<Message>({
      typeOf(message) {
        if (message.event === 'chat') throw broken;
        return message.event;
      },
    });
    const heard: string[] = [];
    socket.on('message', () => heard.push('any'));
    socket.on('message:chat', () => heard.push('chat'));
    socket.on('message:price', () => heard.push('price'));
    native.receiveJson({ event: 'chat', text: 'hi' });
    native.receiveJson({ event: 'price', value: 5 });
    expect(heard).toEqual(['any', 'any', 'price']);
    expect(world.reported).toEqual([broken]);
    expect(socket.status).toBe('open');
  });
});

test('typeOf does not change what the heartbeat takes for an answer', async () => {
  const { world, socket, native } = await openSocket<Message>({ typeOf });
  const heard = vi.fn();
  socket.on('message', heard);
  await world.advance(1_000);
  expect(native.sent).toEqual(['{"type":"ping"}']);
  native.receiveJson({ type: 'pong' });
  expect(socket.latency).toBe(0);
  expect(heard).not.toHaveBeenCalled();
});
