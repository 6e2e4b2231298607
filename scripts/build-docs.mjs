/** Builds the documentation site into docs/.vitepress/dist: the guides, and a reference made from the TSDoc. */
import { execFileSync } from 'node:child_process';

const cwd = new URL('../docs/', import.meta.url);

for (const command of ['npm ci --no-audit --no-fund', 'npx typedoc', 'npx vitepress build .']) {
  const [program = '', ...args] = command.split(' ');
  execFileSync(program, args, { cwd, stdio: 'inherit' });
}
