/**
 * A fleet loses its server: what holdline does then, and what others do. `npm run storm`, with
 * `--clients 1000000` for a larger fleet: then it is the first scenario alone, and nothing is kept.
 */
import '../install.mjs';

const { machine } = await import('../machine.mjs');
const { keep } = await import('../results.mjs');
const { plain } = await import('../table.mjs');
const { peers } = await import('./peers.mjs');
const { simulateAll } = await import('./pool.mjs');
const { scenarios } = await import('./scenarios.mjs');
const { stormTables } = await import('./tables.mjs');
const { sweeps } = await import('./sweeps.mjs');
const { versionOf } = await import('../libraries.mjs');

const USUAL = 100_000;
const at = process.argv.indexOf('--clients');
const clients = at < 0 ? USUAL : Number(process.argv[at + 1]);
if (!(clients >= 1_000 && clients <= 2_000_000)) throw new RangeError('--clients: 1000 to 2000000');

const started = performance.now();
const policies = ['holdline', ...peers.map(({ name }) => name)];
const storms = clients > USUAL ? scenarios.slice(0, 1) : scenarios;
const storm = storms.flatMap(({ name: scenario }) =>
  policies.map((policy) => ({ scenario, policy, clients })),
);
const sweep = clients === USUAL ? sweeps(clients) : [];
const summaries = await simulateAll([...storm, ...sweep]);

/** @type {Record<string, Record<string, any>>} */
const rows = {};
for (const [index, { scenario, policy }] of storm.entries()) {
  (rows[scenario] ??= {})[policy] = summaries[index];
}
for (const table of stormTables(rows, clients)) console.log(plain(table));
const megabytes = process.resourceUsage().maxRSS / 1_024;
const seconds = (performance.now() - started) / 1_000;
console.log(`\n${seconds.toFixed(0)} s, ${megabytes.toFixed(0)} MB`);

if (clients === USUAL) {
  const points = sweep.map(({ options }, index) => {
    const { attempts, p99, firstSecond } = summaries[storm.length + index] ?? {};
    return { ...options, attempts, p99, firstSecond };
  });
  const versions = { holdline: versionOf('holdline') };
  keep('storm', { machine: machine(), versions, rows: { clients, storms: rows, points } });
  await import('../docs.mjs');
}
