import { defineConfig } from 'vitest/config';

const project = (name: string, settings: object = {}) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], ...settings },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', {
        include: ['test/{unit,model,types}/**/*.test.ts'],
        typecheck: {
          enabled: true,
          include: ['test/types/**/*.test-d.ts'],
          tsconfig: 'tsconfig.json',
          // Of everything else `tsc` takes care.
          ignoreSourceErrors: true,
        },
      }),
      project('integration', { testTimeout: 30_000 }),
      // One browser at a time: they share two cores.
      project('browser', { testTimeout: 120_000, hookTimeout: 60_000, fileParallelism: false }),
      project('package', { testTimeout: 120_000, hookTimeout: 120_000 }),
    ],
  },
});
