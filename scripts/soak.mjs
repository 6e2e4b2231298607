/**
 * The random histories of the tests, many more of them: 100,000 on a clock that is turned by hand, in five
 * tests, and 10,000 over TCP. `HISTORIES` gives each test another number, `SEED` repeats what a run has said.
 */
import { spawnSync } from 'node:child_process';
import console from 'node:console';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const seed = process.env['SEED'] ?? String(Date.now() % 2 ** 31);

/**
 * @param {string} histories
 * @param {string[]} args
 */
function live(histories, ...args) {
  const env = { HISTORIES: histories, ...process.env, SEED: seed };
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...args], {
    env,
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}

console.log(`SEED=${seed}`);
const models = ['connection', 'outbox'].map((name) => `test/model/${name}.test.ts`);
live('20000', '--project', 'unit', '--typecheck.enabled=false', ...models);
live('10000', '--project', 'integration', 'test/integration/histories.test.ts');
