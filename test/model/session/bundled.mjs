import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';

const source = resolve(import.meta.dirname, '../../../src');

/**
 * A guard, and what stands in its place where it is taken out.
 *
 * @typedef {object} Removal
 * @property {string} file - below src/
 * @property {string} guard - must stand there exactly once
 * @property {string} instead
 */

/**
 * The model as one file for Node, so that its hottest calls go through no loader.
 *
 * @param {readonly Removal[]} removals - what is taken out of the source
 */
export async function bundled(removals = []) {
  const folder = mkdtempSync(join(tmpdir(), 'holdline-model-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const found = new Set();
  try {
    await build({
      configFile: false,
      logLevel: 'silent',
      build: {
        ssr: join(import.meta.dirname, 'main.ts'),
        outDir: folder,
        emptyOutDir: true,
        minify: false,
        target: 'node20',
        rollupOptions: { output: { entryFileNames: 'model.mjs' } },
      },
      ssr: { noExternal: true, target: 'node' },
      plugins: [
        {
          name: 'guard-removal',
          enforce: 'pre',
          async load(id) {
            const path = id.replace(/\?.*/, '');
            const own = removals.filter(({ file }) => join(source, file) === path);
            if (own.length === 0) return undefined;
            let text = await readFile(path, 'utf8');
            for (const removal of own) {
              const { file, guard, instead } = removal;
              const count = text.split(guard).length - 1;
              if (count !== 1) throw new Error(`${file} has ${count} times: ${guard}`);
              text = text.replace(guard, () => instead);
              found.add(removal);
            }
            return text;
          },
        },
      ],
    });
    const missing = removals.find((removal) => !found.has(removal));
    if (missing) throw new Error(`${missing.file} is not part of the model`);
  } catch (error) {
    remove();
    throw error;
  }
  return { path: join(folder, 'model.mjs'), remove };
}
