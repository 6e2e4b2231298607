// @vitest-environment happy-dom
import { createSSRApp, defineComponent, h, nextTick } from 'vue';
import { renderToString } from 'vue/server-renderer';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSocket, type Socket } from '../../../src/index.js';
import { useLatest, useMessage, useSocket } from '../../../src/vue/index.js';
import { scriptedLines } from '../../support/scripted-lines.js';

const url = 'wss://example.com/hydrated';

let lines: ReturnType<typeof scriptedLines>;

beforeEach(() => {
  vi.useFakeTimers();
  lines = scriptedLines();
});

afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const settle = () => vi.advanceTimersByTimeAsync(0);

const Chat = defineComponent(() => {
  const { status, socket } = useSocket<{ type: 'chat'; text: string }>(url, {
    WebSocket: lines.WebSocket,
  });
  useMessage(socket, 'chat', () => undefined);
  const text = useLatest(socket, 'chat', { select: (message) => message.text, initial: 'nothing' });
  return () => h('p', `${status.value}, ${text.value}`);
});

test('a server renders an idle line, and connects nothing', async () => {
  const warn = vi.spyOn(console, 'warn');
  expect(await renderToString(createSSRApp(Chat))).toBe('<p>idle, nothing</p>');
  await settle();
  // Here is a page, where a render may take a while.
  await vi.advanceTimersByTimeAsync(5_000);
  expect(lines.natives).toHaveLength(0);
  expect(vi.getTimerCount()).toBe(0);
  expect(warn).not.toHaveBeenCalled();
});

test('a server leaves no listener behind on a socket that lives on', async () => {
  const socket: Socket = createSocket(url, { WebSocket: lines.WebSocket, autoConnect: false });
  const on = vi.spyOn(socket, 'on');
  const User = defineComponent(() => {
    useMessage(socket, () => undefined);
    useLatest(socket);
    return () => null;
  });
  await renderToString(createSSRApp(User));
  expect(on).not.toHaveBeenCalled();
});

test('hydrating takes it over without a warning, also where the line is open already', async () => {
  const warn = vi.spyOn(console, 'warn');
  const error = vi.spyOn(console, 'error');
  const first = createSSRApp(Chat);
  first.mount(document.createElement('div'));
  await settle();
  lines.native.open();
  warn.mockClear();
  const container = document.createElement('div');
  document.body.append(container);
  container.innerHTML = '<p>idle, nothing</p>';
  const second = createSSRApp(Chat);
  second.mount(container);
  await nextTick();
  expect(container.textContent).toBe('open, nothing');
  expect(warn).not.toHaveBeenCalled();
  expect(error).not.toHaveBeenCalled();
  expect(lines.natives).toHaveLength(1);
  first.unmount();
  second.unmount();
  await settle();
});
