import { afterEach, expect, test, vi } from 'vitest';
import { pageLifecycle, type Wake } from '../../../src/platform/lifecycle.js';

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
  const wakes: Wake[] = [];
  const unwatch = pageLifecycle.watch((wake) => wakes.push(wake));
  worker.dispatchEvent(new Event('online'));
  unwatch();
  worker.dispatchEvent(new Event('online'));
  expect(wakes).toEqual(['online']);
  expect(added).toEqual(['online']);
  expect(removed).toEqual(['online']);
  expect(pageLifecycle.isOnline()).toBe(false);
});

test('a Node with a navigator but no onLine is online', () => {
  vi.stubGlobal('navigator', {});
  expect(pageLifecycle.isOnline()).toBe(true);
});
