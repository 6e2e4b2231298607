/** Vite's development server, its plugin for React, and a component that is edited while it runs. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { createServer } from 'vite';
import { expect, onTestFinished, test, vi } from 'vitest';
import { launchChromium } from '../support/browser-drivers.js';
import { pageText } from '../support/docs-files.js';
import { eventually } from '../support/eventually.js';
import { startLineServer } from '../support/line-server.mjs';

const root = resolve(import.meta.dirname, '../..');

/** The files of a project by their names, being served, and a page that shows it. */
async function developed(files: Record<string, string>) {
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
  const edit = (name: string, text: string) => writeFileSync(join(project, name), text);
  for (const [name, text] of Object.entries(files)) edit(name, text);
  const vite = await createServer({
    root: project,
    configFile: false,
    logLevel: 'error',
    cacheDir: join(project, '.vite'),
    plugins: [react()],
    resolve: {
      alias: {
        'holdline/react': join(root, 'src/react/index.ts'),
        holdline: join(root, 'src/index.ts'),
      },
    },
    server: { host: '127.0.0.1', port: 0, fs: { strict: false } },
  });
  onTestFinished(() => vite.close());
  await vite.listen();

  const browser = await launchChromium();
  onTestFinished(() => browser.close());
  const page = await browser.newPage(vite.resolvedUrls?.local[0] ?? '');
  const look = () =>
    page.run(() => {
      const p = document.querySelector('p');
      return { text: p?.textContent, born: p?.dataset['born'] };
    });
  const shows = (text: string) =>
    vi.waitFor(async () => expect((await look()).text).toBe(text), 30_000);
  return { page, look, shows, edit };
}

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
  const { page, look, shows, edit } = await developed({
    'app.jsx': component(server.url, 'before'),
  });
  await shows('before open');
  const before = await look();
  // Dependencies that are found late reload the page: what counts is what happens from here on.
  const { accepted } = server;

  edit('app.jsx', component(server.url, 'after'));
  await shows('after open');
  expect((await look()).born).toBe(before.born);
  server.broadcast('{"type":"tick"}');
  await eventually(async () => {
    expect(await page.run(() => (globalThis as { heard?: string }).heard)).toBe('after');
  });
  expect(server.accepted).toBe(accepted);
  expect(server.connections).toBe(1);
});

/** The module of docs/environments.md, and which version it is. */
function socketModule(url: string, text: string): string {
  const section = /^## A socket at module level$.*?^```ts\n(.*?)^```$/ms;
  const code = section.exec(pageText('environments.md'))?.[1] ?? '';
  return `${code.replace('/live', url)}; export const text = '${text}';`;
}

test('a module that is edited closes the socket that it made before', async () => {
  const server = await startLineServer();
  onTestFinished(() => server.stop());
  const { shows, edit } = await developed({
    'socket.ts': socketModule(server.url, 'before'),
    'app.jsx': `
      import { useSocket } from 'holdline/react';
      import { socket, text } from './socket.ts';
      export function App() {
        const { status } = useSocket(socket);
        return <p>{text + ' ' + status}</p>;
      }`,
  });
  await shows('before open');
  const { accepted } = server;

  edit('socket.ts', socketModule(server.url, 'after'));
  await shows('after open');
  await eventually(() => expect(server.connections).toBe(1));
  expect(server.accepted).toBe(accepted + 1);
});
