import { afterEach, expect, test, vi } from 'vitest';
import { pageLifecycle } from '../../../src/platform/lifecycle.js';

afterEach(() => vi.unstubAllGlobals());

test('a server has no comings and goings: watching is harmless', () => {
  vi.stubGlobal('addEventListener', undefined);
  vi.stubGlobal('removeEventListener', undefined);
  vi.stubGlobal('navigator', undefined);
  const unwatch = pageLifecycle.watch(() => undefined);
  unwatch();
  expect(pageLifecycle.isOnline()).toBe(true);
});

test('a worker has a network only, and is not asked for a document', () => {
  const worker = new EventTarget();
  const added: string[] = [];
  const removed: string[] = [];
  vi.stubGlobal('addEventListener', (type: string, listener: () => void) => {
    added.push(type);
    worker.addEventListener(type, listener);
  });
  vi.stubGlobal('removeEventListener', (type: string, listener: () => void) => {
    removed.push(type);
    worker.removeEventListener(type, listener);
  });
  vi.stubGlobal('navigator', { onLine: false });
  const wakes: true[] = [];
  const unwatch = pageLifecycle.watch(() => void wakes.push(true));
  worker.dispatchEvent(new Event('online'));
  unwatch();
  worker.dispatchEvent(new Event('online'));
  expect(wakes).toEqual([true]);
  expect(added).toContain('online');
  expect(removed).toEqual(added);
  expect(pageLifecycle.isOnline()).toBe(false);
});

test('a Node with a navigator but no onLine is online', () => {
  vi.stubGlobal('navigator', {});
  expect(pageLifecycle.isOnline()).toBe(true);
});

test('a page in parts is watched in parts', () => {
  vi.stubGlobal('document', {});
  vi.stubGlobal('addEventListener', undefined);
  vi.stubGlobal('navigation', {});
  expect(pageLifecycle.isHidden()).toBe(false);
  expect(() => pageLifecycle.watch(() => undefined)()).not.toThrow();
});
