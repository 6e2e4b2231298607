// @vitest-environment happy-dom
import { enableAutoUnmount, mount } from '@vue/test-utils';
import {
  defineComponent,
  effectScope,
  h,
  KeepAlive,
  nextTick,
  onMounted,
  reactive,
  ref,
  shallowRef,
  Suspense,
  version,
} from 'vue';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { useSocket, type UseSocketOptions, type UseSocketResult } from '../../../src/vue/index.js';
import { scriptedLines } from '../../support/scripted-lines.js';

let lines: ReturnType<typeof scriptedLines>;
let url: string;
let names = 0;

beforeEach(() => {
  vi.useFakeTimers();
  lines = scriptedLines();
  url = `wss://example.com/${++names}`;
});

// Runs after the unmounting below: the last one registered runs first.
afterEach(async () => {
  await vi.advanceTimersByTimeAsync(10_000);
  expect(lines.live).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
  vi.restoreAllMocks();
});
enableAutoUnmount(afterEach);

const options = (more: UseSocketOptions = {}): UseSocketOptions => ({
  WebSocket: lines.WebSocket,
  heartbeat: false,
  ...more,
});

/** Lets what is due now happen, and what follows from it. */
const settle = () => vi.advanceTimersByTimeAsync(0);

/** A component that shows its status, and counts its renders. */
function user(setup: () => UseSocketResult) {
  const counts = { renders: 0 };
  const User = defineComponent(() => {
    const { status } = setup();
    return () => {
      counts.renders++;
      return h('p', status.value);
    };
  });
  return { User, counts };
}

/** What `setup` gives, in a component of its own. */
function inComponent<T>(setup: () => T) {
  let result: T | undefined;
  const wrapper = mount(
    defineComponent(() => {
      result = setup();
      return () => null;
    }),
  );
  return { result: result as T, wrapper };
}

test('these tests run with the version of Vue that they are to run with', () => {
  expect(version).toMatch(new RegExp(`^${process.env['FRAMEWORK_VERSION'] ?? '3.5'}\\.`));
});

describe('one connection', () => {
  test('is made for a component, and closed when it is gone', async () => {
    const { result, wrapper } = inComponent(() => useSocket(url, options()));
    expect(result.status.value).toBe('idle');
    await settle();
    expect(lines.natives.map((native) => native.url)).toEqual([url]);
    expect(result.status.value).toBe('connecting');
    lines.native.open();
    expect(result.status.value).toBe('open');
    wrapper.unmount();
    await settle();
    expect(lines.native.closeCalls).toEqual([[1000, '']]);
  });

  test('serves twenty components, each rendering once when the status changes', async () => {
    const users = Array.from({ length: 20 }, () => user(() => useSocket(url, options())));
    const wrapper = mount(() => users.map(({ User }) => h(User)));
    await settle();
    const before = users.map(({ counts }) => counts.renders);
    lines.native.open();
    await settle();
    expect(wrapper.text()).toBe('open'.repeat(20));
    expect(users.map(({ counts }) => counts.renders)).toEqual(before.map((count) => count + 1));
    expect(lines.natives).toHaveLength(1);
  });

  test('lasts until the last one is gone, and is another one after that', async () => {
    const [first, second] = [1, 2].map(() => inComponent(() => useSocket(url, options())));
    await settle();
    first?.wrapper.unmount();
    await settle();
    expect(lines.live).toHaveLength(1);
    second?.wrapper.unmount();
    await settle();
    expect(lines.live).toHaveLength(0);
    const third = inComponent(() => useSocket(url, options()));
    await settle();
    expect(third.result.socket.value).not.toBe(first?.result.socket.value);
    expect(lines.live).toHaveLength(1);
  });

  test('stays when all leave and one comes back in the same task', async () => {
    const { User } = user(() => useSocket(url, options()));
    const key = ref(1);
    const wrapper = mount(() => h(User, { key: key.value }));
    await settle();
    lines.native.open();
    key.value++;
    await nextTick();
    await settle();
    expect(wrapper.text()).toBe('open');
    expect(lines.natives).toHaveLength(1);
  });

  test('lives as long as an effect scope', async () => {
    const scope = effectScope();
    const result = scope.run(() => useSocket(url, options()));
    await settle();
    lines.native.open();
    expect(result?.status.value).toBe('open');
    scope.stop();
    await settle();
    expect(lines.live).toHaveLength(0);
  });

  test('lives as long as an effect scope within a component', async () => {
    const scope = effectScope();
    inComponent(() => scope.run(() => useSocket(url, options())));
    await settle();
    expect(lines.live).toHaveLength(1);
    scope.stop();
    await settle();
    expect(lines.live).toHaveLength(0);
  });

  test('can be asked for once the component is mounted', async () => {
    inComponent(() => onMounted(() => void useSocket(url, options())));
    await settle();
    expect(lines.live).toHaveLength(1);
  });

  test('is held by a component that is kept alive, until that is dropped', async () => {
    const { User } = user(() => useSocket(url, options()));
    const isShown = ref(true);
    const wrapper = mount(() => h(KeepAlive, () => (isShown.value ? h(User) : null)));
    await settle();
    isShown.value = false;
    await settle();
    lines.native.open();
    await settle();
    expect(lines.live).toHaveLength(1);
    isShown.value = true;
    await settle();
    expect(wrapper.text()).toBe('open');
    wrapper.unmount();
    await settle();
    expect(lines.live).toHaveLength(0);
  });

  test('is one, also for a component that was pending when others came', async () => {
    let resume: (value: unknown) => void = () => undefined;
    const later = new Promise((resolve) => (resume = resolve));
    const Pending = defineComponent(async () => {
      const { status } = useSocket(url, options());
      await later;
      return () => h('p', status.value);
    });
    const { User } = user(() => useSocket(url, options()));
    const first = mount(User);
    const pending = mount(() => h(Suspense, null, { default: () => h(Pending) }));
    await settle();
    first.unmount();
    await settle();
    const second = mount(User);
    await settle();
    resume(undefined);
    await settle();
    await settle();
    expect(lines.live).toHaveLength(1);
    lines.live[0]?.open();
    await settle();
    expect([second.text(), pending.text()]).toEqual(['open', 'open']);
  });

  test('stays paused for all who use it, also for who comes later, until somebody connects', async () => {
    const { result } = inComponent(() => useSocket(url, options()));
    await settle();
    lines.native.open();
    result.socket.value.pause();
    lines.native.die(1000);
    const later = inComponent(() => useSocket(url, options()));
    await settle();
    expect(later.result.status.value).toBe('idle');
    expect(lines.natives).toHaveLength(1);
    later.result.socket.value.connect();
    await settle();
    lines.native.open();
    expect(result.status.value).toBe('open');
  });

  test('that is paused ends with its last user: the next one connects', async () => {
    const { result, wrapper } = inComponent(() => useSocket(url, options()));
    await settle();
    lines.native.open();
    result.socket.value.pause();
    lines.native.die(1000);
    wrapper.unmount();
    await settle();
    expect(result.socket.value.status).toBe('closed');
    const next = inComponent(() => useSocket(url, options()));
    await settle();
    expect(next.result.status.value).toBe('connecting');
    expect(lines.natives).toHaveLength(2);
  });

  test('waits with autoConnect: false', async () => {
    const { result } = inComponent(() => useSocket(url, options({ autoConnect: false })));
    await settle();
    expect(result.status.value).toBe('idle');
    result.socket.value.connect();
    await settle();
    expect(lines.natives).toHaveLength(1);
  });
});

