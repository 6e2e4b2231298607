/**
 * (b) How many messages a second go through, as JSON, over a real `ws` server in another process: in Node,
 * where `ws` is the native socket too, and in Chromium.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { pageWith, startChromium } from './chromium.mjs';
import { load, sourceOf } from './libraries.mjs';
import { gather, inProcess, report, summarised } from './measure.mjs';
import { receiving, sending } from './throughput-client.mjs';

/** How many messages; Chromium takes a tenth of what Node does in the same time. */
const COUNTS = { Node: 50_000, Chromium: 10_000 };
const ROUNDS = 3;
const MEASUREMENTS = { received: receiving, sent: sending };

if (process.argv[1] === import.meta.filename) {
  await import('./page.mjs');
  Object.assign(globalThis, { WebSocket });
  const [name = '', what = '', url = ''] = process.argv.slice(2);
  const measure = MEASUREMENTS[/** @type {keyof MEASUREMENTS} */ (what)];
  report({ rate: await measure(await load(name), url, COUNTS.Node) });
}

/**
 * @param {import('./catalogue.mjs').Entry[]} libraries
 * @param {{ isQuick: boolean }} mode
 */
export async function run(libraries, { isQuick }) {
  const browser = await startChromium();
  const servers = [await serve('Node'), await serve('Chromium')];
  /** @type {Record<string, Record<string, any>>} */
  const rows = {};
  // The first turn only warms the servers up.
  for (let turn = 0; turn <= (isQuick ? 1 : ROUNDS); turn++) {
    /** @type {Record<string, number>} */
    const native = {};
    for (const { file, name, speaks = 'plain', lacks } of turn
      ? libraries
      : libraries.slice(0, 1)) {
      for (const [what, measure] of Object.entries(MEASUREMENTS)) {
        for (const { engine, ports } of servers) {
          const title = `${what}, ${engine}`;
          const cell = ((rows[name] ??= {})[title] ??= {});
          cell.lacks = what === 'sent' ? lacks['send'] : undefined;
          if (engine === 'Chromium' && !browser) cell.lacks = 'there is no Chromium here';
          if (cell.lacks) continue;
          const url = `ws://127.0.0.1:${ports[speaks][what === 'sent' ? 'counts' : 'sends']}`;
          const rate =
            browser && engine === 'Chromium'
              ? await inChromium(browser, file, measure, url)
              : inProcess(import.meta.url, [file, what, url]).rate;
          if (name === 'native') native[title] = rate;
          if (turn) gather(cell, { rate, ratio: rate / (native[title] ?? NaN) });
        }
      }
    }
  }
  await browser?.close();
  for (const { server } of servers) server.disconnect();
  return summarised(rows);
}

/** @param {keyof typeof COUNTS} engine */
async function serve(engine) {
  const server = fork(new URL('throughput-server.mjs', import.meta.url), [`${COUNTS[engine]}`]);
  const [ports] = await once(server, 'message');
  return { engine, server, ports };
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} file
 * @param {import('./throughput-client.mjs').Measurement} measure
 * @param {string} url
 */
async function inChromium(browser, file, measure, url) {
  const page = await pageWith(browser, url.replace('ws', 'http'), sourceOf(file));
  const call = `(${measure})(library, ${JSON.stringify(url)}, ${COUNTS.Chromium})`;
  const rate = await page.evaluate(call);
  await page.close();
  return /** @type {number} */ (rate);
}
