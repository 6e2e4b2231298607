import { ref, shallowRef } from 'vue';
import { assertType, describe, expectTypeOf, test } from 'vitest';
import {
  type CloseInfo,
  createSocket,
  type Drop,
  messages,
  type MessageSource,
  once,
  type Snapshot,
  type Socket,
  type Status,
} from '../../src/index.js';
import * as react from '../../src/react/index.js';
import * as vue from '../../src/vue/index.js';

interface Chat {
  readonly type: 'chat';
  readonly text: string;
}
interface Price {
  readonly type: 'price';
  readonly value: number;
}
interface Halt {
  readonly type: 'halt';
}
interface Out {
  readonly say: string;
}

declare const socket: Socket<Chat | Price, Out>;
declare const prices: MessageSource<Price>;

describe('a source of some messages', () => {
  test('is any socket on which these arrive, whatever else does, and whatever is sent', () => {
    assertType<MessageSource<Price>>(socket);
    assertType<MessageSource<Price | Chat>>(socket);
    assertType<MessageSource<Price>>(createSocket<Price>('/line'));
    assertType<MessageSource<Price>>(createSocket<Price | Chat | Halt, never>('/line'));
    assertType<MessageSource<Price>>(createSocket<Price & { readonly at: number }>('/line'));
    assertType<MessageSource<Chat | Price>>(createSocket<Chat | Price | Halt, string>('/line'));
    assertType<MessageSource<unknown>>(createSocket('/line'));
  });

  test('is any socket also where nobody knows the messages yet', () => {
    function useAny<In, Sent>(any: Socket<In, Sent>, source: MessageSource<In>): void {
      assertType<MessageSource<In>>(any);
      assertType<MessageSource<never>>(any);
      assertType<MessageSource<never>>(source);
      react.useSnapshot(any);
      react.useSnapshot(source);
      react.useSocketEvent(any, 'close', ({ code }) => code);
      react.useSocketEvent(source, 'close', ({ code }) => code);
    }
    useAny(socket, socket);
  });

  test('is no socket on which others arrive', () => {
    // @ts-expect-error -- these never arrive
    assertType<MessageSource<Halt>>(socket);
    // @ts-expect-error -- one of them never arrives
    assertType<MessageSource<Price | Halt>>(socket);
    // @ts-expect-error -- a value is no text
    assertType<MessageSource<{ type: 'price'; value: string }>>(socket);
    // @ts-expect-error -- there is less in them
    assertType<MessageSource<Price & { readonly at: number }>>(socket);
    // @ts-expect-error -- others with this type arrive, too
    assertType<MessageSource<Price>>(createSocket<Price | { type: 'price'; at: 1 }>('/line'));
    // @ts-expect-error -- nobody knows what arrives
    assertType<MessageSource<Price>>(createSocket('/line'));
  });

  test('is one of fewer, or of less, and of no more', () => {
    const both: MessageSource<Chat | Price> = socket;
    assertType<MessageSource<Price>>(both);
    assertType<MessageSource<never>>(both);
    assertType<MessageSource<never>>(prices);
    assertType<MessageSource<{ readonly type: 'price' }>>(prices);
    // @ts-expect-error -- chats need not arrive
    assertType<MessageSource<Chat | Price>>(prices);
    // @ts-expect-error -- these are others
    assertType<MessageSource<Chat>>(prices);
    // @ts-expect-error -- there is less in them
    assertType<MessageSource<Price & { readonly at: number }>>(prices);
    // @ts-expect-error -- it is no socket
    assertType<Socket<Price, never>>(prices);
  });

  test('can be listened to by type', () => {
    expectTypeOf(
      prices.on('message:price', (message) => expectTypeOf(message).toEqualTypeOf<Price>(), {
        once: true,
      }),
    ).toEqualTypeOf<() => void>();
    // @ts-expect-error -- chats need not arrive
    prices.on('message:chat', () => undefined);
    // @ts-expect-error -- no such type
    prices.on('message:prices', () => undefined);
    // @ts-expect-error -- that would be all messages
    prices.on('message', () => undefined);
    // @ts-expect-error -- a listener of something else
    prices.on('message:price', (message: Chat) => message);
    const line: MessageSource<never> = socket;
    // @ts-expect-error -- it need bring no message
    line.on('message:price', () => undefined);
  });

  test('has all of a socket that other messages do not change', () => {
    expectTypeOf(prices.status).toEqualTypeOf<Status>();
    expectTypeOf(prices.latency).toEqualTypeOf<number | undefined>();
    expectTypeOf(prices.getSnapshot()).toEqualTypeOf<Snapshot>();
    expectTypeOf(prices.getServerSnapshot()).toEqualTypeOf<Snapshot>();
    expectTypeOf(prices.subscribe(() => undefined)).toEqualTypeOf<() => void>();
    expectTypeOf(prices.ready()).toEqualTypeOf<Promise<void>>();
    prices.connect();
    prices.on('open', (snapshot) => expectTypeOf(snapshot).toEqualTypeOf<Snapshot>());
    prices.on('close', (close) => expectTypeOf(close).toEqualTypeOf<CloseInfo>());
    prices.on('latency', (latency) => expectTypeOf(latency).toEqualTypeOf<number>());
    prices.on('drop', (drop) => expectTypeOf(drop).toEqualTypeOf<Drop<unknown>>());
    // @ts-expect-error -- nobody knows what may be sent
    assertType(prices.send);
    // @ts-expect-error -- not an event
    prices.on('opened', () => undefined);
  });

  test('finds the types under another name than `type`, as a socket does', () => {
    interface Order {
      event: 'order';
      side: 'buy' | 'sell';
    }
    const orders: MessageSource<Order> = createSocket<Order | { event: 'halt' }, never>('/line');
    orders.on('message:order', (message) => expectTypeOf(message).toEqualTypeOf<Order>());
    react.useMessage(orders, 'order', ({ side }) =>
      expectTypeOf(side).toEqualTypeOf<'buy' | 'sell'>(),
    );
    // @ts-expect-error -- that is a side
    react.useMessage(orders, 'buy', () => undefined);
  });

  test('may name the types, where a message has several literals', () => {
    interface Tick {
      jsonrpc: '2.0';
      method: 'tick';
    }
    const calls = createSocket<Tick | { jsonrpc: '2.0'; method: 'halt' }>('/line');
    const ticks: MessageSource<Tick, 'tick'> = calls;
    ticks.on('message:tick', (message) => expectTypeOf(message).toEqualTypeOf<Tick>());
    react.useMessage(ticks, 'tick', (message) => expectTypeOf(message).toEqualTypeOf<Tick>());
    // @ts-expect-error -- not named
    ticks.on('message:2.0', () => undefined);
    // @ts-expect-error -- no message has that type
    assertType<MessageSource<Tick, 'tock'>>(calls);
  });
});

