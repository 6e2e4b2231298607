import { describe, expectTypeOf, test } from 'vitest';
import {
  type CloseInfo,
  createSocket,
  messages,
  once,
  request,
  type RequestByIdOptions,
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

describe('request by id', () => {
  const idOf = (message: In): unknown => (message.type === 'price' ? message.price : undefined);

  test('gives a message', () => {
    expectTypeOf(request(socket, { say: 'hi' }, { id: 1, idOf })).toEqualTypeOf<Promise<In>>();
    expectTypeOf(
      request(createSocket('/line'), 'hi', { id: 'a', idOf: (message) => message }),
    ).toEqualTypeOf<Promise<unknown>>();
  });

  test('gives what it is told that the answer is', () => {
    expectTypeOf(request<In, Out, Price>(socket, { say: 'hi' }, { id: 1n, idOf })).toEqualTypeOf<
      Promise<Price>
    >();
    // @ts-expect-error -- but not what is merely hoped for
    const hoped: Promise<Price> = request(socket, { say: 'hi' }, { id: 1, idOf });
    void hoped;
    // @ts-expect-error -- no message is like that
    void request<In, Out, string>(socket, { say: 'hi' }, { id: 1, idOf });
  });

  test('tells idOf what it is asked about', () => {
    void request(
      socket,
      { say: 'hi' },
      {
        id: 1,
        idOf: (message) => {
          expectTypeOf(message).toEqualTypeOf<In>();
          return message.type;
        },
      },
    );
  });

  test('takes what reads any message, and undefined for what may be left out', () => {
    const any = (message: unknown): unknown => message;
    void request(
      socket,
      { say: 'hi' },
      { id: 1, idOf: any, timeout: undefined, signal: undefined },
    );
    const options: RequestByIdOptions<In> = { id: 1, idOf: any };
    expectTypeOf(request(socket, { say: 'hi' }, options)).toEqualTypeOf<Promise<In>>();
  });

  test('refuses one without the other, both ways at once, and other ids', () => {
    const match = (): boolean => true;
    // @ts-expect-error -- nothing reads the id
    void request(socket, { say: 'hi' }, { id: 1 });
    // @ts-expect-error -- no id to look for
    void request(socket, { say: 'hi' }, { idOf });
    // @ts-expect-error -- which of them?
    void request(socket, { say: 'hi' }, { match, id: 1, idOf });
    // @ts-expect-error -- which of them?
    void request(socket, { say: 'hi' }, { match, id: 1 });
    // @ts-expect-error -- which of them?
    void request<In, Out, Price>(socket, { say: 'hi' }, { match, id: 1, idOf });
    // @ts-expect-error -- no map would find it
    void request(socket, { say: 'hi' }, { id: { a: 1 }, idOf });
    // @ts-expect-error -- no id at all
    void request(socket, { say: 'hi' }, { id: undefined, idOf });
    // @ts-expect-error -- an unknown option
    void request(socket, { say: 'hi' }, { id: 1, idOf, retries: 5 });
    // @ts-expect-error -- asks about something else
    void request(socket, { say: 'hi' }, { id: 1, idOf: (message: string) => message });
    // @ts-expect-error -- of another type
    void request(socket, 'hi', { id: 1, idOf });
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
