/**
 * What a burst of messages does to a page in Chromium: how many the application gets to see, how often
 * it renders, and how busy the main thread is, over a bare handler in the same round.
 *
 * @import { Browser } from 'playwright-core'
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { bundleApp, serveApp } from '../test/support/app-server.mjs';
import { need, programs } from '../test/support/browser-engines.mjs';
import { startLineServer } from '../test/support/line-server.mjs';
import { summary } from './measure.mjs';
import { plain } from './table.mjs';

const isQuick = process.argv.includes('--quick');
const MESSAGES = isQuick ? 1_000 : 10_000;
const ROUNDS = isQuick ? 1 : 9;
/** How long, in milliseconds, nothing must happen before a burst counts as over. */
const SILENCE = 500;

const NATIVE = 'native.js';
const APPS = {
  'bare handler': NATIVE,
  'holdline/react, useMessage': 'holdline-react-message.jsx',
  'holdline/react, useLatest': 'holdline-react-latest.jsx',
  'react-use-websocket, lastJsonMessage': 'react-use-websocket.jsx',
  'React, setState in onmessage': 'react-set-state.jsx',
  'holdline/vue, useMessage': 'holdline-vue-message.js',
  'holdline/vue, useLatest': 'holdline-vue-latest.js',
  'VueUse useWebSocket, data': 'vueuse.js',
};

const path = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));
const options = {
  alias: {
    'holdline/react': path('../dist/react.js'),
    'holdline/vue': path('../dist/vue.js'),
    ...Object.fromEntries(
      ['react', 'react-dom', 'vue'].map((id) => [id, path(`node_modules/${id}`)]),
    ),
  },
};

/**
 * @param {Browser} browser
 * @param {string} code
 */
async function measure(browser, code) {
  const server = await startLineServer();
  const app = await serveApp(code);
  const page = await browser.newPage();
  const devtools = await page.context().newCDPSession(page);
  // Time that the thread has worked, not time that it has waited for a processor.
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  /** @returns {Promise<number>} milliseconds that the main thread has been busy */
  const busy = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN);
  };
  /** @returns {Promise<typeof import('./bursts/burst.js').burst>} */
  const look = () => page.evaluate('({ ...burst })');
  const connected = server.nextConnection();
  await page.goto(`${app.origin}/?line=${encodeURIComponent(server.url)}`);
  await connected;
  await page.waitForTimeout(SILENCE);

  const [before, start] = [await look(), await busy()];
  const text = 'Has anybody seen the line go down, or is it just me?';
  for (let n = 1; n <= MESSAGES; n++) {
    server.broadcast(JSON.stringify({ type: 'tick', n, text }));
  }
  await page.waitForFunction(`burst.last === ${MESSAGES}`, undefined, { polling: 100 });
  await page.waitForTimeout(SILENCE);
  const [after, end] = [await look(), await busy()];

  await page.close();
  await app.close();
  await server.stop();
  return {
    seen: after.seen,
    renders: after.renders - before.renders,
    frames: after.frames - before.frames,
    busy: end - start,
  };
}

/** @param {number[]} values */
const median = (values) => summary(values).median;

async function run() {
  const codes = new Map();
  for (const [name, file] of Object.entries(APPS)) {
    codes.set(name, await bundleApp({ entry: path(`bursts/${file}`), ...options }));
  }
  const browser = await chromium.launch({
    executablePath: need(programs.chromium),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  /** @type {Map<string, Awaited<ReturnType<typeof measure>>[]>} */
  const results = new Map();
  const apps = [...codes];
  for (let round = 0; round < ROUNDS; round++) {
    // Nobody is always first, or always after the same one.
    const turn = (round * 3) % apps.length;
    for (const [name, code] of [...apps.slice(turn), ...apps.slice(0, turn)]) {
      results.set(name, [...(results.get(name) ?? []), await measure(browser, code)]);
    }
  }
  await browser.close();
  const native = results.get('bare handler') ?? [];
  const inOrder = Object.keys(APPS).map(
    (name) => /** @type {const} */ ([name, results.get(name) ?? []]),
  );
  return inOrder.map(([name, rounds]) => ({
    name,
    seen: median(rounds.map(({ seen }) => seen)),
    renders: median(rounds.map(({ renders }) => renders)),
    frames: median(rounds.map(({ frames }) => frames)),
    busy: median(rounds.map(({ busy }) => busy)),
    ratio: summary(rounds.map(({ busy }, round) => busy / (native[round]?.busy ?? NaN))),
  }));
}

const rows = await run();
console.log(
  plain({
    title: `A burst of ${MESSAGES} messages in Chromium: medians of ${ROUNDS} rounds`,
    head: ['what handles it', 'seen', 'renders', 'frames', 'main thread, ms', '× bare', 'min…max'],
    rows: rows.map(({ name, seen, renders, frames, busy, ratio: { min, median, max } }) => [
      name,
      ...[seen, renders, frames].map(String),
      busy.toFixed(0),
      median.toFixed(2),
      `${min.toFixed(2)}…${max.toFixed(2)}`,
    ]),
  }),
);
if (!isQuick) {
  mkdirSync(new URL('results/', import.meta.url), { recursive: true });
  const result = { messages: MESSAGES, rounds: ROUNDS, rows };
  writeFileSync(
    new URL('results/bursts.json', import.meta.url),
    `${JSON.stringify(result, null, 2)}\n`,
  );
}
