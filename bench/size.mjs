/** What an application downloads: the import that it would write, bundled, minified, compressed. */
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { aliases, browser } from './libraries.mjs';

/** What an application that uses such a library has anyway. */
const FRAMEWORKS = ['react', 'react-dom', 'vue'];

/** @param {import('./catalogue.mjs').Entry[]} libraries */
export async function run(libraries) {
  /** @type {Record<string, object>} */
  const rows = {};
  for (const { file, name, imports, lacks } of libraries) {
    if (!imports) {
      rows[name] = { lacks: lacks['size'] };
      continue;
    }
    const { outputFiles } = await build({
      ...browser,
      alias: aliases(file),
      stdin: { contents: imports, resolveDir: import.meta.dirname },
      external: FRAMEWORKS,
      minify: true,
      write: false,
    });
    const code = outputFiles[0]?.contents ?? new Uint8Array();
    rows[name] = {
      min: code.length,
      gzip: gzipSync(code, { level: 9 }).length,
      brotli: brotliCompressSync(code).length,
    };
  }
  return rows;
}
