import { createElement } from 'react';
import { describe, expectTypeOf, test } from 'vitest';
import { createSocket, type Socket, type Status, text } from '../../src/index.js';
import { SocketProvider, useLatest, useMessage, useSocket } from '../../src/react/index.js';

type In = { type: 'chat'; text: string } | { type: 'price'; price: number };
interface Out {
  readonly say: string;
}

declare const socket: Socket<In, Out>;

describe('useSocket', () => {
  test('is typed as createSocket is', () => {
    expectTypeOf(useSocket('/line').socket).toEqualTypeOf<Socket>();
    expectTypeOf(useSocket<In>('/line').socket).toEqualTypeOf<Socket<In, In>>();
    const line = useSocket<In, Out>(() => Promise.resolve('/line'), { key: 'chat' });
    expectTypeOf(line.socket).toEqualTypeOf<Socket<In, Out>>();
    expectTypeOf(line.status).toEqualTypeOf<Status>();
    expectTypeOf(line.send).parameter(0).toEqualTypeOf<Out>();
    expectTypeOf(useSocket('/line', { codec: text() }).socket).toEqualTypeOf<Socket<string>>();
    expectTypeOf(useSocket(socket).socket).toEqualTypeOf<Socket<In, Out>>();
    expectTypeOf(useSocket<In, Out>().socket).toEqualTypeOf<Socket<In, Out>>();
    expectTypeOf(useSocket().socket).toEqualTypeOf<Socket>();
  });

  test('refuses what it does not know', () => {
    // @ts-expect-error -- not a URL
    useSocket(5);
    // @ts-expect-error -- an unknown option
    useSocket('/line', { retries: 5 });
    // @ts-expect-error -- a line ends with its last user
    useSocket('/line', { signal: AbortSignal.timeout(5) });
    // @ts-expect-error -- a socket has its options
    useSocket(socket, { key: 'chat' });
    // @ts-expect-error -- not a message
    useSocket<In, Out>('/line').send({ say: 5 });
    // @ts-expect-error -- read only
    useSocket('/line').status = 'open';
  });
});

describe('useMessage', () => {
  test('narrows a message by its type', () => {
    useMessage(socket, 'chat', (message) =>
      expectTypeOf(message).toEqualTypeOf<{ type: 'chat'; text: string }>(),
    );
    useMessage(socket, (message) => expectTypeOf(message).toEqualTypeOf<In>());
    useMessage(createSocket('/line'), 'any', (message) =>
      expectTypeOf(message).toEqualTypeOf<unknown>(),
    );
  });

  test('refuses what there is not', () => {
    // @ts-expect-error -- no such type
    useMessage(socket, 'chats', () => undefined);
    // @ts-expect-error -- that is the other one's field
    useMessage(socket, 'chat', (message) => String(message.price));
    // @ts-expect-error -- no listener
    useMessage(socket, 'chat');
    // @ts-expect-error -- not a socket
    useMessage('/line', 'chat', () => undefined);
  });
});

describe('useLatest', () => {
  test('gives what is selected, or the initial value', () => {
    expectTypeOf(useLatest(socket, 'price')).toEqualTypeOf<
      { type: 'price'; price: number } | undefined
    >();
    expectTypeOf(useLatest(socket)).toEqualTypeOf<In | undefined>();
    expectTypeOf(useLatest(socket, 'price', { select: ({ price }) => price })).toEqualTypeOf<
      number | undefined
    >();
    expectTypeOf(
      useLatest(socket, 'price', { select: ({ price }) => price, initial: 0 }),
    ).toEqualTypeOf<number>();
    expectTypeOf(
      useLatest(socket, 'price', {
        select: ({ price }) => (price > 0 ? price : undefined),
        initial: null,
      }),
    ).toEqualTypeOf<number | null>();
    expectTypeOf(useLatest(socket, { select: ({ type }) => type })).toEqualTypeOf<
      'chat' | 'price' | undefined
    >();
  });

  test('refuses what there is not', () => {
    // @ts-expect-error -- no such type
    useLatest(socket, 'prices');
    // @ts-expect-error -- that is the other one's field
    useLatest(socket, 'price', { select: (message) => String(message.text) });
    // @ts-expect-error -- an unknown option
    useLatest(socket, 'price', { throttle: 5 });
  });
});

test('SocketProvider takes a URL or a socket', () => {
  createElement(SocketProvider, { url: '/line', options: { connectTimeout: 5 } });
  createElement(SocketProvider<In, Out>, { socket });
  // @ts-expect-error -- neither
  createElement(SocketProvider, {});
  // @ts-expect-error -- a socket has its options
  createElement(SocketProvider, { socket: createSocket('/line'), options: {} });
});