test('once and messages take one', async () => {
  expectTypeOf(once(prices, 'message:price')).toEqualTypeOf<Promise<Price>>();
  expectTypeOf(once(prices, 'close')).toEqualTypeOf<Promise<CloseInfo>>();
  for await (const message of messages(prices, { type: 'price', limit: 5 })) {
    expectTypeOf(message).toEqualTypeOf<Price>();
  }
  // @ts-expect-error -- chats need not arrive
  void once(prices, 'message:chat');
  // @ts-expect-error -- that would be all messages
  void once(prices, 'message');
  // @ts-expect-error -- no such type
  messages(prices, { type: 'prices' });
  // @ts-expect-error -- that would be all messages
  messages(prices);
  // @ts-expect-error -- that would be all messages
  messages(prices, { limit: 5 });
});

describe('the hooks of React', () => {
  const { useLatest, useMessage, useRetryIn, useSnapshot, useSocketEvent } = react;
  const maybe = prices as MessageSource<Price> | undefined;

  test('take one, and know its messages', () => {
    useMessage(prices, 'price', (message) => expectTypeOf(message).toEqualTypeOf<Price>());
    useMessage(maybe, ['price'], (message) => expectTypeOf(message).toEqualTypeOf<Price>());
    const both: MessageSource<Chat | Price> = socket;
    useMessage(both, ['price', 'chat'], (message) =>
      expectTypeOf(message).toEqualTypeOf<Chat | Price>(),
    );
    expectTypeOf(useLatest(prices, 'price')).toEqualTypeOf<Price | undefined>();
    expectTypeOf(
      useLatest(maybe, 'price', { select: ({ value }) => value, initial: 0 }),
    ).toEqualTypeOf<number>();
    useSocketEvent(prices, 'close', (close) => expectTypeOf(close).toEqualTypeOf<CloseInfo>());
    useSocketEvent(maybe, 'message:price', ({ value }) => value);
    expectTypeOf(useSnapshot(maybe)).toEqualTypeOf<Snapshot>();
    expectTypeOf(useRetryIn(prices)).toEqualTypeOf<number | undefined>();
  });

  test('refuse what there is not', () => {
    // @ts-expect-error -- no such type
    useMessage(prices, 'prices', () => undefined);
    // @ts-expect-error -- chats need not arrive
    useMessage(prices, ['price', 'chat'], () => undefined);
    // @ts-expect-error -- that would be all messages
    useMessage(prices, () => undefined);
    // @ts-expect-error -- that is another one's field
    useMessage(prices, 'price', (message) => String(message.text));
    // @ts-expect-error -- no such type
    useLatest(prices, 'prices');
    // @ts-expect-error -- that would be all messages
    useLatest(prices);
    // @ts-expect-error -- that would be all messages
    useSocketEvent(prices, 'message', () => undefined);
    // @ts-expect-error -- not an event
    useSocketEvent(prices, 'opened', () => undefined);
    // @ts-expect-error -- no such type, of a socket
    useMessage(socket, 'prices', () => undefined);
    // @ts-expect-error -- one of them is none, of a socket
    useMessage(socket, ['price', 'prices'], () => undefined);
    // @ts-expect-error -- no such type, of a socket
    useLatest(socket, 'prices');
    // @ts-expect-error -- not an event, of a socket
    useSocketEvent(socket, 'opened', () => undefined);
  });
});

