// @vitest-environment happy-dom
import { act, cleanup, render, renderHook } from '@testing-library/react';
import { StrictMode, Suspense, useEffect } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Socket } from '../../../src/index.js';
import { useLatest, useMessage, useSocket } from '../../../src/react/index.js';
import { scriptedLines } from '../../support/scripted-lines.js';
import { openSocket } from '../../support/world.js';

type Message = { type: 'price'; symbol: string; value: number } | { type: 'chat'; text: string };

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  cleanup();
  vi.runAllTimers();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const price = (value: number, symbol = 'ACME'): Message => ({ type: 'price', symbol, value });
const chat = (text: string): Message => ({ type: 'chat', text });
const line = () => openSocket<Message>();
const nextFrame = () => act(() => void vi.advanceTimersToNextFrame());

describe('useMessage', () => {
  test('hears every message of its type, in order, and renders nothing', async () => {
    const { socket, native } = await line();
    const heard: number[] = [];
    let renders = 0;
    renderHook(() => {
      renders++;
      useMessage(socket, 'price', ({ value }) => heard.push(value));
    });
    for (let n = 0; n < 1_000; n++) {
      native.receiveJson(price(n));
      native.receiveJson(chat('no'));
    }
    expect(heard).toEqual(Array.from({ length: 1_000 }, (_, n) => n));
    expect(renders).toBe(1);
  });

  test('hears messages of all types where none is named', async () => {
    const { socket, native } = await line();
    const heard: Message[] = [];
    renderHook(() => useMessage(socket, (message) => heard.push(message)));
    native.receiveJson(price(1));
    native.receiveJson(chat('hi'));
    expect(heard).toEqual([price(1), chat('hi')]);
  });

  test('calls the listener of the latest render', async () => {
    const { socket, native } = await line();
    const heard: string[] = [];
    const { rerender } = renderHook(
      ({ name }) => useMessage(socket, 'chat', ({ text }) => heard.push(`${name}: ${text}`)),
      { initialProps: { name: 'Ann' } },
    );
    native.receiveJson(chat('1'));
    rerender({ name: 'Bob' });
    native.receiveJson(chat('2'));
    expect(heard).toEqual(['Ann: 1', 'Bob: 2']);
  });

  test('calls it as soon as that render is on the page, before its effects', async () => {
    const { socket, native } = await line();
    const heard: string[] = [];
    const Child = ({ name }: { name: string }) => {
      useEffect(() => native.receiveJson(chat('hi')), [name]);
      return null;
    };
    const Parent = ({ name }: { name: string }) => {
      useMessage(socket, 'chat', () => heard.push(name));
      return <Child name={name} />;
    };
    const { rerender } = render(<Parent name="Ann" />);
    rerender(<Parent name="Bob" />);
    // The child's effects are first, and yet nothing is missed.
    expect(heard).toEqual(['Ann', 'Bob']);
  });

  test('does not call the listener of a render that was given up', async () => {
    const { socket, native } = await line();
    const heard: string[] = [];
    const never = new Promise(() => undefined);
    const User = ({ name }: { name: string }) => {
      useMessage(socket, 'chat', () => heard.push(name));
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- that is how to suspend
      if (name === 'Bob') throw never;
      return null;
    };
    const tree = (name: string) => (
      <Suspense>
        <User name={name} />
      </Suspense>
    );
    const { rerender } = render(tree('Ann'));
    rerender(tree('Bob'));
    native.receiveJson(chat('hi'));
    // And it still hears, though what it renders is hidden.
    expect(heard).toEqual(['Ann']);
  });

  test('listens once in StrictMode, and no more when it is gone', async () => {
    const { socket, native } = await line();
    const listener = vi.fn();
    const { unmount } = renderHook(() => useMessage(socket, 'chat', listener), {
      wrapper: StrictMode,
    });
    native.receiveJson(chat('1'));
    expect(listener).toHaveBeenCalledTimes(1);
    unmount();
    native.receiveJson(chat('2'));
    expect(listener).toHaveBeenCalledTimes(1);
  });

  test('follows another type and another socket', async () => {
    const [first, second] = [await line(), await line()];
    const heard: unknown[] = [];
    const { rerender } = renderHook(
      ({ socket, type }: { socket: Socket<Message>; type: 'price' | 'chat' }) =>
        useMessage(socket, type, (message) => heard.push(message)),
      { initialProps: { socket: first.socket, type: 'price' } },
    );
    rerender({ socket: first.socket, type: 'chat' });
    first.native.receiveJson(price(1));
    first.native.receiveJson(chat('first'));
    rerender({ socket: second.socket, type: 'chat' });
    first.native.receiveJson(chat('no more'));
    second.native.receiveJson(chat('second'));
    expect(heard).toEqual([chat('first'), chat('second')]);
  });

  test('hears what a server says first, on the line of its own component', async () => {
    const { WebSocket, natives } = scriptedLines();
    const heard: unknown[] = [];
    const { unmount } = renderHook(() => {
      const { socket } = useSocket<Message>('wss://example.com/first', { WebSocket });
      useMessage(socket, (message) => heard.push(message));
    });
    await act(() => vi.advanceTimersByTimeAsync(0));
    natives[0]?.open();
    natives[0]?.receiveJson(chat('welcome'));
    expect(heard).toEqual([chat('welcome')]);
    unmount();
  });
});

