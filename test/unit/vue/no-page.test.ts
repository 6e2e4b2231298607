import { effectScope } from 'vue';
import { expect, test, vi } from 'vitest';
import { useSocket } from '../../../src/vue/index.js';
import { scriptedLines } from '../../support/scripted-lines.js';

test('a server connects nothing in a scope outside of components either', async () => {
  vi.useFakeTimers();
  const lines = scriptedLines();
  const scope = effectScope();
  const result = scope.run(() =>
    useSocket('wss://example.com/store', { WebSocket: lines.WebSocket }),
  );
  await vi.advanceTimersByTimeAsync(10_000);
  expect(result?.status.value).toBe('idle');
  expect(lines.natives).toHaveLength(0);
  scope.stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});
