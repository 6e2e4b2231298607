/**
 * A real server, in a process of its own: for each protocol one port where it sends messages as fast as
 * they leave, and one where it counts those that arrive and says when all are there.
 */
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { nextTask } from './measure.mjs';
import { chat } from './messages.mjs';
import { mannersOf } from './protocols.mjs';

const [count = 0] = process.argv.slice(2).map(Number);
/** @type {import('./protocols.mjs').Protocol[]} */
const protocols = ['plain', 'socket.io', 'phoenix', 'graphql-ws'];
/** How much may wait to be sent, in bytes: enough to keep the line busy. */
const WAITING = 65_536;

/** @param {import('ws').WebSocket} socket @param {string} frame */
async function sendAll(socket, frame) {
  for (let sent = 0; sent < count && socket.readyState === socket.OPEN; sent++) {
    while (socket.bufferedAmount > WAITING) await nextTask();
    socket.send(frame);
  }
}

/**
 * @param {import('./protocols.mjs').Protocol} protocol
 * @param {'sends' | 'counts'} job
 */
async function listen(protocol, job) {
  // It answers a plain request with an empty page, for the browser to be on.
  const http = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html>');
  });
  const server = new WebSocketServer({ server: http, perMessageDeflate: false });
  server.on('connection', (socket) => {
    const manners = mannersOf(protocol);
    let arrived = 0;
    const begin = () => void (job === 'sends' && sendAll(socket, manners.wrap(chat(1))));
    socket.on('message', (data) => {
      const frame = `${data}`;
      const answer = manners.answer(frame);
      if (answer) socket.send(answer);
      if (manners.completes?.(frame)) begin();
      if (manners.unwrap(frame) && ++arrived === count) socket.send(manners.wrap({ type: 'done' }));
    });
    if (manners.greeting) socket.send(manners.greeting);
    if (!manners.completes) begin();
  });
  await new Promise((resolve) => http.listen(0, '127.0.0.1', () => resolve(undefined)));
  return /** @type {import('node:net').AddressInfo} */ (http.address()).port;
}

/** @type {Record<string, { sends: number, counts: number }>} */
const ports = {};
for (const protocol of protocols) {
  ports[protocol] = {
    sends: await listen(protocol, 'sends'),
    counts: await listen(protocol, 'counts'),
  };
}
process.send?.(ports);
// Whoever started it may be gone.
process.on('disconnect', () => process.exit());
