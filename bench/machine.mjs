import { cpus } from 'node:os';
import { execFileSync } from 'node:child_process';

/** Of what kind the machine is; not which. */
export function machine() {
  const [cpu] = cpus();
  let chromium = '';
  try {
    const path = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
    chromium = execFileSync(path, ['--version'], { encoding: 'utf8', stdio: 'pipe' });
  } catch {
    // Then what needs it is left out, and says so.
  }
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: `${cpus().length} × ${cpu?.model ?? process.arch}`,
    system: `${process.platform} ${process.arch}`,
    node: process.version.slice(1),
    chromium: /\d+[\d.]*/.exec(chromium)?.[0] ?? 'none',
  };
}
