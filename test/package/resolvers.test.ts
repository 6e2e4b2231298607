/**
 * The installed package, found by what does not read `exports`, and by what does: compilers, bundlers
 * and `require`.
 */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../support/child.js';
import { installPackage } from '../support/installed-package.js';

const modules = resolve(import.meta.dirname, '../../node_modules');

let installed: ReturnType<typeof installPackage>;

beforeAll(() => {
  installed = installPackage();
  for (const id of ['react', 'vue', '@types/react', 'csstype']) installed.link(id);
});
afterAll(() => installed.remove());

/** Runs a program of Node's in the project; what it wrote, where it worked. */
async function node(...args: string[]): Promise<string> {
  const { code, output } = await run(process.execPath, args, {
    cwd: installed.project,
    env: { ...process.env, BROWSERSLIST_IGNORE_OLD_DATA: 'true' },
  });
  expect({ code, output }).toMatchObject({ code: 0 });
  return output;
}

test.each([
  ['node10', '--module', 'commonjs', '--ignoreDeprecations', '6.0'],
  ['nodenext', '--module', 'nodenext'],
  ['bundler', '--module', 'esnext'],
])('TypeScript finds the types of every entry with %s', async (moduleResolution, ...options) => {
  writeFileSync(
    join(installed.project, 'types.ts'),
    `import { createSocket, type Status } from 'holdline';
     import { ReconnectingWebSocket } from 'holdline/websocket';
     import { createSessionServer } from 'holdline/server';
     import { createFakeServer } from 'holdline/testing';
     import { useSocket } from 'holdline/react';
     import { useSocket as useVue } from 'holdline/vue';
     export const right: [Status, Status, Status] = [
       createSocket('/').status, useSocket('/').status, useVue('/').status.value,
     ];
     // @ts-expect-error: so it is not just anything
     export const core: number = createSocket('/').status;
     // @ts-expect-error: nor this
     export const state: string = new ReconnectingWebSocket('/').readyState;
     // @ts-expect-error: nor this
     export const server: string = createSessionServer().sessions.size;
     // @ts-expect-error: nor this
     export const fake: string = createFakeServer().connections.length;
     // @ts-expect-error: nor this
     export const react: number = useSocket('/').status;
     // @ts-expect-error: nor this
     export const vue: number = useVue('/').status.value;`,
  );
  const flags = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022'];
  const how = ['--moduleResolution', moduleResolution, ...options];
  await node(join(modules, 'typescript/bin/tsc'), ...flags, ...how, 'types.ts');
});

/** What runs each bundler: in the project, from this repository's own packages. */
const bundlers = {
  esbuild: `require('esbuild').buildSync({
    entryPoints: ['main.js'], bundle: true, minify: true, outfile: 'esbuild/main.js',
  });`,
  webpack: `
    const output = { path: __dirname + '/webpack' };
    require('webpack')({ mode: 'none', entry: './main.js', output }, (error, stats) => {
      if (error || stats.hasErrors()) throw error ?? new Error(stats.toString());
    });`,
  // With its own defaults, which leave `exports` unread.
  Parcel: `
    process.argv.push('build', 'main.js', '--no-cache', '--dist-dir', 'Parcel');
    require('parcel/lib/bin.js');`,
};

test.each(Object.entries(bundlers))('%s bundles every entry, with one core', async (name, code) => {
  writeFileSync(
    join(installed.project, 'main.js'),
    `import { createSocket, SocketError } from 'holdline';
     import { useSocket } from 'holdline/react';
     import { useSocket as useVue } from 'holdline/vue';
     const { status } = createSocket('/live', { autoConnect: 'page' });
     try { useVue(5); } catch (error) {
       console.log(status, typeof useSocket, error instanceof SocketError);
     }`,
  );
  const script = `require = require('module').createRequire(${JSON.stringify(modules)}); ${code}`;
  writeFileSync(join(installed.project, 'bundle.cjs'), script);
  await node('bundle.cjs');
  expect(await node(join(name, 'main.js'))).toBe('idle function true\n');
});

test('require finds the same as import, in Node from 20.19 on', async () => {
  writeFileSync(
    join(installed.project, 'require.cjs'),
    `const names = ['holdline', 'holdline/topics', 'holdline/testing', 'holdline/server', 'holdline/websocket', 'holdline/react', 'holdline/vue'];
     Promise.all(names.map((name) => import(name))).then((imported) => {
       const same = names.map((name, n) => require(name) === imported[n]);
       process.stdout.write(same.join());
     });`,
  );
  expect(await node('--disable-warning=ExperimentalWarning', 'require.cjs')).toBe(
    'true,true,true,true,true,true,true',
  );
});
