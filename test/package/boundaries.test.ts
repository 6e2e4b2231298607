import { ESLint } from 'eslint';
import { describe, expect, test } from 'vitest';

const eslint = new ESLint();

/** The rules that `code` would break if it were the contents of the file. */
async function brokenRules(filePath: string, code: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(code, { filePath });
  return (result?.messages ?? []).map(({ ruleId }) => ruleId);
}

// Each violation is planted in a file that exists, so that it is linted just as that file is.
test.each([
  ['src/base/rules.ts', "import '../platform/clock.js';"],
  ['src/platform/clock.ts', "import '../base/errors.js';"],
  ['src/events/delivery.ts', "import '../codecs/codec.js';"],
  ['src/events/delivery.ts', "import '../connection/machine.js';"],
  ['src/codecs/json.ts', "import '../platform/platform.js';"],
  ['src/codecs/json.ts', "import '../outbox/payload.js';"],
  ['src/codecs/json.ts', "import '../messaging/once.js';"],
  ['src/connection/backoff.ts', "import type { Codec } from '../codecs/codec.js';"],
  ['src/connection/backoff.ts', "import '../outbox/outbox.js';"],
  ['src/connection/backoff.ts', "import '../heartbeat/heartbeat.js';"],
  ['src/connection/backoff.ts', "import '../socket/options.js';"],
  ['src/connection/backoff.ts', "import '../messaging/once.js';"],
  ['src/connection/backoff.ts', "import '../pool/pool.js';"],
  ['src/connection/backoff.ts', "import '../index.js';"],
  ['src/outbox/queue.ts', "import '../codecs/codec.js';"],
  ['src/outbox/queue.ts', "import '../connection/machine.js';"],
  ['src/outbox/queue.ts', "import '../platform/platform.js';"],
  ['src/outbox/queue.ts', "import '../socket/encode.js';"],
  ['src/heartbeat/heartbeat.ts', "import '../outbox/outbox.js';"],
  ['src/heartbeat/heartbeat.ts', "import type { Status } from '../connection/machine.js';"],
  ['src/heartbeat/heartbeat.ts', "import '../events/delivery.js';"],
  ['src/socket/snapshot.ts', "import '../messaging/once.js';"],
  ['src/socket/snapshot.ts', "import '../index.js';"],
  ['src/connection/backoff.ts', "import '../websocket/options.js';"],
  ['src/websocket/line.ts', "import '../socket/options.js';"],
  ['src/websocket/line.ts', "import '../codecs/json.js';"],
  ['src/websocket/line.ts', "import '../index.js';"],
  ['src/topics/topic.ts', "import '../messaging/once.js';"],
  ['src/testing/turns.ts', "import '../socket/socket.js';"],
  ['src/testing/turns.ts', "import '../topics/topic.js';"],
  ['src/testing/turns.ts', "import '../websocket/line.js';"],
  ['src/server/session.ts', "import '../socket/socket.js';"],
  ['src/server/session.ts', "import '../session/client-session.js';"],
  ['src/index.ts', "import './server/index.js';"],
  ['src/topics/topic.ts', "import '../index.js';"],
  ['src/index.ts', "import './topics/index.js';"],
  ['src/index.ts', "import './testing/index.js';"],
  ['src/index.ts', "import './websocket/index.js';"],
  ['src/messaging/once.ts', "import '../index.js';"],
  ['src/inspector/summary.ts', "import '../messaging/once.js';"],
  ['src/messaging/once.ts', "import '../pool/pool.js';"],
  ['src/index.ts', "import './react/index.js';"],
  ['src/pool/pool.ts', "import '../socket/socket.js';"],
  ['src/pool/pool.ts', "import '../platform/clock.js';"],
  ['src/pool/pool.ts', "import '../vue/index.js';"],
  ['src/react/index.ts', "import '../socket/socket.js';"],
  ['src/react/index.ts', "import '../vue/index.js';"],
  ['src/vue/index.ts', "import '../react/index.js';"],
])('%s may not say %s', async (file, code) => {
  expect(await brokenRules(file, code)).toContain('import-x/no-restricted-paths');
});

describe('a circle of imports', () => {
  const circle = 'layers/no-import-circle';

  test.each([
    ['of code', "import { nextDelay } from './retry-policy.js'; export { nextDelay };"],
    ['of types only', "import type { Loss } from './retry-policy.js'; export type X = Loss;"],
    ['of one type among others', "export { type Loss } from './retry-policy.js';"],
    [
      'of a type that is asked for in its place',
      "export type X = import('./retry-policy.js').Loss;",
    ],
    [
      'round several files',
      "import type { Connection } from './contract.js'; export type X = Connection;",
    ],
  ])('%s is seen', async (_, code) => {
    expect(await brokenRules('src/connection/backoff.ts', code)).toContain(circle);
  });

  test('is not seen where there is none', async () => {
    const code =
      "import type { ConnectionClose } from './close.js'; export type X = ConnectionClose;";
    expect(await brokenRules('src/connection/backoff.ts', code)).toEqual([]);
  });
});

test.each([
  ['setTimeout(() => undefined, 1);', 'no-restricted-globals'],
  ['globalThis.setTimeout(() => undefined, 1);', 'no-restricted-properties'],
  ['export const now = Date.now();', 'no-restricted-globals'],
  ['export const chance = Math.random();', 'no-restricted-properties'],
  ['export const { href } = window.location;', 'no-restricted-globals'],
  ['export const online = navigator.onLine;', 'no-restricted-globals'],
])('the core may not say %s', async (code, rule) => {
  expect(await brokenRules('src/connection/backoff.ts', code)).toContain(rule);
});
