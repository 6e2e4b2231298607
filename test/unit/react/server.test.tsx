// @vitest-environment happy-dom
import { act, cleanup, render, renderHook } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { createContext, useContext, useState, version } from 'react';
import { afterEach, beforeEach, expect, test, vi, type MockInstance } from 'vitest';
import { createSocket } from '../../../src/index.js';
import { SocketProvider, useLatest, useMessage, useSocket } from '../../../src/react/index.js';
import { scriptedLines } from '../../support/scripted-lines.js';

const url = 'wss://example.com/hydrated';

let lines: ReturnType<typeof scriptedLines>;

beforeEach(() => {
  vi.useFakeTimers();
  lines = scriptedLines();
});

afterEach(() => {
  cleanup();
  vi.runAllTimers();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const settle = () => act(() => vi.advanceTimersByTimeAsync(0));

let renders = 0;

const Chat = () => {
  const { status, socket } = useSocket<{ type: 'chat'; text: string }>();
  useMessage(socket, 'chat', () => undefined);
  const text = useLatest(socket, 'chat', { select: (message) => message.text, initial: 'nothing' });
  renders++;
  return <p>{`${status}, ${text}`}</p>;
};
const page = () => (
  <SocketProvider url={url} options={{ WebSocket: lines.WebSocket }}>
    <Chat />
  </SocketProvider>
);

test('these tests run with the version of React that they are to run with', () => {
  expect(version).toMatch(new RegExp(`^${process.env['FRAMEWORK_VERSION'] ?? '19'}\\.`));
});

/** What was said on the console; React 18 takes a page that renders as a server for a mistake. */
const complaints = (error: MockInstance<typeof console.error>): unknown[] =>
  error.mock.calls.filter(([text]) => !/useLayoutEffect does nothing/.test(String(text)));

test('a server renders an idle line, and connects nothing', async () => {
  const error = vi.spyOn(console, 'error');
  expect(renderToString(page())).toBe('<p>idle, nothing</p>');
  await settle();
  // Here is a page, where a render may take a while.
  await vi.advanceTimersByTimeAsync(5_000);
  expect(lines.natives).toHaveLength(0);
  expect(vi.getTimerCount()).toBe(0);
  expect(complaints(error)).toEqual([]);
});

test('a server may be one that has no weak references, as some at the edge', async () => {
  vi.stubGlobal('WeakRef', undefined);
  vi.stubGlobal('FinalizationRegistry', undefined);
  vi.resetModules();
  const adapter = await import('../../../src/react/index.js');
  const Status = () => adapter.useSocket(url, { WebSocket: lines.WebSocket }).status;
  expect(renderToString(<Status />)).toBe('idle');
  vi.unstubAllGlobals();
});

test('hydrating takes it over without a warning, also where the line is open already', async () => {
  const error = vi.spyOn(console, 'error');
  const recoverable = vi.fn();
  const other = render(page());
  await settle();
  act(() => lines.native.open());
  const container = document.createElement('div');
  document.body.append(container);
  container.innerHTML = renderToString(page());
  renders = 0;
  render(page(), { container, hydrate: true, onRecoverableError: recoverable } as object);
  await settle();
  expect(container.textContent).toBe('open, nothing');
  expect(renders).toBe(2);
  expect(complaints(error)).toEqual([]);
  expect(recoverable).not.toHaveBeenCalled();
  expect(lines.natives).toHaveLength(1);
  other.unmount();
});

test('hydrating renders a component that reads no status only once', async () => {
  const Mute = () => {
    renders++;
    return typeof useSocket(url, { WebSocket: lines.WebSocket }).send;
  };
  const container = document.createElement('div');
  container.innerHTML = renderToString(<Mute />);
  renders = 0;
  render(<Mute />, { container, hydrate: true });
  await settle();
  act(() => lines.native.open());
  expect(renders).toBe(1);
});

test('what is read later than hydrated is the present status', async () => {
  type Shared = Pick<ReturnType<typeof useSocket>, 'status'>;
  const options = { WebSocket: lines.WebSocket };
  const other = renderHook(() => useSocket(url, options));
  await settle();
  act(() => lines.native.open());
  const Line = createContext<Shared>({ status: 'idle' });
  const Status = () => useContext(Line).status;
  let shared: Shared | undefined;
  let show: (isShown: boolean) => void = () => undefined;
  const Late = () => {
    const [isShown, setShown] = useState(false);
    show = setShown;
    return isShown ? <Status /> : null;
  };
  const late = <Late />;
  const App = () => (
    <Line.Provider value={(shared = useSocket(url, options))}>{late}</Line.Provider>
  );
  const container = document.createElement('div');
  render(<App />, { container, hydrate: true });
  await settle();
  expect(shared?.status).toBe('open');
  act(() => show(true));
  expect(container.textContent).toBe('open');
  other.unmount();
});

test('a socket of your own may be hydrated in any state', async () => {
  const error = vi.spyOn(console, 'error');
  const socket = createSocket(url, { WebSocket: lines.WebSocket });
  const Status = () => <p>{useSocket(socket).status}</p>;
  const container = document.createElement('div');
  document.body.append(container);
  container.innerHTML = '<p>idle</p>';
  render(<Status />, { container, hydrate: true });
  expect(container.textContent).toBe('connecting');
  expect(complaints(error)).toEqual([]);
  await socket.close();
});
