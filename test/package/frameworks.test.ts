/**
 * The adapters as a user gets them: from the tarball, in a project of their own, built by Vite. The
 * examples are the project.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Browser, launchChromium } from '../support/browser-drivers.js';
import { run, started } from '../support/child.js';
import { installPackage } from '../support/installed-package.js';
import { typeInto } from '../support/typing.js';

const root = resolve(import.meta.dirname, '../..');
const modules = join(root, 'node_modules');

let installed: ReturnType<typeof installPackage>;
let browser: Browser;

beforeAll(async () => {
  installed = installPackage();
  for (const id of ['react', 'react-dom', 'vue', '@types/react']) installed.link(id);
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  installed.remove();
});

describe('bundled', () => {
  const vite = join(modules, 'vite/bin/vite.js');

  test.each(['react-chat', 'vue-chat'])('%s chats', async (name) => {
    const project = join(installed.project, name);
    cpSync(join(root, 'examples', name), project, {
      recursive: true,
      filter: (path) => !path.endsWith('dist') && !path.endsWith('node_modules'),
    });
    const plugin = `@vitejs/plugin-${name.replace('-chat', '')}`;
    mkdirSync(join(project, 'node_modules/@vitejs'), { recursive: true });
    for (const id of [plugin, 'vite'])
      symlinkSync(join(modules, id), join(project, 'node_modules', id));

    const chat = await started([join(root, 'examples/chat/server.mjs')], {
      env: { ...process.env, PORT: '0' },
    });
    const env = { ...process.env, VITE_CHAT: chat };
    const { code, output } = await run(process.execPath, [vite, 'build'], { cwd: project, env });
    expect({ code, output }).toMatchObject({ code: 0 });
    const origin = await started([vite, 'preview', '--host', '127.0.0.1', '--port', '0'], {
      cwd: project,
      env: { ...process.env, NO_COLOR: '1' },
    });

    const page = await browser.newPage(origin);
    onTestFinished(() => page.close());
    const text = (selector: string) =>
      page.run((selector) => document.querySelector(selector)?.textContent.trim(), selector);
    const becomes = (selector: string, wanted: unknown) =>
      vi.waitFor(async () => expect(await text(selector)).toEqual(wanted), { timeout: 15_000 });
    const press = (label: string) =>
      page.run((label) => {
        [...document.querySelectorAll('button')].find((b) => b.textContent === label)?.click();
      }, label);

    await becomes('.status', 'open');
    await becomes('#people', 'Ada');
    await typeInto(page, 'form input', 'hi');
    await press('Say');
    await becomes('ol', expect.stringMatching(/^Ada\s*hi\s*seen$/));
    await press('1,000 to me');
    await becomes('#burst', 'heard 1000 of 1000');

    await press('Drop the line');
    await becomes('.status', expect.not.stringMatching('open'));
    await becomes('.status', 'open');
    await becomes('ol', expect.stringMatching(/^Ada\s*hi\s*seen$/));

    // Another room, and back: what was said is still there.
    const enter = (room: string) =>
      page.run((room) => {
        const select = document.querySelector('select') as HTMLSelectElement;
        select.value = room;
        select.dispatchEvent(new Event('change', { bubbles: true }));
      }, room);
    await enter('music');
    await becomes('.status', 'open');
    await becomes('ol', '');
    await enter('general');
    await becomes('ol', expect.stringMatching(/^Ada\s*hi\s*seen$/));
  });

  test.each(['react', 'vue'])('holdline and holdline/%s share one core', async (name) => {
    const project = join(installed.project, `one-core-${name}`);
    mkdirSync(project);
    writeFileSync(
      join(project, 'main.js'),
      `export { createSocket } from 'holdline'; export { useSocket } from 'holdline/${name}';`,
    );
    writeFileSync(
      join(project, 'vite.config.mjs'),
      `export default { logLevel: 'error', build: { minify: false,
         rolldownOptions: { input: 'main.js', external: ['${name}'], preserveEntrySignatures: 'strict' } } };`,
    );
    const { code, output } = await run(process.execPath, [vite, 'build'], { cwd: project });
    expect({ code, output }).toMatchObject({ code: 0 });
    const assets = join(project, 'dist/assets');
    const built = readdirSync(assets)
      .filter((file) => file.endsWith('.js'))
      .map((file) => readFileSync(join(assets, file), 'utf8'))
      .join('\n');
    expect(built.match(/class (SocketError )?extends Error/g)).toHaveLength(1);
    // What `createSocket` says of a bad URL: names are short by now.
    expect(built.match(/cannot connect to/g)).toHaveLength(1);
    expect(built).toMatch(/function useSocket\(/);
  });
});

test('the React entry begins with the directive for server components, and no other does', () => {
  const first = (name: string) =>
    readFileSync(join(installed.folder, 'dist', name), 'utf8').split('\n')[0];
  expect(first('react.js')).toBe("'use client';");
  expect(first('vue.js')).not.toContain('use client');
  expect(first('index.js')).not.toContain('use client');
});

describe('on a server without a WebSocket', () => {
  const script = (name: string, text: string) => {
    writeFileSync(join(installed.project, name), text);
    return run(process.execPath, [name], { cwd: installed.project });
  };

  test('React renders an idle line', async () => {
    const ended = await script(
      'react.mjs',
      `delete globalThis.WebSocket;
       const { createElement } = await import('react');
       const { renderToString } = await import('react-dom/server');
       const { useLatest, useMessage, useSocket } = await import('holdline/react');
       function App() {
         const { status, socket } = useSocket('/chat');
         useMessage(socket, () => undefined);
         return status + useLatest(socket, { initial: ', nothing' });
       }
       process.stdout.write(renderToString(createElement(App)));`,
    );
    expect(ended).toEqual({ code: 0, output: 'idle, nothing' });
  });

  test('Vue renders an idle line', async () => {
    const ended = await script(
      'vue.mjs',
      `delete globalThis.WebSocket;
       const { createSSRApp, h } = await import('vue');
       const { renderToString } = await import('vue/server-renderer');
       const { useLatest, useMessage, useSocket } = await import('holdline/vue');
       const App = { setup() {
         const { status, socket } = useSocket('/chat');
         useMessage(socket, () => undefined);
         const latest = useLatest(socket, { initial: ', nothing' });
         return () => status.value + latest.value;
       } };
       process.stdout.write(await renderToString(createSSRApp(App)));`,
    );
    expect(ended).toEqual({ code: 0, output: 'idle, nothing' });
  });
});
