/**
 * All benchmarks, or those that are named: `npm run bench -- queue size`. With `--quick` each is run once
 * and made smaller, to see that it works; then nothing is kept. With an older build in `BEFORE`, that one is
 * measured in place of other libraries, and nothing is kept either.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import './install.mjs';

const words = process.argv.slice(2);
const isQuick = words.includes('--quick');
const isKept = !isQuick && !process.env['BEFORE'];
const wanted = words.filter((word) => !word.startsWith('--'));
const isWanted = (/** @type {string} */ part) => wanted.length === 0 || wanted.includes(part);

// What they import is there only now.
const { bundleAll } = await import('./libraries.mjs');
const { catalogue } = await import('./catalogue.mjs');
const { machine } = await import('./machine.mjs');
const { verdicts } = await import('./goals.mjs');
const { keep } = await import('./results.mjs');
const { plain } = await import('./table.mjs');
const { tables } = await import('./tables.mjs');

await bundleAll();
const libraries = catalogue();
const versions = Object.fromEntries(libraries.map(({ name, version }) => [name, version]));

/** @type {Record<string, any>} */
const results = {};
for (const [part, tablesOf] of Object.entries(tables)) {
  if (!isWanted(part)) continue;
  const started = performance.now();
  const { run } = await import(`./${part}.mjs`);
  const rows = await run(libraries, { isQuick });
  results[part] = rows;
  if (isKept) keep(part, { machine: machine(), versions, rows });
  for (const table of tablesOf(rows)) console.log(plain(table));
  console.log(`${part}: ${((performance.now() - started) / 1_000).toFixed(0)} s`);
}

console.log(plain(verdicts(results)));

/** What reports for itself. */
for (const part of ['bursts', 'cycles']) {
  const file = `${import.meta.dirname}/${part}.mjs`;
  if (!isWanted(part) || !existsSync(file)) continue;
  const mode = isQuick ? ['--quick'] : [];
  execFileSync(process.execPath, ['--expose-gc', file, ...mode], { stdio: 'inherit' });
}

if (isKept) await import('./docs.mjs');
