/** Packs holdline once for all the tests of a run that install it: it takes longer than most of them. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
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

/** When each file and folder in there was changed: a folder is where one of its files is taken away. */
function* timesIn(path: string): Generator<number> {
  const about = statSync(path);
  yield about.mtimeMs;
  if (!about.isDirectory()) return;
  for (const name of readdirSync(path)) yield* timesIn(join(path, name));
}

/** Whether `dist/` is what the sources give. */
function isBuilt(): boolean {
  const dist = join(root, 'dist');
  if (!existsSync(dist)) return false;
  const newest = Math.max(...sources.flatMap((path) => [...timesIn(join(root, path))]));
  return Math.min(...timesIn(dist)) > newest;
}

/** Packs as a release does, but elsewhere: `dist/` may be in use. What was built already, it does not build again. */
export default function setup(project: TestProject): () => void {
  const scratch = mkdtempSync(join(tmpdir(), 'holdline-packed-'));
  const [workshop, packed] = [join(scratch, 'workshop'), join(scratch, 'packed')];
  for (const folder of [workshop, packed]) mkdirSync(folder);
  for (const path of sources) cpSync(join(root, path), join(workshop, path), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(workshop, 'node_modules'));
  const args = ['pack', '--pack-destination', packed];
  if (isBuilt()) {
    cpSync(join(root, 'dist'), join(workshop, 'dist'), { recursive: true });
    args.push('--ignore-scripts');
  }
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd: workshop, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm pack failed\n${stdout}\n${stderr}`);
  const [tarball = ''] = readdirSync(packed);
  project.provide('tarball', join(packed, tarball));
  return () => rmSync(scratch, { recursive: true });
}
