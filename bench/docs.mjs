/** Writes the tables of docs/benchmarks.md, and draws its charts, from what was kept. */
import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { putBetween } from '../scripts/put-between.mjs';
import './install.mjs';

const { charts } = await import('./charts.mjs');
const { ahead } = await import('./ahead.mjs');
const { stamp } = await import('./plot.mjs');
const { kept } = await import('./results.mjs');
const { markdown } = await import('./table.mjs');
const { stormCharts } = await import('./storm/charts.mjs');
const { allTables } = await import('./storm/tables.mjs');
const { tables } = await import('./tables.mjs');

const page = new URL('../docs/benchmarks.md', import.meta.url);
let text = readFileSync(page, 'utf8');

/** @param {string} name @param {string} content */
const put = (name, content) => void (text = putBetween(text, name, content));

/** @type {Record<string, any>} */
const rows = {};
for (const [part, tablesOf] of Object.entries(tables)) {
  const result = kept(part);
  if (!result) continue;
  rows[part] = result.rows;
  charts[part]?.(result);
  put(part, [...tablesOf(result.rows).map(markdown), `_${stamp(result)}_`].join('\n\n'));
}
put('ahead', ahead(rows));

const storm = kept('storm');
if (storm) {
  stormCharts(storm);
  const all = allTables(storm.rows).map(markdown);
  put('storm', [...all, `_${stamp(storm)}_`].join('\n\n'));
}
const { drawWins } = await import('./wins.mjs');
drawWins();
writeFileSync(page, await format(text, { parser: 'markdown', printWidth: 100 }));
