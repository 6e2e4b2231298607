import { describe, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import {
  binary,
  createSocket,
  type MessageOf,
  messages,
  type MessageType,
  once,
  type Socket,
  text,
  validated,
} from '../../src/index.js';

interface Chat {
  readonly event: 'chat';
  readonly text: string;
}
interface Price {
  readonly event: 'price';
  readonly symbol: string;
  readonly value: number;
}
type In = Chat | Price;

describe('the type of a message', () => {
  test('is found under whatever all messages have literals under', () => {
    expectTypeOf<MessageType<In>>().toEqualTypeOf<'chat' | 'price'>();
    expectTypeOf<MessageOf<In, 'price'>>().toEqualTypeOf<Price>();
    expectTypeOf<MessageOf<In, 'chat' | 'price'>>().toEqualTypeOf<In>();
    expectTypeOf<MessageType<Price>>().toEqualTypeOf<'price'>();
    expectTypeOf<MessageType<{ op: 'a' | 'b'; x: 1 } | { op: 'b'; y: 2 }>>().toEqualTypeOf<
      'a' | 'b'
    >();
    expectTypeOf<MessageOf<{ op: 'a' | 'b'; x: 1 } | { op: 'b'; y: 2 }, 'b'>>().toEqualTypeOf<
      { op: 'a' | 'b'; x: 1 } | { op: 'b'; y: 2 }
    >();
  });

  test('is `type` before all else, though only some messages have it', () => {
    type Some = { type: 'a'; event: 'x' } | { type: 'b'; event: 'y' } | { event: 'z' };
    expectTypeOf<MessageType<Some>>().toEqualTypeOf<'a' | 'b'>();
    expectTypeOf<MessageOf<Some, 'a'>>().toEqualTypeOf<{ type: 'a'; event: 'x' }>();
    expectTypeOf<MessageOf<Some, 'x'>>().toBeNever();
  });

  test('is not what all messages have in common', () => {
    type Call = { jsonrpc: '2.0'; method: 'a'; x: 1 } | { jsonrpc: '2.0'; method: 'b'; y: 2 };
    expectTypeOf<MessageType<Call>>().toEqualTypeOf<'a' | 'b'>();
    type Same = { op: 'a'; x: 1 } | { op: 'a'; y: 2 };
    expectTypeOf<MessageType<Same>>().toEqualTypeOf<'a'>();
    expectTypeOf<MessageOf<Same, 'a'>>().toEqualTypeOf<Same>();
  });

  test('is not what one kind of message has several of, if there is something better', () => {
    interface Order {
      event: 'order';
      side: 'buy' | 'sell';
    }
    interface Trade {
      event: 'trade';
      side: 'buy' | 'sell';
    }
    expectTypeOf<MessageType<Order>>().toEqualTypeOf<'order'>();
    expectTypeOf<MessageType<Order | Trade>>().toEqualTypeOf<'order' | 'trade'>();
    expectTypeOf<MessageOf<Order | Trade, 'order'>>().toEqualTypeOf<Order>();
  });

  test('may be under either of several keys, and a listener is told of all that it may get', () => {
    type Crossed = { event: 'a'; kind: 'b'; x: 1 } | { event: 'b'; kind: 'c'; y: 2 };
    expectTypeOf<MessageType<Crossed>>().toEqualTypeOf<'a' | 'b' | 'c'>();
    expectTypeOf<MessageOf<Crossed, 'a'>>().toEqualTypeOf<{ event: 'a'; kind: 'b'; x: 1 }>();
    expectTypeOf<MessageOf<Crossed, 'b'>>().toEqualTypeOf<Crossed>();
    // Also where another key is the likelier one.
    type Likelier = { op: 'a'; side: 'b' | 'c' } | { op: 'b'; side: 'd' };
    expectTypeOf<MessageType<Likelier>>().toEqualTypeOf<'a' | 'b'>();
    expectTypeOf<MessageOf<Likelier, 'b'>>().toEqualTypeOf<Likelier>();
  });

  test('is a literal text, and nobody knows of any other', () => {
    expectTypeOf<MessageType<{ op: 1 } | { op: 2 }>>().toBeNever();
    expectTypeOf<MessageType<{ op: 'a' } | { op: 2 }>>().toBeNever();
    expectTypeOf<MessageType<{ op: 'a' } | { op: string }>>().toBeNever();
    expectTypeOf<MessageType<{ op?: 'a' }>>().toBeNever();
    expectTypeOf<MessageType<{ op: 'a' } | { event: 'b' }>>().toBeNever();
    expectTypeOf<MessageType<{ op: 'a' } | string>>().toBeNever();
    expectTypeOf<MessageType<{ id: ReturnType<Crypto['randomUUID']> }>>().toBeNever();
    expectTypeOf<MessageType<string>>().toBeNever();
    expectTypeOf<MessageType<ArrayBuffer>>().toBeNever();
    expectTypeOf<MessageType<never>>().toBeNever();
    expectTypeOf<MessageType<unknown>>().toEqualTypeOf<string>();
  });
});

describe('typeOf', () => {
  test('is asked about the messages that arrive, wherever these are known from', () => {
    createSocket<In, never>('/line', {
      typeOf(message) {
        expectTypeOf(message).toEqualTypeOf<In>();
        return message.event;
      },
    });
    const codec = validated(z.object({ op: z.literal('tick'), at: z.number() }));
    const ticks = createSocket('/line', { codec, typeOf: ({ op }) => op });
    ticks.on('message:tick', ({ at }) => expectTypeOf(at).toEqualTypeOf<number>());
    const any = createSocket('/line', { typeOf: (message) => Array.isArray(message) && 'list' });
    expectTypeOf(any).toEqualTypeOf<Socket>();
    createSocket<In, never>('/line', { typeOf: undefined });
    createSocket<In, never>('/line', { typeOf: ({ event }: { event: string }) => event });
    // @ts-expect-error -- asks about something else
    createSocket<In, never>('/line', { typeOf: (message: string) => message });
    // @ts-expect-error -- the name of a field is no function
    createSocket<In, never>('/line', { typeOf: 'event' });
  });

  test('names what on(), once() and messages() take', async () => {
    const socket = createSocket<In, never>('/line', { typeOf: ({ event }) => event });
    socket.on('message:price', (message) => expectTypeOf(message).toEqualTypeOf<Price>());
    expectTypeOf(once(socket, 'message:chat')).toEqualTypeOf<Promise<Chat>>();
    for await (const { value } of messages(socket, { type: 'price' })) {
      expectTypeOf(value).toEqualTypeOf<number>();
    }
    // @ts-expect-error -- no such type
    socket.on('message:prices', () => undefined);
    // @ts-expect-error -- no such type
    void once(socket, 'message:prices');
    // @ts-expect-error -- no such type
    messages(socket, { type: 'prices' });
    // @ts-expect-error -- text has no type
    createSocket('/line', { codec: text() }).on('message:a', () => undefined);
    // @ts-expect-error -- nor have bytes
    createSocket('/line', { codec: binary() }).on('message:ArrayBuffer', () => undefined);
  });
});
