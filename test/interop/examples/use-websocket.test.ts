/** `use-websocket.ts` of docs/from-partysocket.md, and the hook of partysocket whose place it takes. */
import { cleanup, renderHook } from '@testing-library/react';
import { useWebSocket as theirs } from 'partysocket/react';
import { createElement, type ReactNode, StrictMode } from 'react';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { startLineServer } from '../../support/line-server.mjs';
import { moduleOf } from './page-code.js';
import { ForgivingWebSocket } from './subjects.js';

type Hook = (
  url: string | (() => string),
  protocols: string[] | null,
  options: Record<string, unknown>,
) => { readonly readyState: number; readonly url: string; send(data: string): unknown };

// Only the document that React needs: all else is Node's, as in the other tests here.
await vi.hoisted(async () => {
  const { Window } = await import('happy-dom');
  const window = new Window();
  vi.stubGlobal('window', window);
  vi.stubGlobal('document', window.document);
  vi.stubGlobal('navigator', window.navigator);
});

const { useWebSocket: ours } = (await moduleOf('from-partysocket.md', 'use-websocket.ts')) as {
  useWebSocket: Hook;
};

afterEach(cleanup);

const strictly = ({ children }: { children: ReactNode }) =>
  createElement(StrictMode, null, children);

async function server() {
  const line = await startLineServer({ onConnection: (socket) => socket.send('welcome') });
  onTestFinished(() => line.stop());
  return line;
}

describe.each<[string, Hook]>([
  ['partysocket', theirs],
  ['the page', ours],
])('useWebSocket of %s', (_, hook) => {
  const options = { WebSocket: ForgivingWebSocket };

  test.each([undefined, strictly])('connects, and tells the listeners (%o)', async (wrapper) => {
    const line = await server();
    const heard: string[] = [];
    const listeners = (generation: string) => ({
      onOpen: () => heard.push(`open ${generation}`),
      onMessage: ({ data }: MessageEvent) => heard.push(`${String(data)} ${generation}`),
      onClose: ({ code }: { code: number }) => heard.push(`close ${code} ${generation}`),
    });
    const { result, rerender, unmount } = renderHook(
      ({ generation }) => hook(line.url, null, { ...options, ...listeners(generation) }),
      { initialProps: { generation: 'a' }, ...(wrapper ? { wrapper } : {}) },
    );
    result.current.send('early');
    await eventually(() => expect(heard).toContain('welcome a'));
    expect(line.connections).toBe(1);
    expect(await line.nextMessage()).toBe('early');
    const { current } = result;
    rerender({ generation: 'b' });
    expect(result.current).toBe(current);
    unmount();
    // There from within, here a moment later.
    await eventually(() => expect(heard.at(-1)).toBe('close 1000 b'));
    await eventually(() => expect(line.connections).toBe(0));
  });

  test('is closed while it is not enabled', async () => {
    const line = await server();
    const { result, rerender } = renderHook(
      ({ enabled }) => hook(line.url, null, { ...options, enabled }),
      { initialProps: { enabled: false } },
    );
    expect(result.current.readyState).toBe(3);
    rerender({ enabled: true });
    await eventually(() => expect(result.current.readyState).toBe(1));
    rerender({ enabled: false });
    await eventually(() => expect(line.connections).toBe(0));
    expect(line.accepted).toBe(1);
    rerender({ enabled: true });
    await eventually(() => expect(line.connections).toBe(1));
  });

  test('goes to another address, and keeps a function', async () => {
    const line = await server();
    const { result, rerender } = renderHook(
      ({ url }: { url: string | (() => string) }) => hook(url, null, { ...options }),
      { initialProps: { url: `${line.url}/a` as string | (() => string) } },
    );
    await eventually(() => expect(result.current.readyState).toBe(1));
    rerender({ url: `${line.url}/b` });
    await eventually(() => expect(result.current.url).toBe(`${line.url}/b`));
    await eventually(() => expect(line.connections).toBe(1));
    rerender({ url: () => `${line.url}/c` });
    await eventually(() => expect(result.current.url).toBe(`${line.url}/c`));
    const { current } = result;
    rerender({ url: () => `${line.url}/d` });
    expect(result.current).toBe(current);
  });
});
