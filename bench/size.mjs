/**
 * What an application downloads: the import that it would write, bundled, minified, compressed. It is measured as
 * size-limit does, which holds holdline to its budgets, so that there is one figure.
 */
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { aliases } from './libraries.mjs';

/** What an application that uses such a library has anyway. */
const FRAMEWORKS = ['react', 'react-dom', 'vue'];

/** What bundlers add to an import of nothing. */
const NOTHING = { min: 34, gzip: 46, brotli: 30 };

/** The import as a program that uses it. @param {string} imports */
function program(imports) {
  const [, names = '', from = ''] = /^export \{ (.*) \} (from .*)$/.exec(imports) ?? [];
  return names === 'default'
    ? `import all ${from}\nconsole.log(all)\n`
    : `import { ${names} } ${from}\nconsole.log(${names})\n`;
}

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
      bundle: true,
      minify: true,
      alias: aliases(file),
      stdin: { contents: program(imports), resolveDir: import.meta.dirname },
      external: FRAMEWORKS,
      write: false,
      logLevel: 'error',
    });
    const code = outputFiles[0]?.contents ?? new Uint8Array();
    rows[name] = {
      min: code.length - NOTHING.min,
      gzip: gzipSync(code, { level: 9 }).length - NOTHING.gzip,
      brotli: brotliCompressSync(code).length - NOTHING.brotli,
    };
  }
  return rows;
}
