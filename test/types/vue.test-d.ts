import { type ComputedRef, ref, type Ref, shallowRef } from 'vue';
import { describe, expectTypeOf, test } from 'vitest';
import type { Socket, Status } from '../../src/index.js';
import { useLatest, useMessage, useSocket } from '../../src/vue/index.js';

type In = { type: 'chat'; text: string } | { type: 'price'; price: number };
interface Out {
  readonly say: string;
}

declare const socket: Socket<In, Out>;

describe('useSocket', () => {
  test('takes a URL, or a ref or a getter of one', () => {
    expectTypeOf(useSocket('/line').socket).toEqualTypeOf<Readonly<Ref<Socket>>>();
    const line = useSocket<In, Out>(ref('/line'), { key: 'chat' });
    expectTypeOf(line.socket.value).toEqualTypeOf<Socket<In, Out>>();
    expectTypeOf(line.status.value).toEqualTypeOf<Status>();
    expectTypeOf(line.send).parameter(0).toEqualTypeOf<Out>();
    useSocket(() => '/line');
    useSocket(() => new URL('ws://localhost'));
    useSocket(() => () => Promise.resolve('/line'));
  });

  test('refuses what it does not know', () => {
    // @ts-expect-error -- not a URL
    useSocket(5);
    // @ts-expect-error -- a getter of a promise: the function to ask has to be wrapped in one
    useSocket(() => Promise.resolve('/line'));
    // @ts-expect-error -- an unknown option
    useSocket('/line', { retries: 5 });
    // @ts-expect-error -- a line ends with its last user
    useSocket('/line', { signal: AbortSignal.timeout(5) });
    // @ts-expect-error -- read only
    useSocket('/line').status.value = 'open';
    // @ts-expect-error -- not a message
    useSocket<In, Out>('/line').send({ say: 5 });
  });
});

describe('useMessage and useLatest', () => {
  test('take a socket, or a ref or a getter of one, and narrow by the type', () => {
    for (const source of [socket, shallowRef(socket), () => socket]) {
      useMessage(source, 'chat', (message) =>
        expectTypeOf(message).toEqualTypeOf<{ type: 'chat'; text: string }>(),
      );
      useMessage(source, (message) => expectTypeOf(message).toEqualTypeOf<In>());
    }
    useMessage(useSocket<In, Out>('/line').socket, 'chat', ({ text }) => text);
    expectTypeOf(
      useLatest(socket, 'price', { select: ({ price }) => price, initial: 0 }),
    ).toEqualTypeOf<ComputedRef<number>>();
    expectTypeOf(useLatest(() => socket).value).toEqualTypeOf<In | undefined>();
  });

  test('refuse what there is not', () => {
    // @ts-expect-error -- no such type
    useMessage(socket, 'chats', () => undefined);
    // @ts-expect-error -- that is the other one's field
    useMessage(socket, 'chat', (message) => String(message.price));
    // @ts-expect-error -- no such type
    useLatest(socket, 'prices');
    // @ts-expect-error -- read only
    useLatest(socket, 'price').value = undefined;
  });
});
