import { afterEach, describe, expect, test, vi } from 'vitest';
import { systemPlatform } from '../../../src/platform/platform.js';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the clock', () => {
  test('is the wall clock, which goes on while the machine sleeps', () => {
    vi.useFakeTimers({ now: 1_234_567 });
    expect(systemPlatform.clock.now()).toBe(1_234_567);
    vi.setSystemTime(9_999_999);
    expect(systemPlatform.clock.now()).toBe(9_999_999);
  });

  test('calls back once, after the delay', () => {
    vi.useFakeTimers();
    const callback = vi.fn();
    systemPlatform.clock.after(100, callback);
    vi.advanceTimersByTime(99);
    expect(callback).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_000);
    expect(callback).toHaveBeenCalledOnce();
  });

  test('forgets what is cancelled, and does not mind what is not there', () => {
    vi.useFakeTimers();
    const callback = vi.fn();
    systemPlatform.clock.cancel(systemPlatform.clock.after(100, callback));
    systemPlatform.clock.cancel(undefined);
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(1_000);
    expect(callback).not.toHaveBeenCalled();
  });
});

test('chance is that of Math.random', () => {
  const random = vi.spyOn(Math, 'random').mockReturnValue(0.25);
  expect(systemPlatform.random()).toBe(0.25);
  random.mockRestore();
});

describe('the WebSocket class', () => {
  test('is the global one, looked up when needed, since it may come late', () => {
    vi.stubGlobal('WebSocket', undefined);
    expect(systemPlatform.webSocket()).toBeUndefined();
    const WebSocket = vi.fn();
    vi.stubGlobal('WebSocket', WebSocket);
    expect(systemPlatform.webSocket()).toBe(WebSocket);
  });
});

describe('what a listener threw', () => {
  test('goes to the global reportError', () => {
    const reportError = vi.fn();
    vi.stubGlobal('reportError', reportError);
    const error = new Error('oops');
    systemPlatform.report(error);
    expect(reportError).toHaveBeenCalledExactlyOnceWith(error);
  });

  test.each([undefined, {}])('is an uncaught exception where that is %s', (reportError) => {
    const tasks: (() => void)[] = [];
    vi.stubGlobal('reportError', reportError);
    vi.stubGlobal('queueMicrotask', (task: () => void) => tasks.push(task));
    const error = new Error('oops');
    systemPlatform.report(error);
    expect(tasks).toHaveLength(1);
    expect(tasks[0]).toThrow(error);
  });
});