describe('the composables of Vue', () => {
  const { useLatest, useMessage, useRetryIn, useSnapshot, useSocketEvent } = vue;
  const maybe = (): MessageSource<Price> | undefined => prices;

  test('take one, or a ref or a getter of one, and know its messages', () => {
    for (const source of [prices, shallowRef(prices), maybe]) {
      useMessage(source, 'price', (message) => expectTypeOf(message).toEqualTypeOf<Price>());
      useMessage(source, ['price'], (message) => expectTypeOf(message).toEqualTypeOf<Price>());
      useSocketEvent(source, 'close', (close) => expectTypeOf(close).toEqualTypeOf<CloseInfo>());
      useSocketEvent(source, 'message:price', ({ value }) => value);
    }
    expectTypeOf(useLatest(maybe, 'price').value).toEqualTypeOf<Price | undefined>();
    expectTypeOf(
      useLatest(prices, 'price', { select: ({ value }) => value, initial: 0 }).value,
    ).toEqualTypeOf<number>();
    expectTypeOf(useSnapshot(maybe).value).toEqualTypeOf<Snapshot>();
    expectTypeOf(useRetryIn(prices).value).toEqualTypeOf<number | undefined>();
  });

  test('refuse what there is not', () => {
    // @ts-expect-error -- no such type
    useMessage(prices, 'prices', () => undefined);
    // @ts-expect-error -- that would be all messages
    useMessage(maybe, () => undefined);
    // @ts-expect-error -- no such type
    useLatest(shallowRef(prices), 'prices');
    // @ts-expect-error -- that would be all messages
    useLatest(prices);
    // @ts-expect-error -- that would be all messages
    useSocketEvent(prices, 'message', () => undefined);
    // @ts-expect-error -- neither a source nor one of these
    useSnapshot(ref('/line'));
    // @ts-expect-error -- no such type, of a socket
    useMessage(
      () => socket,
      ['price', 'prices'],
      () => undefined,
    );
  });
});
