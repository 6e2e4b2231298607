import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** What a release is made from. */
const sources = [
  'src',
  'scripts',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'rollup.config.mjs',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
];

/**
 * Packs holdline as a release does, and installs it, without a network, into an empty project. All
 * of it happens elsewhere: `dist/` may be in use.
 */
export function installPackage() {
  const scratch = mkdtempSync(join(tmpdir(), 'holdline-package-'));
  const workshop = join(scratch, 'workshop');
  const project = join(scratch, 'project');
  for (const folder of [workshop, project]) mkdirSync(folder);
  for (const path of sources) cpSync(join(root, path), join(workshop, path), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(workshop, 'node_modules'));

  const npm = (cwd: string, ...args: string[]): void => {
    const { status, stdout, stderr } = spawnSync('npm', args, { cwd, encoding: 'utf8' });
    if (status !== 0) throw new Error(`npm ${args.join(' ')} failed\n${stdout}\n${stderr}`);
  };

  npm(workshop, 'pack', '--pack-destination', project);
  const [tarball] = readdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  npm(project, 'install', '--offline', '--no-audit', '--no-fund', `./${tarball}`);

  return {
    /** The empty project. */
    project,
    /** Where holdline is in there. */
    folder: join(project, 'node_modules/holdline'),
    /** Gives the project a package that we have. */
    link(id: string): void {
      const path = join(project, 'node_modules', id);
      mkdirSync(dirname(path), { recursive: true });
      if (!existsSync(path)) symlinkSync(join(root, 'node_modules', id), path);
    },
    remove: () => rmSync(scratch, { recursive: true }),
  };
}
