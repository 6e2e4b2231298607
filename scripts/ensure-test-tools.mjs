/**
 * Run by `npm test` before anything else: installs the browsers and the servers that the tests run
 * against, where it may (as root on Debian), and says which of them will run. Only Chromium is a
 * must elsewhere.
 */
import { spawnSync } from 'node:child_process';
import console from 'node:console';
import process from 'node:process';
import { canInstall, missingPackages, programs, tools } from '../test/support/browser-engines.mjs';

/**
 * @param {string[]} packages
 * @returns {boolean} whether it worked
 */
function install(packages) {
  console.log(`Installing what the tests need: ${packages.join(' ')}`);
  return (
    aptGet('update', '--quiet=2') &&
    aptGet('install', '--yes', '--quiet=2', '--no-install-recommends', ...packages)
  );
}

/** @param {string[]} args */
function aptGet(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status } = spawnSync('apt-get', args, { env, stdio: 'inherit' });
  if (status !== 0) console.error(`apt-get ${args.join(' ')} failed`);
  return status === 0;
}

const all = Object.values(tools);
const missing = all.flatMap(missingPackages);
if (missing.length > 0 && canInstall() && !install(missing)) process.exitCode = 1;

const absent = all.filter((tool) => missingPackages(tool).length > 0);
const present = all.filter((tool) => !absent.includes(tool));
console.log(`Tests run against: ${present.map(({ name }) => name).join(', ') || 'nothing'}`);
for (const tool of absent) {
  const packages = missingPackages(tool).join(' ');
  console.log(`not run: ${tool.name} (not found; on Debian: apt-get install ${packages})`);
}

if (absent.includes(tools.chromium)) {
  const { override } = programs.chromium;
  console.error(
    `\nThe tests need Chromium. Install it (on Debian: apt-get install chromium), or say where it ` +
      `is: ${override}=/path/to/chromium npm test`,
  );
  process.exitCode = 1;
}
