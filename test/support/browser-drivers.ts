import { chromium } from 'playwright-core';
import puppeteer, { type LaunchOptions, type Page } from 'puppeteer-core';
import { need, programs, type Tool, tools } from './browser-engines.mjs';
import { launchWebKit } from './browser-webkit.mjs';

/** A page as the tests see it, whatever drives it. */
export interface BrowserPage {
  /**
   * Runs `script` in the page, where it sees nothing of what is around it here, and waits for its
   * promise. What goes in and what comes out is copied.
   */
  readonly run: <Result, Argument = undefined>(
    script: (argument: Argument) => Result | Promise<Result>,
    argument?: Argument,
  ) => Promise<Result>;
  close(): Promise<void>;
}

export interface Browser<Kind extends BrowserPage = BrowserPage> {
  /** Loads `url` in a page of its own. */
  newPage(url: string): Promise<Kind>;
  close(): Promise<void>;
}

export interface Engine {
  readonly tool: Tool;
  /** Whether `bufferedAmount` counts all that has not left the machine, also once the socket died. */
  readonly countsUnsent: boolean;
  readonly launch: () => Promise<Browser>;
}

export const engines: readonly Engine[] = [
  { tool: tools.chromium, countsUnsent: true, launch: launchChromium },
  { tool: tools.firefox, countsUnsent: true, launch: launchFirefox },
  { tool: tools.webKit, countsUnsent: false, launch: launchWebKit },
];

export const chromiumArgs = [
  '--no-sandbox', // it does not work as root
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface ChromiumPage extends BrowserPage {
  /** The errors and warnings of its console, but for a missing icon, and what nobody caught. */
  readonly complaints: readonly string[];
}

export async function launchChromium(): Promise<Browser<ChromiumPage>> {
  const executablePath = need(programs.chromium);
  const browser = await chromium.launch({ executablePath, args: chromiumArgs });
  return {
    async newPage(url) {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => {
        const isComplaint = /error|warning/.test(message.type());
        const isIcon = message.location().url.endsWith('/favicon.ico');
        if (isComplaint && !isIcon) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(String(error)));
      await page.goto(url);
      const run = page.evaluate.bind(page) as BrowserPage['run'];
      return { run, close: () => page.close(), complaints };
    },
    close: () => browser.close(),
  };
}

export function launchFirefox(): Promise<Browser<PuppeteerPage>> {
  return launchPuppeteer({ browser: 'firefox', executablePath: need(programs.firefox) });
}

/** A page with all that puppeteer can do to it. */
export interface PuppeteerPage extends BrowserPage {
  readonly puppet: Page;
}

/**
 * Chromium with the freezing, throttling and caching of pages that users have. Playwright turns the
 * back/forward cache off and pretends that every page is in front.
 *
 * @param userDataDir - where it keeps what is to survive it; nothing does otherwise
 */
export function launchLifelikeChromium(userDataDir?: string): Promise<Browser<PuppeteerPage>> {
  return launchPuppeteer({
    ...(userDataDir !== undefined && { userDataDir }),
    executablePath: need(programs.chromium),
    args: [...chromiumArgs, '--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/1'],
    ignoreDefaultArgs: [
      '--disable-background-timer-throttling',
      '--disable-backgrounding-occluded-windows',
      '--disable-renderer-backgrounding',
    ],
  });
}

async function launchPuppeteer(options: LaunchOptions): Promise<Browser<PuppeteerPage>> {
  const browser = await puppeteer.launch({ headless: true, ...options });
  return {
    async newPage(url) {
      const puppet = await browser.newPage();
      await puppet.goto(url);
      const run = puppet.evaluate.bind(puppet) as BrowserPage['run'];
      return { run, close: () => puppet.close(), puppet };
    },
    close: () => browser.close(),
  };
}
