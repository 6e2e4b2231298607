// @vitest-environment happy-dom
import { enableAutoUnmount, mount } from '@vue/test-utils';
import { defineComponent, h, nextTick, reactive, ref, shallowRef } from 'vue';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createSocket, type Socket } from '../../../src/index.js';
import {
  provideSocket,
  useLatest,
  useMessage,
  useRetryIn,
  useSnapshot,
  useSocket,
  useSocketEvent,
  type UseSocketOptions,
  type UseSocketResult,
} from '../../../src/vue/index.js';
import { scriptedLines } from '../../support/scripted-lines.js';

let lines: ReturnType<typeof scriptedLines>;
let names = 0;

beforeEach(() => {
  vi.useFakeTimers();
  lines = scriptedLines();
});

// Runs after the unmounting below: the last one registered runs first.
afterEach(async () => {
  await vi.advanceTimersByTimeAsync(10_000);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
  vi.restoreAllMocks();
});
enableAutoUnmount(afterEach);

const settle = () => vi.advanceTimersByTimeAsync(0);
const options = (more: UseSocketOptions = {}): UseSocketOptions => ({
  WebSocket: lines.WebSocket,
  heartbeat: false,
  ...more,
});

async function openSocket(): Promise<Socket> {
  const socket = createSocket(
    `wss://example.com/${++names}`,
    options({ reconnect: { delay: () => 3_000 } }),
  );
  await settle();
  lines.native.open();
  return socket;
}

/** What `setup` gives, in a component of its own; `child` is below it. */
function inComponent<T>(setup: () => T, child?: () => unknown): T {
  let result: T | undefined;
  const Child = defineComponent(() => (child?.(), () => null));
  mount(
    defineComponent(() => {
      result = setup();
      return () => h(Child);
    }),
  );
  return result as T;
}

describe('a URL that there is not yet', () => {
  test.each([[null], [undefined], [false]] as const)(
    '%j: idle, no socket, nothing connects',
    async (none) => {
      const { socket, status, send } = inComponent(() => useSocket(none, options()));
      await settle();
      expect([socket.value, status.value, send('hi')]).toEqual([undefined, 'idle', 'dropped']);
      expect(lines.natives).toEqual([]);
    },
  );

  test('comes, goes, and comes again', async () => {
    const url = ref<string | null>(null);
    const { socket, status } = inComponent(() => useSocket(url, options()));
    const there = `wss://example.com/${++names}`;
    url.value = there;
    await settle();
    lines.native.open();
    expect(status.value).toBe('open');
    url.value = null;
    await nextTick();
    expect([socket.value, status.value]).toEqual([undefined, 'idle']);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(lines.live).toEqual([]);
    url.value = there;
    await settle();
    expect(status.value).toBe('connecting');
  });

  test('all other functions take a socket that is undefined', async () => {
    const socket = shallowRef<Socket<{ type: 'a' }>>();
    const heard: unknown[] = [];
    const [snapshot, retryIn, latest] = inComponent(() => {
      useMessage(socket, ['a'], (message) => heard.push(message));
      useSocketEvent(socket, 'close', ({ code }) => heard.push(code));
      return [useSnapshot(socket), useRetryIn(socket), useLatest(socket, { initial: 5 })] as const;
    });
    expect([snapshot.value.status, retryIn.value, latest.value]).toEqual(['idle', undefined, 5]);
    socket.value = (await openSocket()) as Socket<{ type: 'a' }>;
    await nextTick();
    expect(snapshot.value.status).toBe('open');
    lines.native.receiveJson({ type: 'a' });
    lines.native.die(1011);
    expect(heard).toEqual([{ type: 'a' }, 1011]);
    void socket.value.close();
  });
});

describe('a socket of your own', () => {
  test('is followed, and not closed', async () => {
    const socket = await openSocket();
    const { status, send } = inComponent(() => useSocket(socket));
    await nextTick();
    expect(status.value).toBe('open');
    expect(send('hi')).toBe('sent');
    lines.native.die(1006);
    expect(status.value).toBe('waiting');
    void socket.close();
  });

  test('may lie in a ref or in reactive state, and stays what it is', async () => {
    const socket = await openSocket();
    const state = reactive({ socket });
    expect(ref(socket).value).toBe(socket);
    expect(state.socket).toBe(socket);
    expect(inComponent(() => useSocket(() => state.socket)).status.value).toBe('open');
    expect(state.socket.send('hi')).toBe('sent');
    void socket.close();
  });
});

