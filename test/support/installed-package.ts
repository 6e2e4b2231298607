import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { inject } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** Installs the packed holdline, without a network, into an empty project. */
export function installPackage() {
  const scratch = mkdtempSync(join(tmpdir(), 'holdline-package-'));
  const project = join(scratch, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  const args = ['install', '--offline', '--no-audit', '--no-fund', inject('tarball')];
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd: project, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm install failed\n${stdout}\n${stderr}`);

  return {
    /** The empty project. */
    project,
    /** Where holdline is in there. */
    folder: join(project, 'node_modules/holdline'),
    /** Gives the project a package that we have, or one that there is for a workspace of test/versions. */
    link(id: string, workspace = ''): void {
      const path = join(project, 'node_modules', id);
      mkdirSync(dirname(path), { recursive: true });
      const own = join(root, 'test/versions', workspace, 'node_modules', id);
      const source = workspace && existsSync(own) ? own : join(root, 'node_modules', id);
      if (!existsSync(path)) symlinkSync(source, path);
    },
    remove: () => rmSync(scratch, { recursive: true }),
  };
}
