/** holdline with a session, for the parts that break lines: its server, and what runs in the page. */
import { createServer } from 'node:http';
import { once } from 'node:events';
import { build } from 'esbuild';
import { WebSocketServer } from 'ws';
import { browser, entryOf } from './libraries.mjs';
import { createSessionServer } from './sessions-library.mjs';

/**
 * What `startLineServer` is to the others.
 *
 * @param {boolean} isAlert whether it gives up a line that is silent for two seconds
 * @returns {Promise<Awaited<ReturnType<typeof import('./line-server.mjs').startLineServer>>>}
 */
export async function startSessionServer(isAlert) {
  const arrived = new Set();
  const http = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html>');
  });
  /** @type {import('../src/server/index.js').SessionServer<any, any>} */
  const server = createSessionServer(isAlert ? { heartbeat: 1_000 } : {});
  server.on('session', (session) => {
    session.on('message', ({ data }) => void arrived.add(data.id));
  });
  server.attach(new WebSocketServer({ server: http, perMessageDeflate: false }));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (http.address());
  const kill = () => {
    void server.close({ spread: 0 });
    http.close();
  };
  return { arrived, port, kill, start: () => Promise.resolve(undefined) };
}

/** The page's modules, as `plain` and `inSession`. @returns {Promise<string>} */
export async function holdlineSource() {
  const { outputFiles } = await build({
    ...browser,
    alias: { 'holdline/session': entryOf().replace('index.js', 'session.js'), holdline: entryOf() },
    entryPoints: [new URL('with-session-page.mjs', import.meta.url).pathname],
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}
