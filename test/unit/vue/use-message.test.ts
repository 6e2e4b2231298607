// @vitest-environment happy-dom
import { enableAutoUnmount, mount } from '@vue/test-utils';
import { defineComponent, h, KeepAlive, nextTick, type Ref, ref, shallowRef } from 'vue';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Socket } from '../../../src/index.js';
import { useLatest, useMessage, useSocket } from '../../../src/vue/index.js';
import { scriptedLines } from '../../support/scripted-lines.js';
import { openSocket } from '../../support/world.js';

type Message = { type: 'price'; symbol: string; value: number } | { type: 'chat'; text: string };

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
  vi.restoreAllMocks();
});
enableAutoUnmount(afterEach);

const price = (value: number, symbol = 'ACME'): Message => ({ type: 'price', symbol, value });
const chat = (text: string): Message => ({ type: 'chat', text });
const line = () => openSocket<Message>();

/** Mounts a component that renders what `setup` gives it to render; mounted for good when it returns. */
async function mounted(setup: () => () => unknown) {
  const seen: unknown[] = [];
  const wrapper = mount(
    defineComponent(() => {
      const value = setup();
      return () => {
        seen.push(value());
        return null;
      };
    }),
  );
  await nextTick();
  return { wrapper, seen };
}

async function nextFrame() {
  vi.advanceTimersToNextFrame();
  await nextTick();
}

describe('useMessage', () => {
  test('hears every message of its type, in order, and renders nothing', async () => {
    const { socket, native } = await line();
    const heard: number[] = [];
    const { seen } = await mounted(() => {
      useMessage(socket, 'price', ({ value }) => heard.push(value));
      return () => 'rendered';
    });
    for (let n = 0; n < 1_000; n++) {
      native.receiveJson(price(n));
      native.receiveJson(chat('no'));
    }
    await nextTick();
    expect(heard).toEqual(Array.from({ length: 1_000 }, (_, n) => n));
    expect(seen).toEqual(['rendered']);
  });

  test('hears messages of all types where none is named', async () => {
    const { socket, native } = await line();
    const heard: Message[] = [];
    await mounted(() => {
      useMessage(socket, (message) => heard.push(message));
      return () => null;
    });
    native.receiveJson(price(1));
    native.receiveJson(chat('hi'));
    expect(heard).toEqual([price(1), chat('hi')]);
  });

  test('follows a ref to another socket, and is silent when it is gone', async () => {
    const [first, second] = [await line(), await line()];
    const current = shallowRef<Socket<Message>>(first.socket);
    const heard: unknown[] = [];
    const { wrapper } = await mounted(() => {
      useMessage(current, 'chat', ({ text }) => heard.push(text));
      return () => null;
    });
    first.native.receiveJson(chat('first'));
    current.value = second.socket;
    await nextTick();
    first.native.receiveJson(chat('no more'));
    second.native.receiveJson(chat('second'));
    wrapper.unmount();
    second.native.receiveJson(chat('gone'));
    expect(heard).toEqual(['first', 'second']);
  });

  test('hears what a server says first, on the line of its own component', async () => {
    const { WebSocket, natives } = scriptedLines();
    const heard: unknown[] = [];
    await mounted(() => {
      const { socket } = useSocket<Message>('wss://example.com/first', { WebSocket });
      useMessage(socket, 'chat', ({ text }) => heard.push(text));
      return () => null;
    });
    await vi.advanceTimersByTimeAsync(0);
    natives[0]?.open();
    natives[0]?.receiveJson(chat('welcome'));
    expect(heard).toEqual(['welcome']);
  });

  test('still hears in a component that is kept alive', async () => {
    const { socket, native } = await line();
    const heard: unknown[] = [];
    const Listener = defineComponent(() => {
      useMessage(socket, 'chat', ({ text }) => heard.push(text));
      return () => null;
    });
    const isShown = ref(true);
    mount(() => h(KeepAlive, () => (isShown.value ? h(Listener) : null)));
    await nextTick();
    isShown.value = false;
    await nextTick();
    native.receiveJson(chat('hi'));
    expect(heard).toEqual(['hi']);
  });
});

describe('useLatest', () => {
  test('renders once a frame, with the newest message', async () => {
    const { socket, native } = await line();
    const { seen } = await mounted(() => {
      const latest = useLatest(socket, 'price');
      return () => latest.value?.value;
    });
    for (let n = 1; n <= 1_000; n++) native.receiveJson(price(n));
    await nextTick();
    expect(seen).toEqual([undefined]);
    await nextFrame();
    native.receiveJson(price(1_001));
    native.receiveJson(price(1_002));
    await nextFrame();
    expect(seen).toEqual([undefined, 1_000, 1_002]);
  });

  test('begins with the initial value, and renders only what is new', async () => {
    const { socket, native } = await line();
    const { seen } = await mounted(() => {
      const latest = useLatest(socket, {
        select: (message) => (message.type === 'price' ? Math.floor(message.value) : undefined),
        initial: 'none',
      });
      return () => latest.value;
    });
    for (const message of [price(1.2), price(1.4), chat('no'), price(2)]) {
      native.receiveJson(message);
      await nextFrame();
    }
    expect(seen).toEqual(['none', 1, 2]);
  });

  test('selects anew when a ref that it selects by has changed', async () => {
    const { socket, native } = await line();
    const field = ref<'symbol' | 'value'>('symbol');
    const { seen } = await mounted(() => {
      const latest = useLatest(socket, 'price', { select: (message) => message[field.value] });
      return () => latest.value;
    });
    native.receiveJson(price(1));
    await nextFrame();
    native.receiveJson(price(2));
    await nextFrame();
    field.value = 'value';
    await nextTick();
    expect(seen).toEqual([undefined, 'ACME', 2]);
  });

  test('forgets what another socket said', async () => {
    const [first, second] = [await line(), await line()];
    const current = shallowRef<Socket<Message>>(first.socket);
    let value: Readonly<Ref<{ text: string } | undefined>> | undefined;
    const { seen } = await mounted(() => {
      const latest = (value = useLatest(current, 'chat'));
      return () => latest.value?.text;
    });
    first.native.receiveJson(chat('first'));
    await nextFrame();
    current.value = second.socket;
    expect(value?.value).toBeUndefined();
    await nextTick();
    first.native.receiveJson(chat('late'));
    await nextFrame();
    second.native.receiveJson(chat('second'));
    await nextFrame();
    expect(seen).toEqual([undefined, 'first', undefined, 'second']);
  });
});
