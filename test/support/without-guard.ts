import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';

const source = resolve(import.meta.dirname, '../../src');

/** A guard, and what stands in its place where it is taken out. */
export interface Removal {
  /** Below `src/`. */
  readonly file: string;
  /** As it stands there, once. */
  readonly guard: string;
  readonly instead: string;
}

/**
 * Loads a module with the source as it would be without a guard.
 *
 * @param entry - the path of the module
 * @throws Error where the source has no such guard, or several
 */
export async function withoutGuard<Module>(entry: string, removal: Removal): Promise<Module> {
  const folder = mkdtempSync(join(tmpdir(), 'holdline-without-'));
  const path = join(source, removal.file);
  const parts = readFileSync(path, 'utf8').split(removal.guard);
  if (parts.length !== 2) throw new Error(`${removal.guard}: ${parts.length - 1} times`);
  try {
    await build({
      configFile: false,
      logLevel: 'silent',
      build: {
        ssr: entry,
        outDir: folder,
        minify: false,
        target: 'node20',
        rolldownOptions: { output: { entryFileNames: 'module.mjs' } },
      },
      plugins: [
        {
          name: 'without-guard',
          enforce: 'pre',
          load: (id) => (id === path ? parts.join(removal.instead) : undefined),
        },
      ],
    });
    return (await import(pathToFileURL(join(folder, 'module.mjs')).href)) as Module;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
