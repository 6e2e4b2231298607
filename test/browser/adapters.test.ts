/**
 * The adapters in Chromium, with a real server, in the checking builds of their frameworks: React in
 * StrictMode.
 */
import { resolve } from 'node:path';
import { createElement } from 'react';
import { renderToString as renderReact } from 'react-dom/server';
import { createSSRApp } from 'vue';
import { renderToString as renderVue } from 'vue/server-renderer';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { bundleApp, serveApp } from '../support/app-server.mjs';
import { type Browser, type BrowserPage, launchChromium } from '../support/browser-drivers.js';
import { eventually } from '../support/eventually.js';
import { startLineServer } from '../support/line-server.mjs';
import type { observed as Observed } from './pages/adapters/observed.js';
import { App as ReactApp } from './pages/adapters/react-app.js';
import { App as VueApp } from './pages/adapters/vue-app.js';

declare const observed: typeof Observed;
declare const said: string[];

const TICKS = 10_000;

const fromHere = (path: string) => resolve(import.meta.dirname, path);
const oldest = (name: string) => (id: string) => ({
  [id]: fromHere(`../versions/${name}/node_modules/${id}`),
});
const [react18, vue33] = [oldest('react-18'), oldest('vue-3.3')];

const reactHtml = () => Promise.resolve(renderReact(createElement(ReactApp)));
const vueHtml = () => renderVue(createSSRApp(VueApp));

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

describe.each([
  { name: 'React', version: '19', entry: 'react.tsx', html: reactHtml, alias: {} },
  {
    name: 'React 18',
    version: '18',
    entry: 'react.tsx',
    html: reactHtml,
    alias: { ...react18('react'), ...react18('react-dom') },
  },
  { name: 'Vue', version: '3.5', entry: 'vue.ts', html: vueHtml, alias: {} },
  { name: 'Vue 3.3', version: '3.3', entry: 'vue.ts', html: vueHtml, alias: vue33('vue') },
])('$name', ({ version, entry, html, alias }) => {
  let code: string;
  beforeAll(async () => {
    const path = fromHere(`pages/adapters/${entry}`);
    code = await bundleApp({ entry: path, alias, isDevelopment: true });
  });

  /** The page with its line open, and the server that it is connected to. */
  async function open(rendered = '') {
    const server = await startLineServer();
    onTestFinished(() => server.stop());
    const app = await serveApp(code, rendered);
    onTestFinished(() => app.close());
    const page = await browser.newPage(`${app.origin}/?line=${encodeURIComponent(server.url)}`);
    onTestFinished(() => page.close());
    await shows(page, 'open'.repeat(20));
    return { server, page };
  }

  const shows = (page: BrowserPage, statuses: string) =>
    eventually(async () => {
      expect(await page.run(() => document.querySelector('ul')?.textContent)).toBe(statuses);
    });

  test('twenty components have one connection, and close it', async () => {
    const { server, page } = await open();
    expect(await page.run(() => observed.version)).toMatch(new RegExp(`^${version}\\.`));
    expect(server.accepted).toBe(1);
    await page.run(() => observed.unmount());
    await eventually(() => expect(server.connections).toBe(0));
    expect(server.accepted).toBe(1);
    expect(await page.run(() => said)).toEqual([]);
  });

  test('another URL has another connection, and the old one stays with those who use it', async () => {
    const { server, page } = await open();
    const next = server.nextConnection();
    await page.run(() => observed.setRoom('/b'));
    await next;
    await page.run(() => observed.setRoom('/c'));
    await eventually(() => {
      expect(server.accepted).toBe(3);
      expect(server.connections).toBe(2);
    });
  });

  test('a burst is heard to the last message, without a render', async () => {
    const { server, page } = await open();
    const before = await page.run(() => ({ ...observed, renders: { ...observed.renders } }));
    for (let n = 1; n <= TICKS; n++) server.broadcast(`{"type":"tick","n":${n}}`);
    await eventually(async () => expect(await page.run(() => observed.shown)).toBe(TICKS));
    const after = await page.run(() => ({ ...observed }));
    expect(after.heard).toBe(TICKS);
    expect(after.renders['Listener']).toBe(before.renders['Listener']);
    expect(after.renders['User']).toBe(before.renders['User']);
    // StrictMode renders everything twice.
    const perFrame = entry.startsWith('react') ? 2 : 1;
    const renders = (after.renders['Newest'] ?? NaN) - (before.renders['Newest'] ?? NaN);
    expect(renders).toBeGreaterThan(0);
    expect(renders).toBeLessThanOrEqual(perFrame * (after.frames - before.frames + 1));
  });

  test('what a server has rendered is taken over without a warning', async () => {
    const rendered = await html();
    expect(rendered).toContain('<li>idle</li>');
    const { server, page } = await open(rendered);
    expect(server.accepted).toBe(1);
    expect(await page.run(() => said)).toEqual([]);
  });
});
