/**
 * Writes what the imports weigh into README.md: of the build in dist/, as size-limit measures it, which holds them to
 * their budgets. With `--check` it writes nothing, and fails where README says otherwise.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { format, resolveConfig } from 'prettier';
import { putBetween } from './put-between.mjs';

const page = new URL('../README.md', import.meta.url);
const cwd = fileURLToPath(new URL('..', import.meta.url));

/** What the parts of createSocket do for their bytes, by folder of src. */
const PURPOSES = {
  connection: 'reconnecting: backoff, jitter, causes, wake-ups, URL providers, close codes',
  socket: 'the socket: options, handshake, events, snapshot, a close that waits for what was sent',
  outbox: 'the queue: order, bounds, keys, ttl, backpressure, what came back unsent',
  heartbeat: 'dead lines: pings, what is proven of a server, sleep and slow timers',
  platform: 'timers, events of page and network, the WebSocket of the engine',
  base: 'errors that name the option',
  events: 'listeners that throw, and call back',
  codecs: 'JSON',
};

/** @type {{ name: string, size: number }[]} */
const measured = JSON.parse(
  execFileSync('npx', ['size-limit', '--json'], { cwd, encoding: 'utf8' }),
);

/** @param {string} name one of .size-limit.json */
function sizeOf(name) {
  const found = measured.find((measure) => measure.name === name);
  if (!found) throw new Error(`.size-limit.json does not measure ${name}`);
  return found.size;
}

/** @param {object} options */
const bundle = (options) =>
  build({ bundle: true, minify: true, write: false, logLevel: 'error', ...options });

/** What a bundler adds to an import of nothing, gzipped. */
const NOTHING = 46;

/** With idb-keyval, which size-limit leaves out, since it is a peer. */
async function storedSize() {
  const contents = `
    import { createSocket } from './dist/index.js';
    import { session } from './dist/session.js';
    import { inIndexedDb } from './dist/indexed-db.js';
    console.log(createSocket, session, inIndexedDb);`;
  const { outputFiles } = await bundle({ stdin: { contents, resolveDir: cwd } });
  return gzipSync(outputFiles?.[0]?.contents ?? '', { level: 9 }).length - NOTHING;
}

const bytes = (/** @type {number} */ count) => `${count.toLocaleString('en')} B`;

/** @param {string[]} head @param {string[][]} rows */
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

async function sizes() {
  const core = sizeOf('createSocket');
  const inSession = sizeOf('createSocket and session together');
  const dropIn = sizeOf('createSocket and ReconnectingWebSocket together');
  return table(
    ['import', 'bytes'],
    [
      ['`createSocket`, with everything that it can do', bytes(core)],
      ['`json` alone', bytes(sizeOf('json'))],
      ['`holdline/react`, all of it, on top', bytes(sizeOf('holdline/react, on top of holdline'))],
      ['`holdline/vue`, all of it, on top', bytes(sizeOf('holdline/vue, on top of holdline'))],
      ['`session`, on top', bytes(inSession - core)],
      ['`inIndexedDb` on top of that, with idb-keyval', bytes((await storedSize()) - inSession)],
      ['`createTopics`, on top', bytes(sizeOf('createSocket and createTopics together') - core)],
      [
        '`holdline/websocket`, the drop-in class, alone',
        bytes(sizeOf('ReconnectingWebSocket of holdline/websocket')),
      ],
      ['the drop-in class on top of `createSocket`', bytes(dropIn - core)],
    ],
  );
}

/** A line for each part of createSocket, with its share of the whole. */
async function weights() {
  const { metafile } = await bundle({
    stdin: { contents: `export { createSocket } from './src/index.ts'`, resolveDir: cwd },
    format: 'esm',
    metafile: true,
  });
  const [output] = Object.values(metafile?.outputs ?? {});
  const files = Object.entries(output?.inputs ?? {});
  const total = files.reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
  const known = Object.entries(PURPOSES).map(([folder, purpose]) => {
    const own = files.filter(([path]) => path.startsWith(`src/${folder}/`));
    const share = own.reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0) / total;
    return { folder, purpose, share };
  });
  const rest = 1 - known.reduce((sum, { share }) => sum + share, 0);
  if (rest > 0.005) throw new Error(`${Math.round(100 * rest)} % of createSocket are for nothing`);
  const kilobytes = (/** @type {number} */ share) =>
    ((share * sizeOf('createSocket')) / 1_000).toFixed(1);
  return known
    .sort((a, b) => b.share - a.share)
    .map(({ purpose, share }) => `- **${kilobytes(share)} kB** ${purpose}`)
    .join('\n');
}

const before = readFileSync(page, 'utf8');
let text = before;

/** @param {string} name @param {string} content */
const put = (name, content) => void (text = putBetween(text, name, content));

put('sizes', await sizes());
put('weights', await weights());
put(
  'size',
  `createSocket weighs ${(sizeOf('createSocket') / 1_000).toFixed(1)} kB, minified and gzipped.`,
);
const style = await resolveConfig(page);
text = await format(text, { ...style, parser: 'markdown' });
if (!process.argv.includes('--check')) writeFileSync(page, text);
else if (text !== before) throw new Error('README.md has other sizes: run npm run size');
