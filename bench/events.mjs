/**
 * What the classes with the platform's interface cost per message in Chromium, where an event is dear: all of
 * them in turns within one page, over a fake socket whose messages are real events.
 */
import { createServer } from 'node:http';
import { build } from 'esbuild';
import { pageWith, startChromium } from './chromium.mjs';
import { aliases, browser } from './libraries.mjs';
import { summary } from './measure.mjs';

const FILES = ['native', 'drop-in', 'partysocket', 'reconnecting-websocket'];

/**
 * @param {import('./catalogue.mjs').Entry[]} libraries
 * @param {{ isQuick: boolean }} mode
 */
export async function run(libraries, { isQuick }) {
  const chromium = await startChromium();
  if (!chromium) return {};
  const imports = FILES.map(
    (file, at) => `import { library as l${at} } from './libraries/${file}.mjs';`,
  );
  const names = FILES.map((_, at) => `l${at}`).join();
  const { outputFiles } = await build({
    ...browser,
    alias: aliases(),
    stdin: {
      contents: `${imports.join('\n')} export { compare } from './events-page.mjs';
        export const libraries = [${names}];`,
      resolveDir: import.meta.dirname,
    },
    write: false,
  });
  const source = outputFiles[0]?.text ?? '';
  const server = createServer((_, response) => response.end('<!doctype html>'));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  /** @type {Record<string, Record<string, any>>} */
  const rows = {};
  for (const what of ['received', 'sent']) {
    /** @type {number[][]} */
    const samples = FILES.map(() => []);
    for (let turn = 0; turn < (isQuick ? 1 : 3); turn++) {
      const page = await pageWith(chromium, `http://127.0.0.1:${port}/`, source);
      /** @type {number[][]} */
      const times = await page.evaluate(
        // @ts-expect-error -- what the bundle has put there
        (direction) => compare(libraries, direction),
        what,
      );
      for (const [at, values] of times.entries()) samples[at]?.push(...values);
      await page.close();
    }
    const [native = []] = samples;
    for (const [at, file] of FILES.entries()) {
      const own = samples[at] ?? [];
      const name = libraries.find((entry) => entry.file === file)?.name ?? file;
      (rows[name] ??= {})[what] = {
        time: summary(own),
        over: summary(own.map((time, round) => time - (native[round] ?? NaN))),
        ratio: summary(own.map((time, round) => time / (native[round] ?? NaN))),
      };
    }
  }
  await chromium.close();
  server.close();
  return rows;
}
