/** `holdline/testing` out of the tarball, under the runners of docs/testing-your-app.md; Jest has a test of its own. */
import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../support/child.js';
import { filesOf } from '../support/docs-files.js';
import { installPackage } from '../support/installed-package.js';

const modules = resolve(import.meta.dirname, '../../node_modules');
const files = filesOf('testing-your-app.md');

let installed: ReturnType<typeof installPackage>;

beforeAll(() => {
  installed = installPackage();
  const ids = ['vitest', 'happy-dom', 'react', 'react-dom', 'vue'];
  for (const id of [...ids, '@testing-library', '@vue']) installed.link(id);
});
afterAll(() => installed.remove());

/** Runs a test file with a runner. @returns how that ended */
async function ended(name: string, code: string, ...command: string[]): Promise<string> {
  const file = join(installed.project, name);
  writeFileSync(file, code);
  const { output } = await run(process.execPath, [...command, name], {
    cwd: installed.project,
    // Not what Vitest has told this process: the other one is not its worker.
    env: { PATH: process.env['PATH'], NO_COLOR: '1' },
  });
  rmSync(file);
  return output;
}

const vitest = [join(modules, 'vitest/vitest.mjs'), 'run'];
const PASSED = /^ +Tests +2 passed \(2\)$/m;

describe('in Vitest', () => {
  test('React Testing Library', async () => {
    const output = await ended('a.test.tsx', files.get('chat-room.test.tsx') ?? '', ...vitest);
    expect(output).toMatch(PASSED);
    // Nothing was rendered behind the back of the library.
    expect(output).not.toMatch(/act\(/);
  });

  test('Vue Test Utils', async () => {
    const output = await ended('a.test.ts', files.get('chat-room.test.ts') ?? '', ...vitest);
    expect(output).toMatch(/^ +Tests +1 passed \(1\)$/m);
  });

  test('a test that fails does so with what the server has to say', async () => {
    const code = `
      import { createFakeServer } from 'holdline/testing';
      import { test, vi } from 'vitest';
      test('in vain', async () => {
        vi.useFakeTimers();
        await createFakeServer({ timeout: 10 }).message({ type: 'say' });
      });`;
    expect(await ended('a.test.js', code, ...vitest)).toMatch(
      /no message that matches {"type":"say"} within 10 ms[^]*a\.test\.js:6/,
    );
  });
});

describe('in node:test', () => {
  test('with the true clock and with a fake one', async () => {
    const output = await ended('a.test.mjs', files.get('chat.test.mjs') ?? '', '--test');
    expect(output).toMatch(/^. pass 2$/m);
    expect(output).toMatch(/^. fail 0$/m);
  });

  test('a test that fails does so with what the server has to say', async () => {
    const code = `
      import { mock, test } from 'node:test';
      import { createFakeServer } from 'holdline/testing';
      test('in vain', async () => {
        mock.timers.enable();
        await createFakeServer({ timeout: 10 }).message({ type: 'say' });
      });`;
    const output = await ended('a.test.mjs', code, '--test');
    expect(output).toMatch(/^. fail 1$/m);
    expect(output).toContain('no message that matches {"type":"say"} within 10 ms');
    expect(output).toMatch(/a\.test\.mjs:6/);
  });
});
