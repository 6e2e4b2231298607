import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, posix, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

const root = resolve(import.meta.dirname, '../..');
const dist = join(root, 'docs/.vitepress/dist');

const types: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
};

/** Builds the documentation as a site: `npm run docs`. */
export function buildDocsSite(): void {
  execFileSync('node', ['scripts/build-docs.mjs'], { cwd: root, stdio: 'pipe' });
}

/** The file of a path, whose ending may be left out. */
function fileOf(path: string): string | undefined {
  const candidates = [path, `${path}.html`, posix.join(path, 'index.html')];
  return candidates
    .map((candidate) => join(dist, candidate))
    .find((file) => existsSync(file) && statSync(file).isFile());
}

/** Serves the site as a host of static files would, compressed. */
export async function serveDocsSite(): Promise<{ origin: string; stop: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = fileOf(decodeURIComponent(pathname));
    if (!file) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader('Content-Type', types[extname(file)] ?? 'text/plain');
    response.setHeader('Content-Encoding', 'gzip');
    response.end(gzipSync(readFileSync(file)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Where each page of the site leads to, and to which places in other pages; those that are not there. */
export function brokenLinksOfSite(): { pages: number; links: number; broken: string[] } {
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.html') && path !== '404.html')
    .map((path) => posix.join('/', path));
  const ids = new Map<string, Set<string>>();
  const broken: string[] = [];
  let links = 0;

  const textOf = (path: string) => readFileSync(join(dist, path), 'utf8');
  function idsOf(file: string): Set<string> {
    let found = ids.get(file);
    if (!found) {
      const matches = readFileSync(file, 'utf8').matchAll(/ id="([^"]+)"/g);
      ids.set(file, (found = new Set([...matches].map(({ 1: id = '' }) => id))));
    }
    return found;
  }

  for (const path of files) {
    const here = new URL(path.replace(/(index)?\.html$/, ''), 'http://site');
    for (const { 1: href = '' } of new Set(textOf(path).matchAll(/<a [^>]*?href="([^"]*)"/g))) {
      const { host, pathname, hash } = new URL(href.replaceAll('&amp;', '&'), here);
      if (host !== here.host) continue;
      links++;
      const file = fileOf(decodeURIComponent(pathname));
      const isThere = file && (!hash || idsOf(file).has(decodeURIComponent(hash.slice(1))));
      if (!isThere) broken.push(`${path}: ${href}`);
    }
  }
  return { pages: files.length, links, broken };
}
