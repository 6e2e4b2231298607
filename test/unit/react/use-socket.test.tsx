// @vitest-environment happy-dom
import { act, cleanup, render, renderHook } from '@testing-library/react';
import * as React from 'react';
import {
  Component,
  memo,
  type ReactNode,
  startTransition,
  StrictMode,
  Suspense,
  useEffect,
  useLayoutEffect,
} from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createSocket, type SocketOptions } from '../../../src/index.js';
import {
  SocketProvider,
  type SocketProviderProps,
  useSocket,
  type UseSocketOptions,
} from '../../../src/react/index.js';
import { session } from '../../../src/session.js';
import { eventually } from '../../support/eventually.js';
import { scriptedLines } from '../../support/scripted-lines.js';
import { NEW_SESSION } from '../../support/session-line.js';

let lines: ReturnType<typeof scriptedLines>;
let url: string;
let names = 0;

beforeEach(() => {
  vi.useFakeTimers();
  lines = scriptedLines();
  url = `wss://example.com/${++names}`;
});

afterEach(async () => {
  cleanup();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(lines.live).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const options = (more: UseSocketOptions = {}): UseSocketOptions => ({
  WebSocket: lines.WebSocket,
  heartbeat: false,
  ...more,
});

/** Lets what is due now happen, and what follows from it. */
const settle = () => act(() => vi.advanceTimersByTimeAsync(0));

describe('one connection', () => {
  test('is made for a component, and closed when it is gone', async () => {
    const { result, unmount } = renderHook(() => useSocket(url, options()));
    await settle();
    expect(lines.natives.map((native) => native.url)).toEqual([url]);
    expect(result.current.status).toBe('connecting');
    act(() => lines.native.open());
    expect(result.current.status).toBe('open');
    unmount();
    await settle();
    expect(lines.native.closeCalls).toEqual([[1000, '']]);
  });

  test('serves twenty components, each rendering once when the status changes', async () => {
    const renders = Array.from({ length: 20 }, () => 0);
    const User = ({ index }: { index: number }) => {
      const { status } = useSocket(url, options());
      renders[index] = (renders[index] ?? 0) + 1;
      return status;
    };
    const users = renders.map((_, index) => <User key={index} index={index} />);
    const { container } = render(<>{users}</>);
    await settle();
    const before = [...renders];
    act(() => lines.native.open());
    expect(container.textContent).toBe('open'.repeat(20));
    expect(renders).toEqual(before.map((count) => count + 1));
    expect(lines.natives).toHaveLength(1);
  });

  test('lasts until the last component is gone', async () => {
    const User = () => useSocket(url, options()).status;
    const { rerender } = render([<User key="1" />, <User key="2" />]);
    await settle();
    rerender([<User key="2" />]);
    await settle();
    expect(lines.live).toHaveLength(1);
    rerender([]);
    await settle();
    expect(lines.live).toHaveLength(0);
  });

  test('is one in StrictMode', async () => {
    const { result } = renderHook(() => useSocket(url, options()), { wrapper: StrictMode });
    await settle();
    expect(lines.natives).toHaveLength(1);
    act(() => lines.native.open());
    expect(result.current.status).toBe('open');
    expect(lines.live).toHaveLength(1);
  });

  test('is one for a function that is written inline, in StrictMode too', async () => {
    const { rerender } = renderHook(() => useSocket(() => url, options()), { wrapper: StrictMode });
    await settle();
    rerender();
    await settle();
    expect(lines.natives).toHaveLength(1);
  });

  test('stays when all leave and one comes back in the same task', async () => {
    const first = renderHook(() => useSocket(url, options()));
    await settle();
    act(() => lines.native.open());
    first.unmount();
    const second = renderHook(() => useSocket(url, options()));
    await settle();
    expect(second.result.current.status).toBe('open');
    expect(second.result.current.socket).toBe(first.result.current.socket);
    expect(lines.natives).toHaveLength(1);
  });

  test('is not hurried out of its backoff by one who comes and goes', async () => {
    const { unmount } = renderHook(() => useSocket(url, options()));
    await settle();
    act(() => lines.native.open());
    act(() => lines.native.die(1012));
    unmount();
    const { result } = renderHook(() => useSocket(url, options()));
    expect(result.current.status).toBe('waiting');
    expect(lines.natives).toHaveLength(1);
  });

  test('is another one after all have left', async () => {
    const first = renderHook(() => useSocket(url, options()));
    await settle();
    first.unmount();
    await settle();
    const second = renderHook(() => useSocket(url, options()));
    await settle();
    expect(second.result.current.socket).not.toBe(first.result.current.socket);
    expect(lines.natives).toHaveLength(2);
  });

  test('that is closed for good is revived by who comes to the page later', async () => {
    const { result } = renderHook(() => useSocket(url, options()));
    await settle();
    act(() => lines.native.open());
    act(() => lines.native.die(4403));
    expect(result.current.status).toBe('closed');
    const second = renderHook(() => useSocket(url, options()));
    await act(() => vi.advanceTimersByTimeAsync(1_000));
    act(() => lines.native.open());
    expect(second.result.current.status).toBe('open');
    expect(result.current.status).toBe('open');
  });

  test.each([[false], [true]])(
    'that is closed for good is revived by another key (strict: %s)',
    async (isStrict) => {
      const User = () => useSocket(url, options()).status;
      const tree = (key: string) => {
        const user = <User key={key} />;
        return isStrict ? <StrictMode>{user}</StrictMode> : user;
      };
      const { container, rerender } = render(tree('1'));
      await settle();
      act(() => lines.native.open());
      act(() => lines.native.die(4403));
      expect(container.textContent).toBe('closed');
      rerender(tree('2'));
      await act(() => vi.advanceTimersByTimeAsync(1_000));
      act(() => lines.native.open());
      expect(container.textContent).toBe('open');
      expect(lines.natives).toHaveLength(2);
    },
  );

  describe.each([[false], [true]])(
    'of who gives options and who does not (strict: %s)',
    (isStrict) => {
      const handshake = vi.fn();
      const Badge = () => useSocket(url, options()).status;
      const Room = () => useSocket(url, options({ handshake, connectTimeout: 5_000 })).status;
      const Layout = () => (
        <>
          {useSocket(url, options()).status}
          <Room />
        </>
      );
      const draw = (...children: ReactNode[]) =>
        render(isStrict ? <StrictMode>{children}</StrictMode> : children);

      test.each([
        ['first', () => [<Room key="1" />, <Badge key="2" />]],
        ['above', () => [<Layout key="1" />]],
        ['last', () => [<Badge key="1" />, <Room key="2" />]],
      ])('is with those options: %s', async (_, children) => {
        handshake.mockClear();
        const { container } = draw(...children());
        await settle();
        act(() => lines.native.open());
        await settle();
        expect(handshake).toHaveBeenCalledTimes(1);
        expect(container.textContent).toBe('openopen');
        expect(lines.natives).toHaveLength(1);
      });
    },
  );

  test('stays paused for all who use it, also for who comes later, until somebody connects', async () => {
    const User = () => useSocket(url, options()).status;
    const { container, rerender } = render([<User key="1" />]);
    await settle();
    act(() => lines.native.open());
    const { result, unmount } = renderHook(() => useSocket(url, options()));
    await settle();
    act(() => result.current.socket.pause());
    act(() => lines.native.die(1000));
    rerender([<User key="1" />, <User key="2" />]);
    await settle();
    unmount();
    rerender([<User key="2" />]);
    await settle();
    rerender([
      <StrictMode key="3">
        <User />
      </StrictMode>,
      <User key="2" />,
    ]);
    await settle();
    expect(container.textContent).toBe('idleidle');
    expect(lines.natives).toHaveLength(1);
    act(() => result.current.socket.connect());
    await settle();
    act(() => lines.native.open());
    expect(container.textContent).toBe('openopen');
  });

  test('that is paused ends with its last user: the next one connects', async () => {
    const { result, unmount } = renderHook(() => useSocket(url, options()));
    await settle();
    act(() => lines.native.open());
    act(() => result.current.socket.pause());
    act(() => lines.native.die(1000));
    result.current.send('a');
    unmount();
    await settle();
    expect(result.current.socket.status).toBe('closed');
    expect(result.current.socket.queued.messages).toBe(0);
    const next = renderHook(() => useSocket(url, options()));
    await settle();
    expect(next.result.current.status).toBe('connecting');
    expect(lines.natives).toHaveLength(2);
  });

  test('waits with autoConnect: false', async () => {
    const { result } = renderHook(() => useSocket(url, options({ autoConnect: false })));
    await settle();
    expect(result.current.status).toBe('idle');
    act(() => result.current.socket.connect());
    await settle();
    expect(lines.natives).toHaveLength(1);
  });
});

describe('one connection, however late a component comes to the page', () => {
  test.runIf('Activity' in React)('when it is shown again, and others have another', async () => {
    const User = memo(() => <p>{useSocket(url, options()).status}</p>);
    // The same element: to be shown again is no reason to render it.
    const hidden = <User />;
    const tree = (mode: 'visible' | 'hidden', hasOther: boolean) => (
      <>
        <React.Activity mode={mode}>{hidden}</React.Activity>
        {hasOther && <User />}
      </>
    );
    const { container, rerender } = render(tree('visible', false));
    await settle();
    rerender(tree('hidden', false));
    await settle();
    expect(lines.live).toHaveLength(0);
    rerender(tree('hidden', true));
    await settle();
    rerender(tree('visible', true));
    await settle();
    expect(lines.live).toHaveLength(1);
    act(() => lines.live[0]?.open());
    expect(container.textContent).toBe('openopen');
  });

  test('when a transition renders it in many tasks', async () => {
    vi.useRealTimers();
    vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false);
    const sockets = new Set();
    let isOnPage = 0;
    const User = () => {
      const { socket, send } = useSocket<string>(url, options() as object);
      sockets.add(socket);
      useEffect(() => {
        // Once, whatever becomes of `send` later.
        send('hello');
        isOnPage++;
      }, []);
      return null;
    };
    // The real clock, also should a render be left over when the fake one stands still again.
    const now = performance.now.bind(performance);
    const Slow = () => {
      for (const end = now() + 10; now() < end;);
      return null;
    };
    const root = createRoot(document.createElement('div'));
    const all = Array.from({ length: 20 }, (_, index) =>
      index % 5 === 0 ? <User key={index} /> : <Slow key={index} />,
    );
    startTransition(() => root.render(all));
    await eventually(() => expect(isOnPage).toBe(4));
    await eventually(() => expect(lines.natives).toHaveLength(1));
    lines.native.open();
    expect(lines.native.sent).toEqual(Array(4).fill('"hello"'));
    expect(sockets.size).toBe(1);
    root.unmount();
    await eventually(() => expect(lines.live).toEqual([]));
    expect(lines.natives).toHaveLength(1);
    vi.unstubAllGlobals();
    vi.useFakeTimers();
  }, 60_000);
});

describe('which connection', () => {
  test('another URL is another connection, and the old one is closed', async () => {
    const { result, rerender } = renderHook(({ room }) => useSocket(`${url}/${room}`, options()), {
      initialProps: { room: 'a' },
    });
    await settle();
    act(() => lines.native.open());
    const before = result.current;
    rerender({ room: 'b' });
    expect(result.current.socket).not.toBe(before.socket);
    expect(result.current.status).not.toBe('open');
    await settle();
    expect(lines.live.map((native) => native.url)).toEqual([`${url}/b`]);
    act(() => lines.native.open());
    expect(result.current.status).toBe('open');
  });

  test('a URL object is known by what it says', async () => {
    const { result, rerender } = renderHook(() => useSocket(new URL(url), options()));
    const { socket } = result.current;
    rerender();
    await settle();
    expect(result.current.socket).toBe(socket);
    expect(lines.natives).toHaveLength(1);
  });

  test('new options with every render are no reason to reconnect', async () => {
    const { rerender } = renderHook(() =>
      useSocket(url, options({ reconnect: { maxDelay: 5_000 }, protocols: ['chat'] })),
    );
    await settle();
    rerender();
    await settle();
    expect(lines.natives).toHaveLength(1);
  });

  test.each([
    ['key', [{ key: 'a' }, { key: 'b' }]],
    ['protocols', [{ protocols: 'a' }, { protocols: 'b' }]],
  ])('another %s is another connection', async (_, all) => {
    for (const one of all) renderHook(() => useSocket(url, options(one)));
    renderHook(() => useSocket(url, options(all[0])));
    await settle();
    expect(lines.natives).toHaveLength(2);
  });

  test('functions with the same key share a connection', async () => {
    for (let count = 0; count < 2; count++) {
      renderHook(() => useSocket(() => url, options({ key: url })));
    }
    await settle();
    expect(lines.natives).toHaveLength(1);
  });

  test('of functions with the same key, the last of those that are in use is asked', async () => {
    const first = renderHook(() => useSocket(() => `${url}?first`, options({ key: url })));
    await settle();
    const second = renderHook(() => useSocket(() => `${url}?second`, options({ key: url })));
    act(() => first.result.current.socket.reconnect());
    await settle();
    second.unmount();
    await vi.advanceTimersByTimeAsync(1_000);
    act(() => first.result.current.socket.reconnect());
    await settle();
    expect(lines.natives.map((native) => native.url)).toEqual([
      `${url}?first`,
      `${url}?second`,
      `${url}?first`,
    ]);
  });

  test('who shares a line need not repeat its options', async () => {
    const handshake = vi.fn(() => Promise.resolve());
    renderHook(() => useSocket(url, options({ handshake })));
    const { result } = renderHook(() => useSocket(url));
    await settle();
    act(() => lines.native.open());
    await settle();
    expect(handshake).toHaveBeenCalledTimes(1);
    expect(result.current.status).toBe('open');
    expect(lines.natives).toHaveLength(1);
  });

  test('one of them need not be a function for all', async () => {
    const shared = { key: url };
    renderHook(() => useSocket(() => url, options({ ...shared, protocols: () => ['chat'] })));
    renderHook(() => useSocket(() => url, options({ ...shared, protocols: 'chat' })));
    await settle();
    expect(lines.natives.map(({ protocols }) => protocols)).toEqual([['chat']]);
  });

  test('functions without a key do not', async () => {
    for (let count = 0; count < 2; count++) renderHook(() => useSocket(() => url, options()));
    await settle();
    expect(lines.natives).toHaveLength(2);
  });

  test('a function is always that of the latest render', async () => {
    const { rerender } = renderHook(
      ({ token }) =>
        useSocket(
          () => `${url}?${token}`,
          options({
            protocols: () => [token],
            handshake: (link) => Promise.resolve(link.send(`hello from ${token}`)),
          }),
        ),
      { initialProps: { token: 'old' } },
    );
    await settle();
    expect(lines.native.url).toBe(`${url}?old`);
    rerender({ token: 'new' });
    act(() => lines.native.die(1006));
    await act(() => vi.advanceTimersByTimeAsync(2_000));
    expect(lines.native.url).toBe(`${url}?new`);
    expect(lines.native.protocols).toEqual(['new']);
    act(() => lines.native.open());
    await settle();
    expect(lines.native.sent).toEqual(['"hello from new"']);
    expect(lines.natives).toHaveLength(2);
  });
});

describe('before it is on the page', () => {
  test('the socket is there, and queues', async () => {
    const Child = ({ send }: { send: (message: string) => string }) => {
      useLayoutEffect(() => {
        expect(send('from a layout effect')).toBe('queued');
      }, [send]);
      useEffect(() => {
        expect(send('from an effect')).toBe('queued');
      }, [send]);
      return null;
    };
    const Parent = () => <Child send={useSocket<string>(url, options() as object).send} />;
    render(<Parent />);
    await settle();
    act(() => lines.native.open());
    expect(lines.native.sent).toEqual(['"from a layout effect"', '"from an effect"']);
  });

  test('a render that suspends connects nothing', async () => {
    let resume: (value: unknown) => void = () => undefined;
    const resource = new Promise((resolve) => (resume = resolve));
    let isReady = false;
    const Slow = () => {
      const { status } = useSocket(url, options());
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- as React 18 libraries do it
      if (!isReady) throw resource;
      return status;
    };
    const { container } = render(
      <Suspense fallback="…">
        <Slow />
      </Suspense>,
    );
    await settle();
    expect(container.textContent).toBe('…');
    expect(lines.natives).toHaveLength(0);
    isReady = true;
    act(() => resume(undefined));
    await settle();
    expect(container.textContent).toBe('connecting');
    expect(lines.natives).toHaveLength(1);
  });

  test('a render that is given up does not change what a function means', async () => {
    const never = new Promise(() => undefined);
    const User = ({ source }: { source: string | (() => string) }) => {
      const { status } = useSocket(source, options());
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- that is how to suspend
      if (typeof source === 'string') throw never;
      return status;
    };
    const tree = (source: string | (() => string)) => (
      <Suspense>
        <User source={source} />
      </Suspense>
    );
    const { rerender } = render(tree(() => url));
    await settle();
    act(() => startTransition(() => rerender(tree(url))));
    rerender(tree(() => url));
    await settle();
    expect(lines.natives).toHaveLength(1);
  });

  test('what a render was given that came to nothing is forgotten', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const Broken = () => {
      useSocket(url, options({ autoConnect: false }));
      throw new Error('no');
    };
    expect(() => render(<Broken />)).toThrow('no');
    await settle();
    const { result } = renderHook(() => useSocket(url, options()));
    await settle();
    expect(result.current.status).toBe('connecting');
  });

  test('a render that throws connects nothing', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const Broken = () => {
      useSocket(url, options());
      throw new Error('no');
    };
    expect(() => render(<Broken />)).toThrow('no');
    await settle();
    expect(lines.natives).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('what waits when the last user leaves', () => {
  /** Has sent something while the line was down, and is gone. */
  async function leaveAMessage() {
    const { result, unmount } = renderHook(() => useSocket(url, options()));
    await settle();
    act(() => lines.native.open());
    await vi.advanceTimersByTimeAsync(1_000);
    act(() => lines.native.die(1006));
    result.current.send('last words');
    unmount();
    await settle();
    return result.current.socket;
  }

  test('still goes out, and then the line is closed', async () => {
    await leaveAMessage();
    await vi.advanceTimersByTimeAsync(1_850);
    lines.native.open();
    await settle();
    expect(lines.native.sent).toEqual(['"last words"']);
    expect(lines.live).toEqual([]);
  });

  test('is given up after a while', async () => {
    const socket = await leaveAMessage();
    const drops: unknown[] = [];
    socket.on('drop', (drop) => drops.push(drop));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(drops).toEqual([{ message: 'last words', reason: 'closed' }]);
    expect(socket.status).toBe('closed');
  });

  test('is not hurried for who comes back meanwhile: it is the same line', async () => {
    const socket = await leaveAMessage();
    const { result } = renderHook(() => useSocket(url, options()));
    await settle();
    expect(result.current.socket).toBe(socket);
    act(() => lines.native.open());
    expect(lines.native.sent).toEqual(['"last words"']);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(result.current.status).toBe('open');
  });
});

describe('a component renders', () => {
  test('not at all when it does not read the status', async () => {
    let renders = 0;
    const Mute = () => {
      const { send, socket } = useSocket(url, options());
      renders++;
      return typeof send + socket.url;
    };
    render([<Mute key="1" />, <Mute key="2" />]);
    const before = renders;
    await settle();
    act(() => lines.native.open());
    act(() => lines.native.die(1006));
    await settle();
    expect(renders).toBe(before);
  });

  test('with the present status when it begins to read it', async () => {
    const seen: string[] = [];
    const User = ({ reads }: { reads: boolean }) => {
      const line = useSocket(url, options());
      if (reads) seen.push(line.status);
      return null;
    };
    const { rerender } = render(<User reads={false} />);
    await settle();
    act(() => lines.native.open());
    rerender(<User reads />);
    expect(seen).toEqual(['open']);
    act(() => lines.native.die(1006));
    expect(seen).toEqual(['open', 'waiting']);
  });

  test('not when only the attempt is another', async () => {
    let renders = 0;
    renderHook(() => (renders++, useSocket(url, options()).status));
    await settle();
    const before = renders;
    act(() => lines.native.die(1006));
    expect(renders).toBe(before + 1);
  });

  test('with the same send for as long as the socket is the same', () => {
    const { result, rerender } = renderHook(({ room }) => useSocket(url + room, options()), {
      initialProps: { room: 'a' },
    });
    const { send } = result.current;
    rerender({ room: 'a' });
    expect(result.current.send).toBe(send);
    rerender({ room: 'b' });
    expect(result.current.send).not.toBe(send);
  });
});

describe('a socket of your own', () => {
  const own = (more?: SocketOptions) => createSocket(url, { ...options(), ...more });

  test('is used, and neither connected nor closed', async () => {
    const socket = own({ autoConnect: false });
    const { result, unmount } = renderHook(() => useSocket(socket));
    await settle();
    expect(result.current.socket).toBe(socket);
    expect(result.current.status).toBe('idle');
    act(() => socket.connect());
    expect(result.current.status).toBe('connecting');
    unmount();
    await settle();
    expect(socket.status).toBe('connecting');
    void socket.close();
  });

  test('may become another one', () => {
    const [first, second] = [own(), own({ autoConnect: false })];
    const { result, rerender } = renderHook(({ socket }) => useSocket(socket), {
      initialProps: { socket: first },
    });
    expect(result.current.status).toBe('connecting');
    rerender({ socket: second });
    expect(result.current.status).toBe('idle');
    void first.close();
  });
});

describe('SocketProvider', () => {
  const Status = () => useSocket().status;

  test('gives its line to everyone below, and closes it', async () => {
    const tree = (
      <SocketProvider url={url} options={options()}>
        <Status /> <Status />
      </SocketProvider>
    );
    const { container, unmount } = render(tree);
    await settle();
    act(() => lines.native.open());
    expect(container.textContent).toBe('open open');
    expect(lines.natives).toHaveLength(1);
    unmount();
  });

  test('gives a socket of your own, and leaves it alone', async () => {
    const socket = createSocket(url, options());
    const { container, unmount } = render(
      <SocketProvider socket={socket}>
        <Status />
      </SocketProvider>,
    );
    expect(container.textContent).toBe('connecting');
    unmount();
    await settle();
    expect(socket.status).toBe('connecting');
    void socket.close();
  });

  test('does not render what is below it when the status changes', async () => {
    let renders = 0;
    const Mute = () => (renders++, typeof useSocket().send);
    render(
      <SocketProvider url={url} options={options()}>
        <Mute />
      </SocketProvider>,
    );
    await settle();
    act(() => lines.native.open());
    expect(renders).toBe(1);
  });

  test('the nearest one counts', async () => {
    const { container } = render(
      <SocketProvider url={url} options={options()}>
        <SocketProvider url={`${url}/inner`} options={options({ autoConnect: false })}>
          <Status />
        </SocketProvider>
      </SocketProvider>,
    );
    await settle();
    expect(container.textContent).toBe('idle');
  });
});

describe('a mistake is an error that names the hook', () => {
  const mistake = (message: RegExp): unknown =>
    expect.objectContaining({
      name: 'SocketError',
      code: 'options',
      message: expect.stringMatching(message) as unknown,
    });

  class Boundary extends Component<{ children: ReactNode; onError: (error: unknown) => void }> {
    override state = { failed: false };
    static getDerivedStateFromError() {
      return { failed: true };
    }
    override componentDidCatch(error: unknown) {
      this.props.onError(error);
    }
    override render() {
      return this.state.failed ? 'failed' : this.props.children;
    }
  }

  /** What the last of these components throws, each rendered in place of the one before. */
  async function errorOf(...hooks: (() => unknown)[]): Promise<unknown> {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const onError = vi.fn();
    const User = ({ hook }: { hook: () => unknown }) => (hook(), null);
    const tree = (hook: () => unknown) => (
      <Boundary onError={onError}>
        <User hook={hook} />
      </Boundary>
    );
    const { rerender } = render(null);
    for (const hook of hooks) {
      expect(onError).not.toHaveBeenCalled();
      rerender(tree(hook));
      await settle();
    }
    return onError.mock.calls[0]?.[0];
  }

  /** What an effect throws: happy-dom passes it on from within the event by which React 18 looks for it. */
  const inEffect = test.skipIf(React.version.startsWith('18.'));

  test('outside of a provider', async () => {
    expect(await errorOf(() => useSocket())).toEqual(mistake(/^useSocket.*SocketProvider/));
  });

  test.each([[true], [5], [5n], [{}], [['ws://localhost']]])('a URL that is %s', async (wrong) => {
    expect(await errorOf(() => useSocket(wrong as never))).toMatchObject({
      code: 'url',
      message: expect.stringMatching(/not a URL$/) as unknown,
    });
  });

  test('a URL that is none', async () => {
    expect(await errorOf(() => useSocket('http://['))).toMatchObject({ code: 'url' });
  });

  test('inside of a provider of nothing', async () => {
    const User = () => useSocket().status;
    const nothing = {} as SocketProviderProps;
    const error = await errorOf(() => SocketProvider({ ...nothing, children: <User /> }));
    expect(error).toBeUndefined();
  });

  inEffect('an option that an open line does without', async () => {
    renderHook(() => useSocket(url, options()));
    await settle();
    const error = await errorOf(() => useSocket(url, options({ connectTimeout: 5_000 })));
    expect(error).toEqual(mistake(/^useSocket.*options\.connectTimeout 5000/));
  });

  inEffect('another WebSocket class than others use', async () => {
    class Other extends lines.WebSocket {}
    renderHook(() => useSocket(url, options()));
    await settle();
    expect(await errorOf(() => useSocket(url, options({ WebSocket: Other })))).toEqual(
      mistake(/^useSocket.*WebSocket/),
    );
  });

  test('an option that there is not', async () => {
    const error = await errorOf(() => useSocket(url, { retries: 5 } as UseSocketOptions));
    expect(error).toMatchObject({ code: 'options', message: 'unknown options.retries' });
  });
});

describe('a session', () => {
  const said = () => lines.native.sent.map((frame) => (frame as string).split('\n'));
  const welcome = { sid: 's1', key: 'k1', ...NEW_SESSION };

  test('is written inline, and is the same at each render', async () => {
    const View = ({ text }: { text: string }) => {
      const { send, status } = useSocket(url, options({ session: session() }));
      useEffect(() => void send(text), [send, text]);
      return <p>{status}</p>;
    };
    const { container, rerender, unmount } = render(<View text="a" />, { wrapper: StrictMode });
    await settle();
    act(() => lines.native.open());
    await settle();
    act(() => lines.native.receive(JSON.stringify([1, welcome])));
    await settle();
    expect(container.textContent).toBe('open');
    rerender(<View text="b" />);
    await settle();
    expect(said().slice(1)).toEqual([
      ['[2,1]', '"a"'],
      ['[2,2]', '"a"'],
      ['[2,3]', '"b"'],
    ]);
    unmount();
    await settle();
    // What was sent is still to be acknowledged.
    expect(said()).toHaveLength(4);
    lines.native.receive('[3,3]');
    await vi.advanceTimersByTimeAsync(20);
    expect(said().at(-1)?.[0]).toMatch(/^\[8,/);
  });
});