describe('a provided socket', () => {
  test('is that of every component below', async () => {
    const socket = await openSocket();
    const below: unknown[] = [];
    inComponent(
      () => provideSocket(socket),
      () => below.push(useSocket().socket.value, useSocket().status.value),
    );
    expect(below).toEqual([socket, 'open']);
    void socket.close();
  });

  test('may be asked for by its URL, and closes with its provider', async () => {
    const url = `wss://example.com/${++names}`;
    const below: unknown[] = [];
    const { socket } = inComponent(
      () => provideSocket(url, options()),
      () => below.push(useSocket().socket.value),
    );
    await settle();
    expect(below).toEqual([socket.value]);
    expect(lines.natives.map((native) => native.url)).toEqual([url]);
  });

  test('that there is not is an error', () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    expect(() => inComponent(() => useSocket())).toThrow(/^useSocket.*provideSocket/);
  });
});

test('useRetryIn counts down by the second', async () => {
  const socket = await openSocket();
  const retryIn = inComponent(() => useRetryIn(socket));
  await nextTick();
  const seen = [retryIn.value];
  lines.native.die(1006);
  for (let passed = 0; passed < 31; passed++) {
    if (retryIn.value !== seen.at(-1)) seen.push(retryIn.value);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(seen).toEqual([undefined, 3, 2, 1, undefined]);
  void socket.close();
});

test('of what waited on a line when the URL changed, useSocketEvent still hears', async () => {
  const url = ref(`wss://example.com/${++names}`);
  const dropped: unknown[] = [];
  const result = inComponent(() => {
    const line = useSocket(url, options());
    useSocketEvent(line.socket, 'drop', ({ message }) => dropped.push(message));
    return line;
  });
  await settle();
  result.send('a');
  url.value = `wss://example.com/${++names}`;
  await settle();
  expect(dropped).toEqual([]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(dropped).toEqual(['a']);
});

describe('a function that is the URL', () => {
  test('is the latest one, though it means the same line', async () => {
    const [url, token] = [`wss://example.com/${++names}`, ref('old')];
    const { socket } = inComponent(() =>
      useSocket(
        () => {
          const now = token.value;
          return () => `${url}?${now}`;
        },
        options({ key: url }),
      ),
    );
    await settle();
    token.value = 'new';
    socket.value.reconnect();
    await settle();
    expect(lines.natives.map((native) => native.url)).toEqual([`${url}?old`, `${url}?new`]);
  });

  test('is known by a key that may change', async () => {
    const room = ref('a');
    const { socket } = inComponent(() =>
      useSocket(() => () => `wss://example.com/${names}/${room.value}`, {
        ...options(),
        key: () => `${++names}${room.value}`,
      }),
    );
    const first = socket.value;
    await settle();
    room.value = 'b';
    await settle();
    expect(socket.value).not.toBe(first);
  });
});

test('the status is that of the socket, also where a listener reconnects it', async () => {
  const url = `wss://example.com/${++names}`;
  const line = inComponent(() => useSocket(url, options()));
  await settle();
  let isFirst = true;
  line.socket.value.on('status', () => {
    if (line.status.value !== 'open' || !isFirst) return;
    isFirst = false;
    line.socket.value.reconnect();
  });
  lines.native.open();
  await settle();
  expect(line.status.value).toBe(line.socket.value.status);
});

test('nobody listens to the line of a URL that has turned into none', async () => {
  const url = ref(`wss://example.com/${++names}`);
  const heard: unknown[] = [];
  inComponent(() => useSocket(url.value, options()));
  const onError = vi.fn();
  mount(
    defineComponent(() => {
      const { socket } = useSocket(url, options());
      useMessage(socket, (message) => heard.push(message));
      return () => null;
    }),
    { global: { config: { errorHandler: onError } } },
  );
  await settle();
  lines.native.open();
  lines.native.receiveJson(1);
  url.value = 'http://[';
  await settle();
  lines.native.receiveJson(2);
  expect(heard).toEqual([1]);
  expect(onError).toHaveBeenCalled();
});

test('who is refused a line still shows its status', async () => {
  const url = `wss://example.com/${++names}`;
  inComponent(() => useSocket(url, options()));
  await settle();
  lines.native.open();
  let status: UseSocketResult['status'] | undefined;
  mount(
    defineComponent(() => {
      ({ status } = useSocket(url, options({ connectTimeout: 5_000 })));
      return () => null;
    }),
    { global: { config: { errorHandler: vi.fn() } } },
  );
  await settle();
  lines.native.die(1006);
  expect(status?.value).toBe('waiting');
});
