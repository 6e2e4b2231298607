/**
 * How long it takes to notice a line that died without a word: by the clock of each engine, with the
 * options that everybody has. All of them wait at the same time, since waiting is all they do.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import * as Holdline from '../../src/index.js';
import { engines } from '../support/browser-drivers.js';
import { missingPackages } from '../support/browser-engines.mjs';
import { startPageServer } from '../support/browser-pages.mjs';
import { cases, startDeadLines } from '../support/dead-lines.js';
import { type Death, type DoomedLine, watchThemDie } from './pages/dead-lines.mjs';

/** After this, what was not found dead will not be. */
const PATIENCE = 60_000;

type Watch = (lines: DoomedLine[]) => Promise<Death[]>;

interface Watcher {
  readonly name: string;
  readonly launch: () => Promise<Watch>;
}

const cleanups: (() => Promise<unknown>)[] = [];

const node: Watcher = {
  name: `Node ${process.versions.node} with ws`,
  launch: () => Promise.resolve((lines) => watchThemDie(Holdline, lines, PATIENCE, { WebSocket })),
};

/** Those that are not installed are told of by the tests of the engines. */
const browsers = engines
  .filter(({ tool }) => missingPackages(tool).length === 0)
  .map(({ tool: { name }, launch }): Watcher => ({
    name,
    async launch() {
      const pages = await startPageServer();
      cleanups.push(() => pages.close());
      const browser = await launch();
      cleanups.push(() => browser.close());
      const page = await browser.newPage(`${pages.origin}/dead-lines.html`);
      return (lines) =>
        page.run(({ lines, patience }) => globalThis.watchThemDie(lines, patience), {
          lines,
          patience: PATIENCE,
        });
    },
  }));

const watchers = [node, ...browsers];

/** How long each engine took for each line, in milliseconds, and what it gave as the cause. */
type Found = ({ took: number; cause: string } | undefined)[];
const runs = new Map<Watcher, Promise<Found>>();

beforeAll(async () => {
  const ready = [];
  for (const watcher of watchers) {
    const doom = await startDeadLines();
    cleanups.push(doom.stop);
    ready.push({ watcher, watch: await watcher.launch(), doom });
  }
  // Not before all are there: what is started meanwhile would make them late.
  for (const { watcher, watch, doom } of ready) {
    const run = watch(doom.lines).then((deaths) =>
      deaths.map((death, index) => {
        const { at, cause } = death ?? {};
        return at && cause ? { took: at - (doom.cutAt[index] ?? NaN), cause } : undefined;
      }),
    );
    run.catch(() => {}); // the test that waits for it will tell
    runs.set(watcher, run);
  }
});
afterAll(async () => {
  for (const cleanUp of cleanups.reverse()) await cleanUp();
});

for (const watcher of watchers) {
  describe(watcher.name, () => {
    for (const [index, { name, within }] of cases.entries()) {
      test(`${name} is known to be dead within ${within / 1_000} s`, async ({ annotate }) => {
        const found = (await runs.get(watcher))?.[index];
        await annotate(`after ${found?.took ?? NaN} ms`);
        expect(found).toEqual({ took: expect.any(Number) as number, cause: 'heartbeat' });
        expect(found?.took).toBeLessThanOrEqual(within);
      });
    }
  });
}
