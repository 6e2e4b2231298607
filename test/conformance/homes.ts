/**
 * Where the suite runs: in the pages of two browsers, and in a process of Node's.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import puppeteer from 'puppeteer-core';
import { type Browser, type BrowserPage, launchChromium } from '../support/browser-drivers.js';
import { missingPackages, need, programs, type Tool, tools } from '../support/browser-engines.mjs';
import type { Finding } from './assertion.mjs';
import type { Kind } from './classes.mjs';

/** What the suite runs in. */
export interface Home {
  readonly name: string;
  /** What has to be installed for that. */
  readonly missing: readonly string[];
  readonly open: (origin: string, source: string) => Promise<OpenHome>;
}

export interface OpenHome {
  readonly findings: (kind: Kind) => Promise<readonly Finding[]>;
  readonly close: () => Promise<void>;
}

declare global {
  var conformance: (kind: Kind) => Promise<readonly Finding[]>;
}

const inPage = (tool: Tool, launch: () => Promise<Browser>): Home => ({
  name: tool.name,
  missing: missingPackages(tool),
  async open(origin) {
    const browser = await launch();
    const page = await browser.newPage(origin);
    return {
      findings: (kind) => page.run((one) => conformance(one), kind),
      close: () => browser.close(),
    };
  },
});

/** Firefox lets wait who has failed to connect, for longer each time. */
async function launchImpatientFirefox(): Promise<Browser> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: need(programs.firefox),
    extraPrefsFirefox: { 'network.websocket.delay-failed-reconnects': false },
  });
  return {
    async newPage(url) {
      const page = await browser.newPage();
      await page.goto(url);
      return {
        run: page.evaluate.bind(page) as BrowserPage['run'],
        close: () => page.close(),
      };
    },
    close: () => browser.close(),
  };
}

const program = fileURLToPath(new URL('in-node.mjs', import.meta.url));

/** Node has the class behind a flag up to 21. */
const flags = 'WebSocket' in globalThis ? [] : ['--experimental-websocket'];

const inProcess: Home = {
  name: 'Node',
  missing: [],
  open(origin, source) {
    const begin = (kind: Kind) => findingsOfProcess([kind, origin, `${source}websocket/index.js`]);
    // All at once: it waits longest for events of its own that never come.
    const runs = [begin('engine'), begin('native'), begin('reconnecting'), begin('wrong')] as const;
    const [engine, native, reconnecting, wrong] = runs;
    const findings = { engine, native, reconnecting, wrong };
    return Promise.resolve({
      findings: (kind: Kind) => findings[kind],
      close: () => Promise.allSettled(runs).then(() => undefined),
    });
  },
};

function findingsOfProcess(args: string[]): Promise<readonly Finding[]> {
  const child = spawn(process.execPath, ['--no-warnings', ...flags, program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(output) as readonly Finding[]);
      else reject(new Error(`It ended with ${code}: ${output}`));
    });
  });
}

export const homes: readonly Home[] = [
  inPage(tools.chromium, launchChromium),
  inPage(tools.firefox, launchImpatientFirefox),
  inProcess,
];
