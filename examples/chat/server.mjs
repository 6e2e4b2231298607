/**
 * The demo: a page and its control plane on one port, and on the next one the line, which is a fault
 * proxy in front of the chat server.
 *
 * @import { IncomingMessage, ServerResponse, Server } from 'node:http'
 * @import { AddressInfo } from 'node:net'
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { startFaultProxy } from '../../test/support/fault-proxy.mjs';
import { letAdaSpeak } from './ada.mjs';
import { startChat } from './chat.mjs';
import { createFaults } from './faults.mjs';
import { isLoopback, isOurs } from './origin.mjs';
import { isBuilt, servePage } from './pages.mjs';
import { createRooms } from './rooms.mjs';

const HOST = '127.0.0.1';
const DEFAULT_PORT = 8080;
/** How long a restart takes, in milliseconds. */
const DOWNTIME = 3_000;

const given = process.env['PORT'];
if (given !== undefined && !(/^\d+$/.test(given) && Number(given) < 65_535)) {
  giveUp(`PORT must be from 0 to 65534, got ${given}`);
}
if (!(await isBuilt())) giveUp('dist/ is missing: use `npm start`, or `npm run build` first.');

const rooms = createRooms();
const chat = {
  current: await startChat(rooms),
  isRestarting: false,

  /**
   * Sessions live in a store. One that is stopped leaves it to the next, as it would leave it in Redis;
   * one that crashes had it in its own memory. What was said in the rooms outlives both.
   *
   * @param {'stop' | 'crash'} how
   * @returns {boolean} whether it was up
   */
  restart(how) {
    if (this.isRestarting) return false;
    this.isRestarting = true;
    void this.comeBackAfter(how);
    return true;
  },

  /** @param {'stop' | 'crash'} how */
  async comeBackAfter(how) {
    const { memory } = this.current;
    const nap = sleep(DOWNTIME, undefined, { ref: false });
    const end = how === 'stop' ? this.current.stop(1012, 'restarting') : this.current.crash();
    await Promise.all([end, nap]);
    if (isStopping) return;
    this.current = await startChat(rooms, how === 'stop' ? memory : undefined);
    proxy.retarget(this.current.port);
    this.isRestarting = false;
  },
};
const { http, port, proxy } = await listen();
const faults = new Map(Object.entries(createFaults(proxy, chat)));
http.on('request', handle);

const isElsewhere = given === undefined && port !== DEFAULT_PORT;
const why = isElsewhere ? `${DEFAULT_PORT} or ${DEFAULT_PORT + 1} is taken; ` : '';
console.log(`holdline's demo: http://${HOST}:${port}/ (${why}Ctrl-C stops it)`);

// npm passes a signal on that the terminal has already sent: the second one means nothing.
let isStopping = false;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    if (!isStopping) void stop();
    isStopping = true;
  });
}

/** Two free ports side by side: the one asked for, or any where none was. */
async function listen() {
  const wanted = Number(given ?? DEFAULT_PORT);
  const isFixed = given !== undefined && wanted !== 0;
  for (let attempt = 0; attempt < (isFixed ? 1 : 20); attempt += 1) {
    const pair = await listenOn(wanted === 0 ? 0 : wanted + 2 * attempt);
    if (pair) return pair;
  }
  const ports = `Port ${wanted}, or ${wanted + 1} which the line needs,`;
  return giveUp(`${ports} is taken. Choose another: PORT=9000 npm start`);
}

/**
 * @param {number} wanted
 * @returns both servers, or nothing where one of the ports is taken
 */
async function listenOn(wanted) {
  const http = createServer();
  try {
    http.listen(wanted, HOST);
    await once(http, 'listening');
    const { port } = /** @type {AddressInfo} */ (http.address());
    const target = chat.current.port;
    return { http, port, proxy: await startFaultProxy({ target, host: HOST, port: port + 1 }) };
  } catch (error) {
    http.close();
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EADDRINUSE') return undefined;
    return giveUp(String(error));
  }
}

/**
 * @param {IncomingMessage} request
 * @param {ServerResponse} response
 */
function handle(request, response) {
  const { method, headers, url = '/' } = request;
  if (!isLoopback(headers.host) || !isOurs(headers.origin)) return response.writeHead(403).end();
  const isPost = method === 'POST';
  if (isPost && url.startsWith('/ada?')) {
    const isSaid = letAdaSpeak(new URLSearchParams(url.slice('/ada?'.length)), chat.current);
    return response.writeHead(isSaid ? 204 : 400).end();
  }
  const [, name, client] = /^\/faults\/([\w-]+)\?client=([\w-]{1,40})$/.exec(url) ?? [];
  if (!isPost || client === undefined) return servePage(request, response, port + 1);
  const fault = faults.get(name ?? '');
  if (!fault) return response.writeHead(404).end();
  // That there was no line is an answer, not an error: a browser would log one of those.
  const body = JSON.stringify({ found: fault(client) });
  return response.writeHead(200, { 'Content-Type': 'application/json' }).end(body);
}

async function stop() {
  http.close();
  http.closeAllConnections();
  await chat.current.stop(1001, 'the server is stopping');
  await proxy.close();
}

/**
 * @param {string} why
 * @returns {never}
 */
function giveUp(why) {
  console.error(why);
  process.exit(1);
}
