/** The benchmarks' own dependencies, where they are missing or of another lock. */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';

const here = import.meta.dirname;
const age = (/** @type {string} */ path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

if (age(`${here}/node_modules/.package-lock.json`) < age(`${here}/package-lock.json`)) {
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: here, stdio: 'inherit' });
}