describe('which connection', () => {
  test.each([
    ['a ref', (room: { value: string }) => room],
    ['a getter', (room: { value: string }) => () => room.value],
  ])('%s with another URL is another connection', async (_, from) => {
    const room = ref(`${url}/a`);
    const { result } = inComponent(() => useSocket(from(room) as typeof room, options()));
    await settle();
    lines.native.open();
    const before = result.socket.value;
    room.value = `${url}/b`;
    expect(result.socket.value).not.toBe(before);
    expect(result.status.value).toBe('idle');
    expect(result.send('for b')).toBe('queued');
    await settle();
    expect(lines.live.map((native) => native.url)).toEqual([`${url}/b`]);
    expect(result.status.value).toBe('connecting');
    lines.native.open();
    expect(result.status.value).toBe('open');
    expect(lines.native.sent).toEqual(['"for b"']);
  });

  test('changes within a tick make one connection', async () => {
    const room = ref(`${url}/a`);
    inComponent(() => useSocket(room, options()));
    await settle();
    room.value = `${url}/b`;
    room.value = `${url}/c`;
    await settle();
    expect(lines.natives.map((native) => native.url)).toEqual([`${url}/a`, `${url}/c`]);
  });

  test('a getter of a function has it asked at every attempt', async () => {
    let token = 'old';
    inComponent(() => useSocket(() => () => `${url}?${token}`, options()));
    await settle();
    token = 'new';
    lines.native.die(1006);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(lines.natives.map((native) => native.url)).toEqual([`${url}?old`, `${url}?new`]);
  });

  test.each([
    ['key', [{ key: 'a' }, { key: 'b' }]],
    ['protocols', [{ protocols: 'a' }, { protocols: 'b' }]],
  ])('another %s is another connection', async (_, all) => {
    for (const one of [...all, ...all]) inComponent(() => useSocket(url, options(one)));
    await settle();
    expect(lines.natives).toHaveLength(2);
  });
});

describe('a component renders', () => {
  test('not at all when it does not read the status', async () => {
    let renders = 0;
    mount(
      defineComponent(() => {
        const { send, socket } = useSocket(url, options());
        return () => {
          renders++;
          return typeof send + socket.value.url;
        };
      }),
    );
    await settle();
    lines.native.open();
    lines.native.die(1006);
    await settle();
    expect(renders).toBe(1);
  });

  test('its status as it is, from the first render on', async () => {
    inComponent(() => useSocket(url, options()));
    await settle();
    lines.native.open();
    const { User, counts } = user(() => useSocket(url, options()));
    const wrapper = mount(User);
    expect(wrapper.text()).toBe('open');
    await settle();
    expect(counts.renders).toBe(1);
  });
});

