import { ESLint } from 'eslint';
import { expect, test } from 'vitest';

const eslint = new ESLint();

/** The rules that `code` would break if it were the contents of the file. */
async function brokenRules(filePath: string, code: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(code, { filePath });
  return (result?.messages ?? []).map(({ ruleId }) => ruleId);
}

test('what is there breaks none of these rules', async () => {
  const results = await eslint.lintFiles(['src/**/*.ts']);
  expect(results.flatMap(({ messages }) => messages)).toEqual([]);
});

// Each violation is planted in a file that exists, so that it is linted just as that file is.
test.each([
  ['src/platform/clock.ts', "import '../connection/backoff.js';"],
  ['src/connection/backoff.ts', "import '../messaging/once.js';"],
  ['src/connection/backoff.ts', "import '../index.js';"],
  ['src/codecs/json.ts', "import '../messaging/once.js';"],
  ['src/messaging/once.ts', "import '../index.js';"],
  ['src/connection/backoff.ts', "import '../pool/pool.js';"],
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
