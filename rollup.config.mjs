import terser from '@rollup/plugin-terser';
import typescript from '@rollup/plugin-typescript';
import dts from 'rollup-plugin-dts';

/** The package's entries: each becomes one file that a bundler can shake. */
const entries = { index: 'src/index.ts' };

const compile = () => typescript({ tsconfig: 'tsconfig.build.json' });

export default [
  {
    input: entries,
    plugins: [compile()],
    output: { dir: 'dist', format: 'es', sourcemap: true, chunkFileNames: 'shared-[hash].js' },
  },
  {
    input: entries,
    plugins: [dts({ tsconfig: 'tsconfig.build.json' })],
    output: {
      dir: 'dist',
      format: 'es',
      // For `Symbol.dispose`, whatever `lib` the user has.
      banner: '/// <reference lib="esnext.disposable" />',
    },
  },
  {
    input: 'src/global.ts',
    plugins: [compile(), terser()],
    output: { file: 'dist/holdline.global.js', format: 'iife', name: 'Holdline', sourcemap: true },
  },
];
