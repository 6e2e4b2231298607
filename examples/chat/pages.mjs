/**
 * The HTTP side: the pages, the files they are made of, and the built library.
 *
 * @import { IncomingMessage, ServerResponse } from 'node:http'
 */
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';

const pages = new URL('public/', import.meta.url);
const library = new URL('../../dist/', import.meta.url);
/** The same chat in a framework: `npm start` has built each. */
const built = (/** @type {string} */ app) => new URL(`../${app}/dist/`, import.meta.url);

/** The same page twice; only the way in which the library arrives differs. */
const entries = {
  '/': ['', 'module.js'],
  '/script-tag.html': ['<script src="/dist/holdline.global.js"></script>', 'script-tag.js'],
};

/** @type {Record<string, string>} */
const types = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
};

/**
 * Scripts and styles are files of this server, and the line goes to the port next to it.
 *
 * @param {number} linePort
 */
const policy = (linePort) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ws://127.0.0.1:${linePort} ws://localhost:${linePort}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** Whether `npm run build` has been run. */
export async function isBuilt() {
  return readFile(new URL('holdline.global.js', library)).then(
    () => true,
    () => false,
  );
}

/**
 * @param {IncomingMessage} request
 * @param {ServerResponse} response
 * @param {number} linePort
 */
export async function servePage({ method, url = '/' }, response, linePort) {
  if (method !== 'GET' && method !== 'HEAD') return response.writeHead(405).end();
  const [pathname = '/'] = url.split('?');
  try {
    const body = await find(pathname);
    response.writeHead(200, {
      'Content-Type': types[extname(pathname)] ?? 'text/html; charset=utf-8',
      'Content-Length': body.length,
      'Content-Security-Policy': policy(linePort),
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
    });
    return response.end(method === 'HEAD' ? undefined : body);
  } catch {
    return response.writeHead(404).end();
  }
}

/**
 * @param {string} pathname
 * @returns {Promise<Buffer>}
 */
async function find(pathname) {
  if (Object.hasOwn(entries, pathname)) {
    const [library, entry] = entries[/** @type {keyof typeof entries} */ (pathname)];
    const scripts = `${library}<script type="module" src="/${entry}"></script>`;
    const page = await readFile(new URL('page.html', pages), 'utf8');
    return Buffer.from(page.replace('<!-- scripts -->', scripts));
  }
  const [, app, asset] = /^\/((?:react|vue)-chat)\/(assets\/\w[\w.-]*)?$/.exec(pathname) ?? [];
  if (app !== undefined) return readFile(new URL(asset ?? 'index.html', built(app)));
  // A file's name has no slash in it and does not begin with a dot, so there is no way out.
  const [, isLibrary, name] = /^\/(dist\/)?(\w[\w.-]*)$/.exec(pathname) ?? [];
  if (name === undefined || !Object.hasOwn(types, extname(name))) throw new Error('no such file');
  return readFile(new URL(name, isLibrary ? library : pages));
}
