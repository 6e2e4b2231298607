import { fileURLToPath } from 'node:url';
import terser from '@rollup/plugin-terser';
import typescript from '@rollup/plugin-typescript';
import dts from 'rollup-plugin-dts';

/** The package's entries: each becomes one file that a bundler can shake. */
const entries = {
  index: 'src/index.ts',
  session: 'src/session.ts',
  'indexed-db': 'src/session/storage/indexed-db.ts',
  topics: 'src/topics/index.ts',
  websocket: 'src/websocket/index.ts',
};

/** What runs in Node only, and shares nothing with what runs in pages. */
const server = { server: 'src/server/index.ts' };

/** What only tests and demonstrations load: it takes nothing out of the other entries, to share it. */
const testing = { testing: 'src/testing/index.ts' };

/** The entries that use others as anybody does: these stay the ones that there are. */
const adapters = { react: 'src/react/index.ts', vue: 'src/vue/index.ts' };
const source = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));
const [index, topics] = [source(entries.index), source(entries.topics)];
const external = ['react', 'vue', index, topics];
const paths = { [index]: './index.js', [topics]: './topics.js' };

const compile = (tsconfig = 'tsconfig.build.json') => typescript({ tsconfig });

const minify = (module = true) =>
  terser({
    module,
    ecma: 2020,
    // What is used once stays a function of its own: nested ones are longer once a bundler is done with them.
    compress: { passes: 3, inline: 0, reduce_funcs: false },
    // Annotations, so that bundlers can leave out what nobody uses; short lines, since Node prints the whole one that
    // an error was thrown in.
    format: { preserve_annotations: true, max_line_len: 500 },
  });
const declare = (tsconfig = 'tsconfig.build.json') => dts({ tsconfig });

/** @type {import('rollup').OutputOptions} */
const code = {
  dir: 'dist',
  format: 'es',
  sourcemap: true,
  chunkFileNames: 'shared-[hash].js',
  // What a chunk imports, it imports itself: bundlers warn of imports that bring nothing.
  hoistTransitiveImports: false,
};
/** @type {import('rollup').OutputOptions} */
const types = { dir: 'dist', format: 'es', chunkFileNames: 'shared-[hash].d.ts' };
// For `Symbol.dispose`, whatever `lib` the user has.
const disposable = '/// <reference lib="esnext.disposable" />';
/** Where there are server components, hooks are of the client. */
const useClient = (/** @type {{ name: string }} */ { name }) =>
  name === 'react' ? "'use client';" : '';

/** @type {import('rollup').RollupOptions[]} */
export default [
  { input: entries, external: 'idb-keyval', plugins: [compile(), minify()], output: code },
  {
    input: entries,
    external: 'idb-keyval',
    plugins: [declare()],
    output: { ...types, banner: disposable },
  },
  {
    input: adapters,
    external,
    plugins: [compile()],
    output: { ...code, paths, banner: useClient },
  },
  { input: adapters, external, plugins: [declare()], output: { ...types, paths } },
  { input: testing, plugins: [compile()], output: code },
  { input: testing, plugins: [declare()], output: types },
  {
    input: server,
    external: /^node:/,
    plugins: [compile('tsconfig.server.json')],
    output: code,
  },
  { input: server, external: /^node:/, plugins: [declare('tsconfig.server.json')], output: types },
  {
    input: 'src/global.ts',
    plugins: [compile(), minify(false)],
    output: {
      file: 'dist/holdline.global.js',
      format: 'iife',
      name: 'Holdline',
      extend: true,
      sourcemap: true,
    },
  },
  {
    input: 'src/websocket/global.ts',
    plugins: [compile(), minify(false)],
    output: {
      file: 'dist/holdline.websocket.global.js',
      format: 'iife',
      name: 'Holdline',
      // Beside the other script, it adds to it.
      extend: true,
      sourcemap: true,
    },
  },
];
