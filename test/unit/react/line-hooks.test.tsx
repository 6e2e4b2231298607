// @vitest-environment happy-dom
import { act, cleanup, render, renderHook } from '@testing-library/react';
import * as React from 'react';
import { StrictMode, useLayoutEffect } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Socket } from '../../../src/index.js';
import {
  createSocketContext,
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

describe.each([[false], [true]])(
  'what happens between a render and its effects (strict: %s)',
  (isStrict) => {
    test('is heard, and once, also after a change of the socket', async () => {
      const heard: unknown[] = [];
      const [first, second] = [await openSocket(), await openSocket()];
      const natives = [...lines.natives];
      const { rerender } = renderHook(
        ({ index }) => {
          const socket = index === 0 ? first : second;
          useMessage(socket, 'said', (message) => heard.push(['message', message]));
          useSocketEvent(socket, 'latency', (latency) => heard.push(latency));
          // Runs on the page, before the effects that React puts off.
          useLayoutEffect(() => natives[index]?.receiveJson({ type: 'said', index }), [index]);
        },
        { initialProps: { index: 0 }, ...(isStrict && { wrapper: StrictMode }) },
      );
      const count = heard.length;
      // StrictMode runs effects twice, this test's as well.
      expect(heard).toEqual(Array(isStrict ? 2 : 1).fill(['message', { type: 'said', index: 0 }]));
      natives[0]?.receiveJson({ type: 'said' });
      expect(heard).toHaveLength(count + 1);
      rerender({ index: 1 });
      expect(heard.slice(count + 1)).toEqual([['message', { type: 'said', index: 1 }]]);
      natives[0]?.receiveJson({ type: 'said' });
      natives[1]?.receiveJson({ type: 'said' });
      expect(heard).toHaveLength(count + 3);
      act(() => [first, second].forEach((socket) => void socket.close()));
    });
  },
);

describe('what waited on a line when the URL changed', () => {
  test('has 5 s to go out; of what is dropped then, useSocketEvent still hears', async () => {
    const [first, second] = [`wss://example.com/${++names}`, `wss://example.com/${++names}`];
    const dropped = vi.fn();
    const outcomes: unknown[] = [];
    const { result, rerender, unmount } = renderHook(
      ({ url }) => {
        const line = useSocket(url, options());
        useSocketEvent(line.socket, 'drop', ({ message }) => void dropped(message));
        return line;
      },
      { initialProps: { url: first } },
    );
    await settle();
    result.current.send('a', { onOutcome: (outcome) => outcomes.push(outcome) });
    const before = result.current.socket;
    rerender({ url: second });
    await settle();
    expect(result.current.socket).not.toBe(before);
    expect(dropped).not.toHaveBeenCalled();
    await act(() => vi.advanceTimersByTimeAsync(5_000));
    expect(dropped.mock.calls).toEqual([['a']]);
    expect(outcomes).toEqual(['queued', 'closed']);
    // Who has left the page hears no more.
    result.current.send('b');
    unmount();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(dropped).toHaveBeenCalledTimes(1);
  });

  test('is no matter of this component where others go on using the line', async () => {
    const [first, second] = [`wss://example.com/${++names}`, `wss://example.com/${++names}`];
    const heard = vi.fn();
    const other = renderHook(() => useSocket(first, options()));
    const { rerender } = renderHook(
      ({ url }) => {
        const { socket } = useSocket(url, options());
        useSocketEvent(socket, 'drop', heard);
      },
      { initialProps: { url: first } },
    );
    await settle();
    rerender({ url: second });
    await settle();
    other.result.current.send('a', { ttl: 1 });
    await act(() => vi.advanceTimersByTimeAsync(10));
    expect(heard).not.toHaveBeenCalled();
  });
});

describe('createSocketContext', () => {
  interface Said {
    readonly type: 'say';
    readonly text: string;
  }
  const room = createSocketContext<Said>();

  test('gives a socket to those below that ask this context, and to no others', async () => {
    const url = `wss://example.com/${++names}`;
    const { result } = renderHook(() => room.useSocket(), {
      wrapper: ({ children }) => (
        <room.SocketProvider url={url} options={options() as object}>
          {children}
        </room.SocketProvider>
      ),
    });
    await settle();
    expect(lines.natives.map((native) => native.url)).toEqual([url]);
    act(() => lines.native.open());
    expect(result.current.status).toBe('open');
    result.current.send({ type: 'say', text: 'hi' });
    expect(lines.native.sent).toEqual(['{"type":"say","text":"hi"}']);
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    expect(() => renderHook(() => createSocketContext().useSocket())).toThrow(
      /^useSocket.*SocketProvider/,
    );
    expect(() => renderHook(() => useSocket())).toThrow(/^useSocket.*SocketProvider/);
  });

  test('takes a socket of your own', async () => {
    const socket = await openSocket();
    const { result } = renderHook(() => room.useSocket(), {
      wrapper: ({ children }) => (
        <room.SocketProvider socket={socket as unknown as Socket<Said>}>
          {children}
        </room.SocketProvider>
      ),
    });
    expect(result.current.socket).toBe(socket);
    act(() => void socket.close());
  });
});

describe('a function as URL, written inline', () => {
  test('leads what waits on its line to the room that it was said in', async () => {
    const url = `wss://example.com/${++names}`;
    const { result, rerender, unmount } = renderHook(
      ({ room }) => useSocket(() => `${url}/${room}`, options({ key: url + room })),
      { initialProps: { room: 'a' } },
    );
    await settle();
    rerender({ room: 'b' });
    await settle();
    act(() => lines.native.open());
    act(() => lines.native.die(1006));
    result.current.send('said in b');
    rerender({ room: 'c' });
    await act(() => vi.advanceTimersByTimeAsync(2_000));
    for (const native of lines.natives) if (native.readyState === 0) native.open();
    await settle();
    const sent = lines.natives.filter(({ sent }) => sent.length > 0);
    expect(sent.map(({ url }) => url)).toEqual([`${url}/b`]);
    unmount();
  });
});

describe('a handshake', () => {
  test('that comes with a render replaces a connection that did without', async () => {
    const url = `wss://example.com/${++names}`;
    const greet: NonNullable<UseSocketOptions['handshake']> = (link) => link.send('hello');
    const { rerender } = renderHook(({ handshake }) => useSocket(url, options({ handshake })), {
      initialProps: { handshake: undefined as typeof greet | undefined },
    });
    await settle();
    act(() => lines.native.open());
    rerender({ handshake: greet });
    await settle();
    expect(lines.natives).toHaveLength(2);
    act(() => lines.native.open());
    await settle();
    rerender({ handshake: (link) => link.send('hello again') });
    await settle();
    expect(lines.natives).toHaveLength(2);
    expect(lines.native.sent).toEqual(['"hello"']);
  });
});

test('a type that is named twice is heard once', async () => {
  const socket = (await openSocket()) as Socket<{ type: 'a' | 'b' }>;
  const heard: string[] = [];
  renderHook(() => useMessage(socket, ['a', 'a'], ({ type }) => heard.push(type)));
  lines.native.receiveJson({ type: 'a' });
  expect(heard).toEqual(['a']);
  act(() => void socket.close());
});

test('who leaves a line and comes back at once hears of a drop once', async () => {
  const [first, second] = [await openSocket(), await openSocket()];
  act(() => lines.natives[0]?.die(1006));
  const heard = vi.fn();
  const { rerender } = renderHook(({ socket }) => useSocketEvent(socket, 'drop', heard), {
    initialProps: { socket: first },
  });
  rerender({ socket: second });
  rerender({ socket: first });
  first.send('a', { ttl: 0 });
  await settle();
  expect(heard).toHaveBeenCalledTimes(1);
  act(() => [first, second].forEach((socket) => void socket.close()));
});

describe.runIf('Activity' in React)('a component that is hidden', () => {
  test('hears nothing, not even of another socket, until it is shown', async () => {
    const [first, second] = [await openSocket(), await openSocket()];
    const natives = [...lines.natives];
    const heard: unknown[] = [];
    const Hears = ({ socket }: { socket: Socket }) => {
      useMessage(socket, (message) => heard.push(message));
      return null;
    };
    const tree = (mode: 'visible' | 'hidden', socket: Socket) => (
      <React.Activity mode={mode}>
        <Hears socket={socket} />
      </React.Activity>
    );
    const { rerender } = render(tree('hidden', first));
    await settle();
    natives[0]?.receiveJson('hidden from the start');
    rerender(tree('visible', first));
    natives[0]?.receiveJson('shown');
    rerender(tree('hidden', second));
    await settle();
    for (const native of natives) native.receiveJson('hidden');
    rerender(tree('visible', second));
    natives[1]?.receiveJson('shown again');
    expect(heard).toEqual(['shown', 'shown again']);
    act(() => [first, second].forEach((socket) => void socket.close()));
  });
});
