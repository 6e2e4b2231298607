/** The server of {@link file://./sessions-resume.mjs}: it loses all lines, and nobody gets through for a while. */
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { heap, sleep } from './measure.mjs';
import { createSessionServer } from './sessions-library.mjs';

const CAPACITY = 20_000;
/** How many may wait to be accepted. */
const BACKLOG = 4_096;

const sessions = createSessionServer({ maxSessions: CAPACITY, capacity: CAPACITY, ttl: 600_000 });
let handled = 0;
sessions.on('session', (session) => session.on('message', () => void handled++));

const sockets = new WebSocketServer({ noServer: true });
sessions.attach(sockets);
let http = listening(0);

/** @param {number} port */
function listening(port) {
  const server = createServer();
  server.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (ws) => sockets.emit('connection', ws, request));
  });
  return server.listen({ port, host: '127.0.0.1', backlog: BACKLOG });
}

let [peak, resident] = [0, 0];
/** What the process had worked when it could be reached again. */
let before = process.cpuUsage();

function look() {
  const { heapUsed, rss } = process.memoryUsage();
  peak = Math.max(peak, heapUsed);
  resident = Math.max(resident, rss);
}

http.on('listening', () => {
  process.send?.({ port: /** @type {import('node:net').AddressInfo} */ (http.address()).port });
});

process.on('message', (/** @type {{ cut?: number }} */ { cut }) => {
  if (cut !== undefined) return void lose(cut);
  const { user, system } = process.cpuUsage(before);
  process.send?.({ peak, resident, handled, worked: (user + system) / 1e6 });
});

/** @param {number} milliseconds */
async function lose(milliseconds) {
  const { port } = /** @type {import('node:net').AddressInfo} */ (http.address());
  http.close();
  for (const socket of sockets.clients) socket.terminate();
  process.send?.({ isCut: true });
  for (const session of sessions.sessions.values()) session.send({ from: 'the server' });
  await sleep(milliseconds);
  await heap();
  setInterval(look, 20);
  before = process.cpuUsage();
  http = listening(port);
  http.on('listening', () => process.send?.({ since: Date.now() }));
}

// Whoever started it may be gone.
process.on('disconnect', () => process.exit());
