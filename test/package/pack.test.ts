import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as holdline from '../../src/index.js';
import * as dropIn from '../../src/websocket/index.js';
import { run } from '../support/child.js';
import { installPackage } from '../support/installed-package.js';

const root = resolve(import.meta.dirname, '../..');

type Manifest = Record<string, unknown> & {
  readonly exports: Readonly<Record<string, string | { types: string; default: string }>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
};

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const entries = Object.entries(manifest.exports).flatMap(([name, paths]) =>
  typeof paths === 'string' ? [] : [{ name: name.replace(/^\./, 'holdline'), ...paths }],
);

let installed: ReturnType<typeof installPackage>;

beforeAll(() => void (installed = installPackage()));
afterAll(() => installed.remove());

const read = (path: string) => readFileSync(join(installed.folder, path), 'utf8');

/** All JavaScript of the package. */
function shippedCode(): string {
  const scripts = readdirSync(join(installed.folder, 'dist')).filter((name) =>
    name.endsWith('.js'),
  );
  expect(scripts).toContain('index.js');
  return scripts.map((name) => read(join('dist', name))).join('\n');
}

/** Writes a file into the empty project. */
function write(name: string, text: string) {
  writeFileSync(join(installed.project, name), text);
}

const inProject = (command: string, ...args: string[]) =>
  run(command, args, { cwd: installed.project });

describe('the tarball', () => {
  test('has the build, the licence, the readme, the changelog, and nothing else', () => {
    const files = readdirSync(installed.folder, { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(installed.folder.length + 1));
    const built = entries.flatMap(({ types, default: code }) => [types, code, `${code}.map`]);
    const scripts = ['dist/holdline.global.js', 'dist/holdline.websocket.global.js'];
    const global = scripts.flatMap((path) => [path, `${path}.map`]);
    const build = [...built.map((path) => path.replace('./', '')), ...global];
    const papers = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'];
    // What entries share, whatever it is called.
    const isShared = (path: string) => /^dist\/shared-[\w-]+\.(js|js\.map|d\.ts)$/.test(path);
    expect(files.filter((path) => !isShared(path)).sort()).toEqual([...build, ...papers].sort());
  });

  test('asks for nothing else to be installed', () => {
    const around = readdirSync(join(installed.project, 'node_modules'));
    expect(around.filter((name) => !name.startsWith('.'))).toEqual(['holdline']);
    expect(manifest['dependencies']).toBeUndefined();
  });

  test('has everything that package.json points to', () => {
    const { unpkg, jsdelivr, types } = manifest;
    for (const path of [unpkg, jsdelivr, types]) {
      expect(existsSync(join(installed.folder, path as string)), path as string).toBe(true);
    }
  });

  test('makes no code from strings, and does not write to the console', () => {
    expect(shippedCode().match(/\beval\b|\bFunction\(|\bconsole\b/g)).toBeNull();
  });
});

describe('where there is no WebSocket and no window', () => {
  test.each(entries)('$name can be imported', async ({ name }) => {
    for (const peer of Object.keys(manifest.peerDependencies)) installed.link(peer);
    write(
      'import.mjs',
      `delete globalThis.WebSocket;
       const entry = await import(${JSON.stringify(name)});
       const found = [typeof window, typeof document, typeof WebSocket];
       process.stdout.write(JSON.stringify({ found, names: Object.keys(entry) }));`,
    );
    const { code, output } = await inProject(process.execPath, 'import.mjs');
    expect({ code, output }).toMatchObject({ code: 0 });
    const { found, names } = JSON.parse(output) as { found: string[]; names: string[] };
    expect(found).toEqual(['undefined', 'undefined', 'undefined']);
    expect(names).not.toEqual([]);
    if (name === 'holdline') expect(names.sort()).toEqual(Object.keys(holdline).sort());
  });

  test('a socket stays idle, as on a server that renders', async () => {
    write(
      'idle.mjs',
      `delete globalThis.WebSocket;
       const { createSocket } = await import('holdline');
       const socket = createSocket('/chat');
       process.stdout.write([socket.status, socket.send({}), socket.getServerSnapshot().status].join());`,
    );
    const ended = await inProject(process.execPath, 'idle.mjs');
    expect(ended).toEqual({ code: 0, output: 'idle,queued,idle' });
  });
});

test('the script tag brings one global with everything in it', () => {
  const page = createContext({ URL }) as Record<string, unknown>;
  const before: unknown = runInContext('Reflect.ownKeys(globalThis)', page);
  const code = read('dist/holdline.global.js');
  runInContext(code, page);
  const after = runInContext('Reflect.ownKeys(globalThis)', page) as unknown[];
  expect(after.filter((key) => !(before as unknown[]).includes(key))).toEqual(['Holdline']);
  const { Holdline } = page as { Holdline: Partial<typeof holdline> };
  expect(Object.keys(Holdline).sort()).toEqual(Object.keys(holdline).sort());
  // In a page that has no WebSocket: idle.
  expect(Holdline.createSocket?.('ws://localhost').status).toBe('idle');
});

test('the script tag of the drop-in class adds it to that global', () => {
  const page = createContext({ URL, Event, EventTarget, MessageEvent, DOMException }) as Record<
    string,
    unknown
  >;
  for (const name of ['holdline.global.js', 'holdline.websocket.global.js']) {
    runInContext(read(join('dist', name)), page);
  }
  const { Holdline } = page as { Holdline: Partial<typeof holdline & typeof dropIn> };
  expect(Object.keys(Holdline)).toEqual(
    expect.arrayContaining([...Object.keys(holdline), ...Object.keys(dropIn)]),
  );
  const { ReconnectingWebSocket } = Holdline;
  const options = { startClosed: true, WebSocket: EventTarget as never };
  expect(
    ReconnectingWebSocket && new ReconnectingWebSocket('wss://h/', [], options).readyState,
  ).toBe(3);
});

describe('the types', () => {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const example = /^```ts\n(.*?)^```$/ms.exec(readme)?.[1] ?? '';

  const check = (file: string, moduleResolution: string) => {
    const module = moduleResolution === 'nodenext' ? 'nodenext' : 'esnext';
    const options = { moduleResolution, module, target: 'es2022', lib: 'es2022,dom' };
    const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    return inProject(process.execPath, tsc, '--noEmit', '--strict', ...flags, file);
  };

  // Without skipLibCheck, so that the declarations themselves are checked as well.
  test.each(['nodenext', 'bundler'])('make sense with %s', async (moduleResolution) => {
    expect(example).toContain("from 'holdline'");
    write('example.ts', example);
    expect(await check('example.ts', moduleResolution)).toEqual({ code: 0, output: '' });
  });

  test.each(['nodenext', 'bundler'])('tell of mistakes with %s', async (moduleResolution) => {
    write('mistake.ts', example.replace("type: 'say', text: 'hello'", "type: 'shout'"));
    const { code, output } = await check('mistake.ts', moduleResolution);
    expect(code).not.toBe(0);
    expect(output).toMatch(/^mistake\.ts\(\d+,\d+\): error TS2322/m);
  });
});
