/**
 * A server of sessions on real TCP, and lines to it that can be broken.
 *
 * @import { AddressInfo } from 'node:net'
 * @import { Library, Message } from './chaos.mjs'
 * @import { SessionServer, SessionServerOptions } from '../../src/server/index.js'
 */
import { once } from 'node:events';
import { WebSocketServer } from 'ws';
import { startFaultProxy } from './fault-proxy.mjs';

/**
 * @param {Library} library
 * @param {SessionServerOptions<Message, Message>} options
 */
export async function setStage({ createSessionServer }, options) {
  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(sockets, 'listening');
  /** @type {SessionServer<Message, Message>} */
  const server = createSessionServer(options);
  server.attach(sockets);
  const { port } = /** @type {AddressInfo} */ (sockets.address());
  const proxy = await startFaultProxy({ target: port });
  return {
    server,
    proxy,
    async close() {
      await server.close();
      await proxy.close();
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}
