import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { eventually } from '../../support/eventually.js';

const GLOBALS = [
  ...['WebSocket', 'window', 'self', 'document', 'navigator', 'location'],
  ...['addEventListener', 'removeEventListener', 'reportError'],
];

beforeEach(() => {
  vi.resetModules();
  for (const name of GLOBALS) vi.stubGlobal(name, undefined);
});
afterEach(() => vi.unstubAllGlobals());

test('where nothing of a browser is, everything can be imported', async () => {
  const index = await import('../../../src/index.js');
  expect(index.createSocket).toBeTypeOf('function');
  const global = await import('../../../src/global.js');
  expect(Object.keys(global).sort()).toEqual(Object.keys(index).sort());
});

test('where nothing of a browser is, a socket is idle and can be rendered', async () => {
  const { createSocket } = await import('../../../src/index.js');
  for (const url of ['/line', 'wss://example.com/line', () => '/line']) {
    const socket = createSocket(url);
    expect(socket.status).toBe('idle');
    const { since } = socket.getSnapshot();
    expect(socket.getSnapshot()).toEqual({ ...socket.getServerSnapshot(), since });
    expect(() => socket.connect()).toThrow(expect.objectContaining({ code: 'unsupported' }));
    expect(socket.status).toBe('idle');
    await socket.close();
    expect(socket.status).toBe('closed');
  }
});

test('where nothing of a browser is, mistakes are still found', async () => {
  const { createSocket } = await import('../../../src/index.js');
  expect(() => createSocket('ftp://example.com/')).toThrow(
    expect.objectContaining({ code: 'url' }),
  );
  expect(() => createSocket('/line', { connectTimeout: 0 })).toThrow(
    expect.objectContaining({ code: 'options' }),
  );
});

test('where there is a WebSocket and no page, a socket for pages stays idle, whatever its URL', async () => {
  const made = vi.fn();
  vi.stubGlobal('WebSocket', made);
  const { createSocket } = await import('../../../src/index.js');
  for (const url of ['/line', 'wss://example.com/line']) {
    const socket = createSocket(url, { autoConnect: 'page' });
    await Promise.resolve();
    expect(socket.status).toBe('idle');
    await socket.close();
  }
  expect(made).not.toHaveBeenCalled();
});

test.each([
  ['a page', { document: { baseURI: 'https://example.com/' } }],
  ['a worker of one', { location: { href: 'https://example.com/worker.js' } }],
])('where there is %s, it connects', async (_, globals) => {
  const urls: unknown[] = [];
  class WebSocket {
    constructor(url: string) {
      urls.push(url);
    }
    close = () => undefined;
  }
  for (const [name, value] of Object.entries({ ...globals, WebSocket })) vi.stubGlobal(name, value);
  const { createSocket } = await import('../../../src/index.js');
  const socket = createSocket('wss://example.com/line', { autoConnect: 'page' });
  await eventually(() => expect(urls).toEqual(['wss://example.com/line']));
  void socket.close();
});

test('where the engine has no dispose symbols, those are used that compilers fall back on', async () => {
  const RealSymbol = Symbol;
  const OldSymbol = new Proxy((name?: string) => RealSymbol(name), {
    get: (_, name) =>
      name === 'dispose' || name === 'asyncDispose'
        ? undefined
        : (Reflect.get(RealSymbol, name) as unknown),
  });
  vi.stubGlobal('Symbol', OldSymbol);
  const { createSocket } = await import('../../../src/index.js');
  for (const name of ['dispose', 'asyncDispose']) {
    const socket = createSocket('/line');
    const methods = socket as unknown as Record<symbol, () => unknown>;
    await methods[Symbol.for(`Symbol.${name}`)]?.call(socket);
    expect(socket.status).toBe('closed');
  }
});

test('importing does nothing: no timer, no listener', async () => {
  vi.useFakeTimers();
  const addEventListener = vi.fn();
  vi.stubGlobal('addEventListener', addEventListener);
  await import('../../../src/index.js');
  expect(vi.getTimerCount()).toBe(0);
  expect(addEventListener).not.toHaveBeenCalled();
  vi.useRealTimers();
});
