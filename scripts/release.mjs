/**
 * Publishes the package: `npm run release -- v1.2.3`, or with `--dry-run` shows what it would. It refuses where the tag,
 * package.json and CHANGELOG.md do not agree, or the project does not know its addresses.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import console from 'node:console';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import * as addresses from './addresses.mjs';
import { known, publishedManifest, publishedReadme } from './published.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (/** @type {string} */ file) => readFileSync(join(root, file), 'utf8');
const manifest = JSON.parse(read('package.json'));
const [tag] = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const isDry = process.argv.includes('--dry-run');

try {
  known(addresses);
  if (tag !== `v${manifest.version}`)
    throw new Error(`package.json is at ${manifest.version}, and the tag is ${tag}`);
  if (!read('CHANGELOG.md').includes(`\n## ${manifest.version} `)) {
    throw new Error(`CHANGELOG.md says nothing of ${manifest.version}`);
  }
} catch (error) {
  console.error(`Not released: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'holdline-release-'));
try {
  execFileSync('npm', ['run', 'build'], { cwd: root, stdio: 'inherit' });
  for (const file of [...manifest.files, 'LICENSE']) {
    cpSync(join(root, file), join(folder, file), { recursive: true });
  }
  // What it is built with is nobody's business who installs it.
  for (const name of ['scripts', 'devDependencies']) Reflect.deleteProperty(manifest, name);
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify(publishedManifest(manifest, addresses), null, 2),
  );
  writeFileSync(
    join(folder, 'README.md'),
    publishedReadme(read('README.md'), manifest.version, addresses),
  );
  const mode = isDry ? ['--dry-run'] : ['--provenance'];
  execFileSync('npm', ['publish', '--access', 'public', ...mode], {
    cwd: folder,
    stdio: 'inherit',
  });
} finally {
  rmSync(folder, { recursive: true });
}
