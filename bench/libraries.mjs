/**
 * The libraries under test: one adapter each in libraries/, bundled for the browser as an application's
 * bundler would do it, so that Node and Chromium run the same code.
 *
 * @typedef {import('./format.mjs').Format} Format
 *
 * @typedef {object} Wishes
 * @property {Format} format what `send` takes and `onMessage` gets: strings, or values sent as JSON
 * @property {() => void} onOpen called each time that the line opens
 * @property {(message: any) => void} onMessage
 * @property {boolean} [isPatient] whether its queue must take a million messages
 * @property {boolean} [heartbeat] whether to notice a dead line within about two seconds, where it can
 *
 * @typedef {object} Library
 * @property {string} name
 * @property {string} [imports] the import that an application would write
 * @property {import('./protocols.mjs').Protocol} [speaks] what its server speaks; plain messages if missing
 * @property {Record<string, string>} [lacks] what it cannot do, and why
 * @property {(url: string, wishes: Wishes) => { send(message: any): unknown, close(): void }} connect
 */
import { readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'esbuild';

const here = (/** @type {string} */ path) => new URL(path, import.meta.url);
const bundles = here('node_modules/.bundles/');

/** An older build of holdline, to be measured beside this one, and beside nothing else. */
const before = process.env['BEFORE'];
export const BEFORE = 'holdline-before';

/** The reference first, then holdline, then the others by name. */
export const names = ['native', 'holdline'];
if (before) names.push(BEFORE);
else {
  for (const file of readdirSync(here('libraries/'))) {
    const name = file.replace('.mjs', '');
    if (!names.includes(name)) names.push(name);
  }
}

/** The build of holdline that an adapter is for. @param {string} [name] */
export const entryOf = (name) =>
  before && name === BEFORE ? resolve(before) : here('../dist/index.js').pathname;

/** The entries of that build, for a bundler. @param {string} [name] */
export const aliases = (name) => ({
  'holdline/websocket': entryOf(name).replace('index.js', 'websocket.js'),
  holdline: entryOf(name),
});

export const browser = {
  bundle: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  define: { 'process.env.NODE_ENV': '"production"' },
  alias: aliases(),
  logLevel: 'error',
};

/** Bundles all adapters; to be called once, before processes of their own load them. */
export async function bundleAll() {
  const output = { outdir: bundles.pathname, outExtension: { '.js': '.mjs' } };
  const adapter = (/** @type {string} */ name) => here(`libraries/${name}.mjs`).pathname;
  const today = names.filter((name) => name !== BEFORE).map(adapter);
  await build({ ...browser, ...output, entryPoints: today });
  if (!before) return;
  const alias = aliases(BEFORE);
  await build({ ...browser, ...output, alias, entryPoints: { [BEFORE]: adapter('holdline') } });
}

/** The source of one bundle. @param {string} name */
export const sourceOf = (name) => readFileSync(new URL(`${name}.mjs`, bundles), 'utf8');

/**
 * To be called once `WebSocket` is the one to use: some libraries look it up as they are loaded.
 *
 * @param {string} name
 * @returns {Promise<Library>}
 */
export async function load(name) {
  const { library } = await import(new URL(`${name}.mjs`, bundles).href);
  return library;
}

/** The version that was installed. @param {string} name */
export function versionOf(name) {
  const folder = {
    native: '',
    [BEFORE]: '',
    holdline: '../',
    'drop-in': '../',
    vueuse: 'node_modules/@vueuse/core/',
  }[name];
  if (folder === '') return '';
  const manifest = here(`${folder ?? `node_modules/${name}/`}package.json`);
  return JSON.parse(readFileSync(manifest, 'utf8')).version;
}
