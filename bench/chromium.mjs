import { chromium } from 'playwright-core';

const QUIET = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** The system's Chromium, or `undefined` where there is none. */
export async function startChromium() {
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: QUIET }).catch(() => undefined);
}

/**
 * A page with one library loaded into it, as `library`.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {string} url an empty page's
 * @param {string} source the library's bundle
 */
export async function pageWith(browser, url, source) {
  const page = await browser.newPage();
  await page.goto(url);
  await page.evaluate(async (code) => {
    const address = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
    Object.assign(globalThis, await import(address));
  }, source);
  return page;
}