test('a node that is shown once more begins with the present status', async () => {
  inComponent(() => useSocket(url, options()));
  await settle();
  lines.native.open();
  const seen: string[] = [];
  const node = h(
    defineComponent(() => {
      const { status } = useSocket(url, options());
      return () => (seen.push(status.value), null);
    }),
  );
  const isShown = ref(true);
  mount(() => h('div', isShown.value ? [node] : []));
  await settle();
  isShown.value = false;
  await settle();
  isShown.value = true;
  await settle();
  expect(seen).toEqual(['open', 'open']);
});

test('the status can only be read', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const { result } = inComponent(() => useSocket(url, options()));
  (result.status as { value: string }).value = 'open';
  expect(result.status.value).toBe('idle');
  expect(warn).toHaveBeenCalled();
});

test('the socket stays itself in deep refs and reactive objects', async () => {
  const { result } = inComponent(() => useSocket(url, options()));
  const socket = result.socket.value;
  expect(ref({ socket }).value.socket.queued).toEqual({ messages: 0, bytes: 0 });
  expect(reactive({ ...result }).socket).toBe(socket);
  expect(shallowRef(socket).value).toBe(socket);
  await settle();
});

describe('a mistake is an error that names the hook', () => {
  test.each([[5], [{}], [true]])('a URL that is %j', (wrong) => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    expect(() => inComponent(() => useSocket(wrong as never))).toThrow(
      expect.objectContaining({
        code: 'url',
        message: expect.stringMatching(/not a URL$/) as unknown,
      }),
    );
  });

  test('another WebSocket class than others use', async () => {
    const onError = vi.fn();
    class Other extends lines.WebSocket {}
    const { User } = user(() => useSocket(url, options()));
    const { User: Late } = user(() => useSocket(url, options({ WebSocket: Other })));
    mount(User);
    await settle();
    mount(Late, { global: { config: { errorHandler: onError } } });
    await settle();
    expect(String(onError.mock.calls[0]?.[0])).toMatch(/useSocket.*WebSocket/);
  });
});

describe('a store that a component asks for', () => {
  /** As Pinia does it: a scope of its own, made while the component that asks for it is set up. */
  const inStore = (setup: () => UseSocketResult) => {
    const scope = effectScope(true);
    return { scope, line: scope.run(setup) as UseSocketResult };
  };

  test('connects, though that component is never mounted, and lasts when it has left', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    let store: ReturnType<typeof inStore> | undefined;
    const Pending = defineComponent({
      async setup() {
        store = inStore(() => useSocket(url, options()));
        await new Promise(() => undefined);
        return () => null;
      },
    });
    const wrapper = mount(() => h(Suspense, null, { default: h(Pending), fallback: 'wait' }));
    await settle();
    expect(lines.live).toHaveLength(1);
    lines.native.open();
    expect(store?.line.status.value).toBe('open');
    wrapper.unmount();
    await settle();
    expect(lines.live).toHaveLength(1);
    store?.scope.stop();
    await settle();
    expect(lines.live).toHaveLength(0);
  });
});

describe('a URL that turns into none', () => {
  test('is an error, and nobody stays on the line before', async () => {
    const onError = vi.fn();
    const current = ref(url);
    const { User } = user(() => useSocket(current, options()));
    mount(User, { global: { config: { errorHandler: onError } } });
    await settle();
    lines.native.open();
    current.value = 'http://[';
    await settle();
    await settle();
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ code: 'url' });
    expect(lines.live).toHaveLength(0);
    current.value = `${url}/again`;
    await settle();
    expect(lines.live.map((native) => native.url)).toEqual([`${url}/again`]);
  });
});

describe('of who gives options and who does not', () => {
  const handshake = vi.fn();
  const { User: Badge } = user(() => useSocket(url, options()));
  const { User: Room } = user(() => useSocket(url, options({ handshake, connectTimeout: 5_000 })));

  test.each([
    ['first', [Room, Badge]],
    ['last', [Badge, Room]],
  ])('the line is with those options: %s', async (_, both) => {
    handshake.mockClear();
    mount(() => both.map((one) => h(one)));
    await settle();
    expect(lines.natives).toHaveLength(1);
    lines.native.open();
    await settle();
    expect(handshake).toHaveBeenCalledTimes(1);
  });

  test('it is without them, and says so, where it is open already', async () => {
    const onError = vi.fn();
    mount(Badge);
    await settle();
    mount(Room, { global: { config: { errorHandler: onError } } });
    await settle();
    expect(onError.mock.calls.map(([error]) => String(error))).toEqual([
      expect.stringMatching(/useSocket.*options\.connectTimeout 5000/),
    ]);
  });
});
