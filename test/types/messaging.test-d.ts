import { describe, expectTypeOf, test } from 'vitest';
import {
  type CloseInfo,
  createSocket,
  messages,
  once,
  request,
  type Snapshot,
  type Socket,
} from '../../src/index.js';

interface Chat {
  type: 'chat';
  text: string;
}
interface Price {
  type: 'price';
  price: number;
}
type In = Chat | Price;
interface Out {
  readonly say: string;
}

declare const socket: Socket<In, Out>;

describe('request', () => {
  test('gives a message', () => {
    const answer = request(socket, { say: 'hi' }, { match: (message) => message.type === 'chat' });
    expectTypeOf(answer).toExtend<Promise<In>>();
    expectTypeOf(
      request(socket, { say: 'hi' }, { match: (message: In): boolean => message.type === 'chat' }),
    ).toEqualTypeOf<Promise<In>>();
  });

  test('gives what a type guard says that it is', () => {
    const isPrice = (message: In): message is Price => message.type === 'price';
    expectTypeOf(request(socket, { say: 'hi' }, { match: isPrice })).toEqualTypeOf<
      Promise<Price>
    >();
    expectTypeOf(
      request(socket, { say: 'hi' }, { match: (message) => message.type === 'price' }),
    ).resolves.toHaveProperty('type');
  });

  test('tells match what it is asked about', () => {
    void request(
      socket,
      { say: 'hi' },
      {
        match: (message) => {
          expectTypeOf(message).toEqualTypeOf<In>();
          return true;
        },
      },
    );
  });

  test('takes undefined for what may be left out', () => {
    const match = (): boolean => true;
    void request(socket, { say: 'hi' }, { match, timeout: undefined, signal: undefined });
  });

  test('refuses another message, a missing match, options that there are not', () => {
    const match = (): boolean => true;
    // @ts-expect-error -- of another type
    void request(socket, 'hi', { match });
    // @ts-expect-error -- nothing tells the answer
    void request(socket, { say: 'hi' }, {});
    // @ts-expect-error -- no options
    void request(socket, { say: 'hi' });
    // @ts-expect-error -- an unknown option
    void request(socket, { say: 'hi' }, { match, retries: 5 });
    // @ts-expect-error -- asks about something else
    void request(socket, { say: 'hi' }, { match: (message: string) => message === '' });
  });
});

describe('messages', () => {
  test('gives every message', async () => {
    for await (const message of messages(socket)) expectTypeOf(message).toEqualTypeOf<In>();
    for await (const message of messages(socket, { limit: 5, overflow: 'throw' })) {
      expectTypeOf(message).toEqualTypeOf<In>();
    }
    for await (const message of messages(socket, { type: undefined, signal: undefined })) {
      expectTypeOf(message).toEqualTypeOf<In>();
    }
    for await (const message of messages(createSocket('/line'))) {
      expectTypeOf(message).toEqualTypeOf<unknown>();
    }
  });

  test('gives those with a type', async () => {
    for await (const message of messages(socket, { type: 'price' })) {
      expectTypeOf(message).toEqualTypeOf<Price>();
    }
    for await (const { text } of messages(socket, { type: 'chat', limit: 5 })) {
      expectTypeOf(text).toEqualTypeOf<string>();
    }
  });

  test('takes any type where nothing is known of the messages, as on() does', async () => {
    for await (const message of messages(createSocket('/line'), { type: 'chat' })) {
      expectTypeOf(message).toEqualTypeOf<unknown>();
    }
  });

  test('refuses types and options that there are not', () => {
    // @ts-expect-error -- no such type
    messages(socket, { type: 'chats' });
    // @ts-expect-error -- an unknown option
    messages(socket, { size: 5 });
    // @ts-expect-error -- an unknown policy
    messages(socket, { overflow: 'wait' });
  });
});

test('once gives what the event brings', () => {
  expectTypeOf(once(socket, 'open')).toEqualTypeOf<Promise<Snapshot>>();
  expectTypeOf(once(socket, 'close')).toEqualTypeOf<Promise<CloseInfo>>();
  expectTypeOf(once(socket, 'message')).toEqualTypeOf<Promise<In>>();
  expectTypeOf(once(socket, 'message:price')).toEqualTypeOf<Promise<Price>>();
  expectTypeOf(once(socket, 'latency', { signal: AbortSignal.timeout(5) })).toEqualTypeOf<
    Promise<number>
  >();
  // @ts-expect-error -- not an event
  void once(socket, 'opened');
  // @ts-expect-error -- an unknown option
  void once(socket, 'open', { timeout: 5 });
});
