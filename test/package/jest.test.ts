/** What docs/testing-your-app.md says to do for Jest, done. */
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { run } from '../support/child.js';
import { filesOf } from '../support/docs-files.js';
import { installPackage } from '../support/installed-package.js';

const modules = resolve(import.meta.dirname, '../../node_modules');

let installed: ReturnType<typeof installPackage>;

beforeEach(() => {
  installed = installPackage();
  for (const id of ['@babel', '@jest']) installed.link(id);
  const files = filesOf('testing-your-app.md');
  for (const name of ['babel.config.json', 'jest.config.json', 'chat.test.js']) {
    writeFileSync(join(installed.project, name), files.get(name) ?? '');
  }
});
afterEach(() => installed.remove());

/** Runs Jest with nothing but what the page says. @returns how it ended */
async function jest(): Promise<string> {
  const program = join(modules, 'jest/bin/jest.js');
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { output } = await run(process.execPath, [program, '--no-cache'], {
    cwd: installed.project,
    env,
  });
  return /^Tests:.*$/m.exec(output)?.[0] ?? output;
}

const passed = expect.stringMatching(/^Tests: +2 passed, 2 total$/) as string;

test('the recipe for Jest works', async () => {
  expect(await jest()).toEqual(passed);
});

test('the recipe for Jest works where pnpm has installed', async () => {
  const store = join(installed.project, 'node_modules/.pnpm/holdline@0.1.0/node_modules');
  mkdirSync(store, { recursive: true });
  renameSync(installed.folder, join(store, 'holdline'));
  symlinkSync(join(store, 'holdline'), installed.folder);
  expect(await jest()).toEqual(passed);
});

test.each(['babel.config.json', 'jest.config.json'])('it needs its %s', async (name) => {
  rmSync(join(installed.project, name));
  expect(await jest()).toMatch(/^Tests: +0 total$/);
});
