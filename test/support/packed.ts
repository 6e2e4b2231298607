/** Packs holdline once for all the tests of a run that install it: it takes longer than most of them. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the tarball is. */
    tarball: string;
  }
}

const root = resolve(import.meta.dirname, '../..');

/** What a release is made from. */
const sources = [
  'src',
  'scripts',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'tsconfig.server.json',
  'rollup.config.mjs',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
];

/** Packs as a release does, but elsewhere: `dist/` may be in use. */
export default function setup(project: TestProject): () => void {
  const scratch = mkdtempSync(join(tmpdir(), 'holdline-packed-'));
  const [workshop, packed] = [join(scratch, 'workshop'), join(scratch, 'packed')];
  for (const folder of [workshop, packed]) mkdirSync(folder);
  for (const path of sources) cpSync(join(root, path), join(workshop, path), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(workshop, 'node_modules'));
  const { status, stdout, stderr } = spawnSync('npm', ['pack', '--pack-destination', packed], {
    cwd: workshop,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`npm pack failed\n${stdout}\n${stderr}`);
  const [tarball = ''] = readdirSync(packed);
  project.provide('tarball', join(packed, tarball));
  return () => rmSync(scratch, { recursive: true });
}
