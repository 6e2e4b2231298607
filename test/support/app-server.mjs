/**
 * Bundles an application and serves it as one page, as a build of a user's would be.
 *
 * @import { AddressInfo } from 'node:net'
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { build } from 'vite';

/**
 * @typedef {object} AppOptions
 * @property {string} entry the path of its first module
 * @property {boolean} [isDevelopment] with the checks that frameworks make while one develops
 * @property {Record<string, string>} [alias] other packages in the place of some
 * @property {readonly string[]} [dedupe] packages of which there must be one, whoever asks
 */

/**
 * @param {AppOptions} options
 * @returns {Promise<string>}
 */
export async function bundleApp({ entry, isDevelopment = false, alias = {}, dedupe = [] }) {
  const mode = isDevelopment ? 'development' : 'production';
  const result = await build({
    configFile: false,
    logLevel: 'error',
    mode,
    resolve: { alias, dedupe: [...dedupe] },
    define: {
      'process.env.NODE_ENV': JSON.stringify(mode),
      __VUE_OPTIONS_API__: 'true',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
    build: { write: false, minify: !isDevelopment, rolldownOptions: { input: entry } },
  });
  const [{ output }] = /** @type {[import('vite').Rolldown.RolldownOutput]} */ ([result].flat());
  return output[0].code;
}

/**
 * Every path is the page; what is written to its console is kept in `said`.
 *
 * @param {string} code
 * @param {string} [html] what a server has rendered
 */
export async function serveApp(code, html = '') {
  const page = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script>
    globalThis.said = [];
    for (const level of ['error', 'warn']) {
      console[level] = (...words) => said.push(words.map(String).join(' '));
    }
    addEventListener('error', ({ message }) => said.push(message));
  </script><div id="root">${html}</div><script type="module" src="/app.js"></script>`;
  const server = createServer(({ url }, response) => {
    const isCode = url === '/app.js';
    response.setHeader('Content-Type', isCode ? 'text/javascript' : 'text/html; charset=utf-8');
    response.end(isCode ? code : page);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {AddressInfo} */ (server.address());
  return {
    origin: `http://127.0.0.1:${port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
