/**
 * Serves the pages under test, and the build that they load.
 */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { URL } from 'node:url';
import { WebSocketServer } from 'ws';

const pages = new URL('../browser/pages/', import.meta.url);
const root = new URL('../../', import.meta.url);

/** @type {Record<string, string>} */
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
};

/**
 * `/dist/…` is the build, everything else a file of test/browser/pages. A page gets the policy that
 * `?csp=` asks for, and the status of `?status=`, `?after=` so many milliseconds. WebSockets are
 * accepted too, and told which URL they came to.
 *
 * @param {Record<string, string>} [made] what is served though it is no file, by its path
 */
export async function startPageServer(made = {}) {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const file = new URL(`.${pathname}`, pathname.startsWith('/dist/') ? root : pages);
    const policy = searchParams.get('csp');
    if (policy !== null) response.setHeader('Content-Security-Policy', policy);
    response.setHeader('Content-Type', types[extname(pathname)] ?? 'text/plain');
    response.statusCode = Number(searchParams.get('status') ?? 200);
    const wait = sleep(Number(searchParams.get('after') ?? 0), undefined, { ref: false });
    wait
      .then(async () => made[pathname] ?? (await readFile(file)))
      .then(
        (content) => response.end(content),
        () => response.writeHead(404).end(),
      );
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, { url }) => {
    socket.on('error', () => {});
    socket.send(JSON.stringify({ type: 'welcome', url }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());

  return {
    origin: `http://127.0.0.1:${port}`,
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
