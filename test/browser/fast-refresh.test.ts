/** Vite's development server, its plugin for React, and a component that is edited while it runs. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { createServer } from 'vite';
import { expect, onTestFinished, test, vi } from 'vitest';
import { engines } from '../support/browser-drivers.js';
import { startLineServer } from '../support/line-server.mjs';

const root = resolve(import.meta.dirname, '../..');

const component = (url: string, text: string) => `
  import { useEffect, useState } from 'react';
  import { useMessage, useSocket } from 'holdline/react';
  export function App() {
    const [born] = useState(() => Math.random());
    const { socket, status } = useSocket('${url}');
    useMessage(socket, 'tick', () => (window.heard = '${text}'));
    return <p data-born={born}>{'${text} ' + status}</p>;
  }`;

test('a component that is edited keeps its connection and its state', async () => {
  const server = await startLineServer();
  onTestFinished(() => server.stop());
  const project = mkdtempSync(join(tmpdir(), 'holdline-refresh-'));
  onTestFinished(() => rmSync(project, { recursive: true, force: true }));
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'));
  writeFileSync(
    join(project, 'index.html'),
    '<!doctype html><div id="root"></div><script type="module" src="/main.jsx"></script>',
  );
  writeFileSync(
    join(project, 'main.jsx'),
    `import { StrictMode } from 'react';
     import { createRoot } from 'react-dom/client';
     import { App } from './app.jsx';
     createRoot(document.getElementById('root')).render(<StrictMode><App /></StrictMode>);`,
  );
  writeFileSync(join(project, 'app.jsx'), component(server.url, 'before'));
  const vite = await createServer({
    root: project,
    configFile: false,
    logLevel: 'error',
    cacheDir: join(project, '.vite'),
    plugins: [react()],
    resolve: { alias: { 'holdline/react': join(root, 'src/react/index.ts') } },
    server: { host: '127.0.0.1', port: 0, fs: { strict: false } },
  });
  onTestFinished(() => vite.close());
  await vite.listen();

  const chromium = engines.find(({ tool }) => tool.name === 'Chromium');
  const browser = await chromium?.launch();
  onTestFinished(() => browser?.close());
  const page = await browser?.newPage(vite.resolvedUrls?.local[0] ?? '');
  const look = () =>
    page?.run(() => {
      const p = document.querySelector('p');
      return { text: p?.textContent, born: p?.dataset['born'] };
    });
  await vi.waitFor(async () => expect((await look())?.text).toBe('before open'), 30_000);
  const before = await look();
  // Dependencies that are found late reload the page: what counts is what happens from here on.
  const { accepted } = server;

  writeFileSync(join(project, 'app.jsx'), component(server.url, 'after'));
  await vi.waitFor(async () => expect((await look())?.text).toBe('after open'), 30_000);
  expect((await look())?.born).toBe(before?.born);
  server.broadcast('{"type":"tick"}');
  await vi.waitFor(async () => {
    expect(await page?.run(() => (globalThis as { heard?: string }).heard)).toBe('after');
  });
  expect(server.accepted).toBe(accepted);
  expect(server.connections).toBe(1);
});
