import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Real servers, networks and browsers: one at a time, and when nobody else is busy. */
const ALONE = { maxWorkers: 1, sequence: { groupOrder: 2 } };
/** Two at a time, and nothing beside them: most of what they do is to wait. */
const IN_PAIRS = { maxWorkers: 2, sequence: { groupOrder: 3 } };
/** On clocks of their own: as many as there are processors. */
const TOGETHER = {
  maxWorkers: Math.max(2, availableParallelism()),
  sequence: { groupOrder: 1 },
  // They do not sleep: this only says that one hangs, on a machine that is busy.
  testTimeout: 30_000,
};

const project = (name: string, settings: object = {}) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], ...ALONE, ...settings },
});

const modules = new URL('node_modules/', import.meta.url);

/**
 * The tests of an adapter once more, with the oldest version of its framework.
 *
 * @param library - an ES module, so that it, too, gets that version
 */
const oldest = (name: string, tests: string, packages: string[], library: [string, string]) => ({
  resolve: {
    alias: [
      ...packages.map((id): [string, URL] => [
        id,
        new URL(`test/versions/${name}/node_modules/${id}`, import.meta.url),
      ]),
      [library[0], new URL(library.join('/'), modules)] as const,
    ].map(([id, { pathname }]) => ({ find: new RegExp(`^${id}(?=$|/)`), replacement: pathname })),
  },
  test: {
    name,
    include: [tests],
    ...TOGETHER,
    env: { FRAMEWORK_VERSION: name.replace(/.*-/, '') },
    server: { deps: { inline: [library[0]] } },
  },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', {
        ...TOGETHER,
        include: ['test/{unit,model,types}/**/*.test.{ts,tsx}'],
        // They take minutes, and both cores.
        exclude: ['test/model/session/**'],
        typecheck: {
          enabled: true,
          include: ['test/types/**/*.test-d.ts'],
          tsconfig: 'tsconfig.json',
          // Of everything else `tsc` takes care.
          ignoreSourceErrors: true,
        },
      }),
      oldest(
        'react-18',
        'test/unit/react/**/*.test.tsx',
        ['react', 'react-dom'],
        ['@testing-library/react', 'dist/@testing-library/react.esm.js'],
      ),
      oldest(
        'vue-3.3',
        'test/unit/vue/**/*.test.ts',
        ['vue'],
        ['@vue/test-utils', 'dist/vue-test-utils.esm-bundler.mjs'],
      ),
      project('model', { include: ['test/model/session/**/*.test.ts'] }),
      project('integration', { testTimeout: 30_000 }),
      project('interop', { ...IN_PAIRS, testTimeout: 60_000 }),
      project('browser', {
        ...IN_PAIRS,
        sequence: { groupOrder: 4 },
        testTimeout: 120_000,
        hookTimeout: 60_000,
      }),
      project('conformance', { ...IN_PAIRS, testTimeout: 120_000, hookTimeout: 120_000 }),
      project('package', {
        ...IN_PAIRS,
        testTimeout: 120_000,
        hookTimeout: 120_000,
        globalSetup: 'test/support/packed.ts',
      }),
    ],
  },
});
