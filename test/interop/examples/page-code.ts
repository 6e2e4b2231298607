import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { filesOf } from '../../support/docs-files.js';

const source = resolve(import.meta.dirname, '../../../src');

/** A file that a page shows, as a module: what imports holdline gets it as it is here. */
export async function moduleOf(page: string, name: string): Promise<unknown> {
  const code = filesOf(page).get(name);
  if (code === undefined) throw new Error(`${page} has no ${name}`);
  const placed = code.replace(/from '([^']+)'/g, (_, id: string) => {
    const path =
      id.startsWith('holdline/') && join(source, id.slice('holdline'.length), 'index.ts');
    return `from ${JSON.stringify(path || import.meta.resolve(id))}`;
  });
  const scratch = mkdtempSync(join(tmpdir(), 'holdline-page-'));
  try {
    const file = join(scratch, name);
    writeFileSync(file, placed);
    return (await import(/* @vite-ignore */ file)) as unknown;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
