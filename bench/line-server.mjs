import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { mannersOf } from './protocols.mjs';

/**
 * A real server that can be killed and come back at the same port, and that knows which messages have
 * arrived.
 *
 * @param {import('./protocols.mjs').Protocol} protocol
 * @param {boolean} isAlert whether it pings every second, if it is the one that pings
 */
export async function startLineServer(protocol, isAlert) {
  /** @type {Set<string>} */
  const arrived = new Set();
  let port = 0;
  /** @type {(over: number) => void} */
  let kill = () => undefined;

  /** @param {import('ws').WebSocket} socket */
  const attend = (socket) => {
    const manners = mannersOf(protocol, isAlert);
    if (manners.greeting) socket.send(manners.greeting);
    const { ping } = manners;
    const timer = ping && setInterval(() => socket.send(ping), 1_000);
    socket.on('close', () => timer && clearInterval(timer));
    socket.on('error', () => undefined);
    socket.on('message', (data) => {
      const answer = manners.answer(`${data}`);
      if (answer) socket.send(answer);
      const message = manners.unwrap(`${data}`);
      if (message?.id) arrived.add(message.id);
    });
  };

  /** Lets it listen, for the first time or again. */
  const start = () =>
    new Promise((resolve) => {
      // It answers a plain request with an empty page, for the browser to be on.
      const http = createServer((_request, response) => {
        response.setHeader('content-type', 'text/html').end('<!doctype html>');
      });
      const server = new WebSocketServer({ server: http, perMessageDeflate: false });
      server.on('connection', attend);
      kill = (over) => {
        http.close();
        const clients = [...server.clients];
        for (const [at, client] of clients.entries()) {
          setTimeout(() => client.terminate(), (at * over) / clients.length);
        }
      };
      http.listen(port, '127.0.0.1', () => {
        port = /** @type {import('node:net').AddressInfo} */ (http.address()).port;
        resolve(undefined);
      });
    });

  await start();
  return {
    arrived,
    port,
    start,
    /** Lets nobody in any more, and cuts its clients, one after the other. @param {number} over how long that takes */
    kill: (over) => kill(over),
  };
}
