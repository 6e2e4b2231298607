/**
 * A fleet loses its server: what holdline does then, and what others do. `npm run storm`, with
 * `--clients 1000000` for a larger fleet: then it is the first scenario alone, and nothing is kept.
 */
import '../install.mjs';

const { machine } = await import('../machine.mjs');
const { keep } = await import('../results.mjs');
const { plain } = await import('../table.mjs');
const { simulateEverything, simulateFirst } = await import('./plan.mjs');
const { allTables, stormTables } = await import('./tables.mjs');
const { versionOf } = await import('../libraries.mjs');

const USUAL = 100_000;
const at = process.argv.indexOf('--clients');
const clients = at < 0 ? USUAL : Number(process.argv[at + 1]);
if (!(clients >= 1_000 && clients <= 2_000_000)) throw new RangeError('--clients: 1000 to 2000000');

const started = performance.now();
const rows = clients > USUAL ? undefined : await simulateEverything(clients);
const tables = rows ? allTables(rows) : stormTables(await simulateFirst(clients), clients);
for (const table of tables) console.log(plain(table));
const megabytes = process.resourceUsage().maxRSS / 1_024;
const seconds = (performance.now() - started) / 1_000;
console.log(`\n${seconds.toFixed(0)} s, ${megabytes.toFixed(0)} MB`);

if (clients === USUAL) {
  keep('storm', { machine: machine(), versions: { holdline: versionOf('holdline') }, rows });
  await import('../docs.mjs');
}
