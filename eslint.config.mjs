import js from '@eslint/js';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import noImportCircle from './scripts/lint/no-import-circle.mjs';

/** What reaches the world outside goes through src/platform, so that tests can replace it. */
const globals = ['window', 'document', 'navigator', 'location', 'Date', 'performance'];
const timers = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'queueMicrotask'];
const sayWhy = 'Only src/platform may touch this; ask the Platform.';

/**
 * The layers, and all that each may import beside its own files. What stands above or beside it, it does
 * not know; messaging is features over the Socket interface; the adapters use what users do.
 *
 * @type {Record<string, string[]>}
 */
const layers = {
  base: [],
  platform: [],
  events: ['base'],
  codecs: ['base', 'platform/websocket.ts'],
  connection: ['base', 'platform', 'events'],
  outbox: ['base', 'platform/clock.ts', 'platform/websocket.ts', 'events'],
  heartbeat: ['base', 'platform/clock.ts'],
  socket: [
    'base',
    'platform',
    'events',
    'codecs',
    'connection',
    'outbox',
    'heartbeat',
    'session/contract.ts',
  ],
  session: ['base', 'platform', 'connection', 'outbox', 'heartbeat'],
  server: [
    'base',
    'platform/clock.ts',
    'platform/websocket.ts',
    'codecs',
    'outbox/payload.ts',
    'session/wire',
    'session/incoming.ts',
    'session/outgoing.ts',
  ],
  websocket: ['base', 'platform', 'events', 'connection', 'outbox', 'heartbeat'],
  messaging: ['base', 'platform', 'events', 'connection', 'outbox', 'socket'],
  inspector: ['base', 'platform', 'connection', 'outbox', 'session/contract.ts', 'socket'],
  topics: [
    'base',
    'platform',
    'events',
    'outbox',
    'session/contract.ts',
    'session/wire/bounds.ts',
    'socket',
  ],
  testing: [
    'base',
    'platform',
    'codecs',
    'connection/address.ts',
    'outbox/payload.ts',
    'websocket/idl.ts',
    'websocket/events.ts',
    'websocket/interface.ts',
  ],
  pool: ['index.ts', 'base/delegate.ts', 'platform/turns.ts', 'platform/location.ts'],
  react: ['index.ts', 'topics/index.ts', 'pool'],
  vue: ['index.ts', 'topics/index.ts', 'pool'],
};
const zones = [
  ...Object.entries(layers).map(([layer, below]) => ({
    target: `./src/${layer}`,
    from: './src',
    except: [layer, ...below].map((path) => `./${path}`),
  })),
  {
    target: './src/index.ts',
    from: ['server', 'websocket', 'topics', 'testing', 'pool', 'react', 'vue'].map(
      (above) => `./src/${above}`,
    ),
  },
  { target: './src/index.ts', from: './src/session', except: ['./contract.ts'] },
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
    plugins: { 'import-x': importX, layers: { rules: { 'no-import-circle': noImportCircle } } },
    settings: {
      'import-x/resolver-next': [createNodeResolver({ extensionAlias: { '.js': ['.ts', '.js'] } })],
    },
    rules: {
      'layers/no-import-circle': 'error',
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
