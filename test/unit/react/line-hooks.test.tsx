// @vitest-environment happy-dom
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Socket } from '../../../src/index.js';
import {
  useLatest,
  useMessage,
  useRetryIn,
  useSnapshot,
  useSocket,
  useSocketEvent,
  type UseSocketOptions,
} from '../../../src/react/index.js';
import { createSocket } from '../../../src/index.js';
import { scriptedLines } from '../../support/scripted-lines.js';

let lines: ReturnType<typeof scriptedLines>;
let names = 0;

beforeEach(() => {
  vi.useFakeTimers();
  lines = scriptedLines();
});

afterEach(async () => {
  cleanup();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const settle = () => act(() => vi.advanceTimersByTimeAsync(0));
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

describe('a URL that there is not yet', () => {
  test.each([[null], [undefined], [false]] as const)(
    '%j: idle, no socket, nothing connects',
    async (none) => {
      const { result } = renderHook(() => useSocket(none, options()));
      await settle();
      expect(result.current).toMatchObject({ socket: undefined, status: 'idle' });
      expect(lines.natives).toEqual([]);
    },
  );

  test('what is sent meanwhile is dropped, and whoever waits for its outcome is told', async () => {
    const { result } = renderHook(() => useSocket(null));
    const onOutcome = vi.fn();
    expect(result.current.send('hi', { onOutcome })).toBe('dropped');
    expect(onOutcome).not.toHaveBeenCalled();
    await settle();
    expect(onOutcome.mock.calls).toEqual([['closed']]);
  });

  test('comes, goes, and comes again', async () => {
    const url = `wss://example.com/${++names}`;
    const { result, rerender } = renderHook(
      ({ url }: { url: string | null }) => {
        const line = useSocket(url, options());
        return { ...line, status: line.status };
      },
      { initialProps: { url: null as string | null } },
    );
    rerender({ url });
    await settle();
    act(() => lines.native.open());
    expect(result.current.status).toBe('open');
    rerender({ url: null });
    expect(result.current).toMatchObject({ socket: undefined, status: 'idle' });
    await act(() => vi.advanceTimersByTimeAsync(6_000));
    expect(lines.live).toEqual([]);
    rerender({ url });
    await settle();
    expect(result.current.status).toBe('connecting');
  });

  test('all other hooks take a socket that is undefined', () => {
    const { result } = renderHook(() => {
      useMessage(undefined as Socket<{ type: 'a' }> | undefined, ['a'], () => undefined);
      useSocketEvent(undefined, 'close', () => undefined);
      return [
        useSnapshot(undefined).status,
        useRetryIn(undefined),
        useLatest(undefined, { initial: 5 }),
      ];
    });
    expect(result.current).toEqual(['idle', undefined, 5]);
  });
});

describe('what everybody writes by hand', () => {
  test('useSnapshot renders whenever the state changes, and shows all of it', async () => {
    const socket = await openSocket();
    const { result } = renderHook(() => useSnapshot(socket));
    expect(result.current).toBe(socket.getSnapshot());
    act(() => lines.native.die(1011));
    expect(result.current).toMatchObject({ status: 'waiting', lastClose: { code: 1011 } });
    act(() => void socket.close());
  });

  test('useRetryIn counts down by the second, and renders no more than that', async () => {
    const socket = await openSocket();
    const seen: (number | undefined)[] = [];
    renderHook(() => seen.push(useRetryIn(socket)));
    expect(seen).toEqual([undefined]);
    act(() => lines.native.die(1006));
    for (let passed = 0; passed < 30; passed++) await act(() => vi.advanceTimersByTimeAsync(100));
    expect(seen).toEqual([undefined, 3, 2, 1, undefined]);
    act(() => void socket.close());
  });

  test('useSocketEvent hears what happens, with the listener of the latest render, and renders nothing', async () => {
    const socket = await openSocket();
    const heard: unknown[] = [];
    let renders = 0;
    const { rerender, unmount } = renderHook(
      ({ name }) => {
        renders++;
        useSocketEvent(socket, 'close', ({ code }) => heard.push([name, code]));
      },
      { initialProps: { name: 'Ann' } },
    );
    rerender({ name: 'Bob' });
    act(() => lines.native.die(1011));
    expect(heard).toEqual([['Bob', 1011]]);
    expect(renders).toBe(2);
    unmount();
    act(() => void socket.close());
    expect(heard).toHaveLength(1);
  });

  test('useMessage hears several types, in order', async () => {
    const socket = (await openSocket()) as Socket<{ type: 'a' | 'b' | 'c' }>;
    const heard: string[] = [];
    renderHook(() => useMessage(socket, ['a', 'c'], ({ type }) => heard.push(type)));
    for (const type of ['a', 'b', 'c', 'a']) lines.native.receiveJson({ type });
    expect(heard).toEqual(['a', 'c', 'a']);
    act(() => void socket.close());
  });
});
