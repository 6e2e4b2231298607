import js from '@eslint/js';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** What reaches the world outside goes through src/platform, so that tests can replace it. */
const globals = ['window', 'document', 'navigator', 'location', 'Date', 'performance'];
const timers = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'queueMicrotask'];
const sayWhy = 'Only src/platform may touch this; ask the Platform.';

/**
 * Who may import whom: platform ← core ← messaging; features never import each other. The adapters use
 * what users do, and turns of the event loop.
 */
const core = ['base', 'events', 'connection', 'outbox', 'heartbeat', 'socket'].map(
  (folder) => `./src/${folder}`,
);
const zones = [
  {
    target: ['./src/pool', './src/react', './src/vue'],
    from: './src',
    except: ['./index.ts', './platform/turns.ts', './pool', './react', './vue'],
  },
  { target: './src/pool', from: ['./src/react', './src/vue'] },
  { target: './src/react', from: './src/vue' },
  { target: './src/vue', from: './src/react' },
  {
    target: ['./src/platform', ...core, './src/codecs', './src/messaging', './src/index.ts'],
    from: ['./src/pool', './src/react', './src/vue'],
  },
  { target: './src/platform', from: [...core, './src/codecs', './src/messaging'] },
  { target: core, from: ['./src/messaging'] },
  { target: './src/codecs', from: ['./src/messaging', './src/platform/platform.ts'] },
  {
    target: ['./src/platform', ...core, './src/codecs', './src/messaging'],
    from: ['./src/index.ts', './src/global.ts'],
  },
];

export default tseslint.config(
  {
    ignores: [
      '**/dist',
      'coverage',
      'docs/.vitepress/cache',
      'docs/.vitepress/dist',
      // What these import comes with bench/package.json.
      'bench/bursts',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  { languageOptions: { parserOptions: { projectService: true } } },
  {
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-dynamic-delete': 'error',
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createNodeResolver({ extensionAlias: { '.js': ['.ts', '.js'] } })],
    },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['src/platform/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...[...globals, ...timers].map((name) => ({ name, message: sayWhy })),
      ],
      'no-restricted-properties': [
        'error',
        ...[...globals, ...timers, 'WebSocket'].map((property) => ({
          object: 'globalThis',
          property,
          message: sayWhy,
        })),
        { object: 'Math', property: 'random', message: sayWhy },
      ],
    },
  },
  {
    files: ['**/*.{js,mjs}'],
    ...tseslint.configs.disableTypeChecked,
    // The type check knows better which names there are.
    rules: { ...tseslint.configs.disableTypeChecked.rules, 'no-undef': 'off' },
  },
);