describe('useLatest', () => {
  test('renders once a frame, with the newest message', async () => {
    const { socket, native } = await line();
    const seen: (number | undefined)[] = [];
    renderHook(() => seen.push(useLatest(socket, 'price')?.value));
    for (let n = 1; n <= 1_000; n++) native.receiveJson(price(n));
    expect(seen).toEqual([undefined]);
    nextFrame();
    expect(seen).toEqual([undefined, 1_000]);
    native.receiveJson(price(1_001));
    native.receiveJson(price(1_002));
    nextFrame();
    expect(seen).toEqual([undefined, 1_000, 1_002]);
  });

  test('begins with the initial value', async () => {
    const { socket } = await line();
    const { result } = renderHook(() => useLatest(socket, 'price', { initial: 'none' }));
    expect(result.current).toBe('none');
  });

  test('takes messages of all types where none is named', async () => {
    const { socket, native } = await line();
    const { result } = renderHook(() => useLatest(socket, { select: ({ type }) => type }));
    const all = renderHook(() => useLatest(socket));
    native.receiveJson(chat('hi'));
    nextFrame();
    expect(result.current).toBe('chat');
    expect(all.result.current).toEqual(chat('hi'));
  });

  test('renders only when what is selected has changed', async () => {
    const { socket, native } = await line();
    let renders = 0;
    const { result } = renderHook(() => {
      renders++;
      return useLatest(socket, 'price', { select: ({ value }) => Math.floor(value) });
    });
    native.receiveJson(price(1.2));
    nextFrame();
    native.receiveJson(price(1.4));
    nextFrame();
    expect(result.current).toBe(1);
    expect(renders).toBe(2);
  });

  test('passes over messages of which nothing is selected', async () => {
    const { socket, native } = await line();
    const { result } = renderHook(() =>
      useLatest(socket, 'price', {
        select: ({ symbol, value }) => (symbol === 'ACME' ? value : undefined),
      }),
    );
    native.receiveJson(price(1));
    native.receiveJson(price(2, 'OTHER'));
    nextFrame();
    expect(result.current).toBe(1);
  });

  test('selects anew with what the latest render selects', async () => {
    const { socket, native } = await line();
    const seen: (number | string)[] = [];
    const { rerender } = renderHook(
      ({ wanted }) => {
        const select = ({ symbol, value }: { symbol: string; value: number }) =>
          symbol === wanted ? value : undefined;
        seen.push(useLatest(socket, 'price', { select, initial: 'none' }));
      },
      { initialProps: { wanted: 'ACME' } },
    );
    native.receiveJson(price(1));
    nextFrame();
    rerender({ wanted: 'OTHER' });
    native.receiveJson(price(2, 'OTHER'));
    nextFrame();
    expect(seen).toEqual(['none', 1, 'none', 2]);
  });

  test('selects from the newest message, also if that did not look new before', async () => {
    const { socket, native } = await line();
    const { result, rerender } = renderHook(
      ({ field }: { field: 'symbol' | 'value' }) =>
        useLatest(socket, 'price', { select: (message) => message[field] }),
      { initialProps: { field: 'symbol' } },
    );
    native.receiveJson(price(1));
    nextFrame();
    native.receiveJson(price(2));
    nextFrame();
    rerender({ field: 'value' });
    expect(result.current).toBe(2);
  });

  test.each([[0], [''], [false], [null]])('takes %j for a value', async (value) => {
    const { socket, native } = await openSocket();
    const { result } = renderHook(() => useLatest(socket, { initial: 'none' }));
    native.receiveJson(value);
    nextFrame();
    expect(result.current).toBe(value);
    native.receiveJson('next');
    nextFrame();
    expect(result.current).toBe('next');
  });

  test('goes on after a selection that threw', async () => {
    const { socket, native } = await line();
    vi.stubGlobal('reportError', vi.fn());
    let isBroken = false;
    const select = ({ text }: { text: string }) => {
      if (isBroken) throw new Error('no');
      return text;
    };
    const { result } = renderHook(() => useLatest(socket, 'chat', { select }));
    native.receiveJson(chat('1'));
    nextFrame();
    native.receiveJson(chat('2'));
    isBroken = true;
    expect(() => vi.advanceTimersToNextFrame()).toThrow('no');
    isBroken = false;
    native.receiveJson(chat('3'));
    nextFrame();
    expect(result.current).toBe('3');
    vi.unstubAllGlobals();
  });

  test('forgets what another socket said', async () => {
    const [first, second] = [await line(), await line()];
    const seen: unknown[] = [];
    const { rerender } = renderHook(({ socket }) => seen.push(useLatest(socket, 'chat')?.text), {
      initialProps: { socket: first.socket },
    });
    first.native.receiveJson(chat('first'));
    nextFrame();
    first.native.receiveJson(chat('late'));
    rerender({ socket: second.socket });
    nextFrame();
    second.native.receiveJson(chat('second'));
    nextFrame();
    expect(seen).toEqual([undefined, 'first', undefined, 'second']);
  });

  test('is up to date in a hidden page too, where there are no frames', async () => {
    vi.stubGlobal('requestAnimationFrame', () => 1);
    const { socket, native } = await line();
    const { result } = renderHook(() => useLatest(socket, 'chat')?.text);
    native.receiveJson(chat('hidden'));
    act(() => void vi.advanceTimersByTime(1_000));
    expect(result.current).toBe('hidden');
    vi.unstubAllGlobals();
  });

  test('is called by one of the two, the frame and the timer', async () => {
    const { socket, native } = await line();
    renderHook(() => useLatest(socket, 'chat'));
    native.receiveJson(chat('1'));
    nextFrame();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('does nothing when it is gone', async () => {
    const error = vi.spyOn(console, 'error');
    const { socket, native } = await line();
    const { unmount } = renderHook(() => useLatest(socket, 'chat'));
    native.receiveJson(chat('1'));
    unmount();
    native.receiveJson(chat('2'));
    nextFrame();
    expect(vi.getTimerCount()).toBe(0);
    expect(error).not.toHaveBeenCalled();
  });
});
