import { effectScope } from 'vue';
import { expect, test } from 'vitest';
import { useSocket } from '../../../src/vue/index.js';
import { scriptedLines } from '../../support/scripted-lines.js';

test('a server connects nothing in a scope outside of components either', async () => {
  const lines = scriptedLines();
  const scope = effectScope();
  const result = scope.run(() =>
    useSocket('wss://example.com/store', { WebSocket: lines.WebSocket }),
  );
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(result?.status.value).toBe('idle');
  expect(lines.natives).toHaveLength(0);
  scope.stop();
});
