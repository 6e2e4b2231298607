/**
 * A real WebSocket server on loopback that remembers what it saw, and can be stopped and started
 * again on its port.
 *
 * @import { IncomingMessage } from 'node:http'
 * @import { AddressInfo, Socket } from 'node:net'
 * @import { ServerOptions } from 'ws'
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';

const PING = '{"type":"ping"}';
const PONG = '{"type":"pong"}';

/** @typedef {string | Buffer} Message text as a string, binary as a Buffer */

/**
 * @typedef {object} LineServerOptions
 * @property {(message: Message, socket: WebSocket) => void} [onMessage]
 * @property {(socket: WebSocket, request: IncomingMessage) => void} [onConnection]
 * @property {boolean} [answersPing] `{"type":"ping"}` gets `{"type":"pong"}`; true unless told
 * @property {boolean} [echo] every other message is sent back; false unless told
 * @property {number} [port] 0, the default, takes any
 */

/** @typedef {Awaited<ReturnType<typeof startLineServer>>} LineServer */

/** @param {LineServerOptions & Pick<ServerOptions, 'verifyClient' | 'handleProtocols'>} [options] */
export async function startLineServer(options = {}) {
  const { onMessage, onConnection, answersPing = true, echo = false, ...rest } = options;
  let { port = 0, ...upgrade } = rest;
  let accepted = 0;
  /** @type {(() => Promise<void>) | undefined} */
  let shutDown;
  /** @type {Set<WebSocket>} */
  let clients = new Set();
  /** @type {Message[]} */
  const received = [];
  /** @type {Message[]} what `nextMessage` has not handed out yet */
  const untaken = [];
  /** @type {{ wants: (message: Message) => boolean, take: (message: Message) => void }[]} */
  const messageWaiters = [];
  /** @type {((socket: WebSocket) => void)[]} */
  let connectionWaiters = [];

  const openSockets = () => [...clients].filter(({ readyState }) => readyState === WebSocket.OPEN);

  /** @param {Message} message */
  const keep = (message) => {
    received.push(message);
    const index = messageWaiters.findIndex(({ wants }) => wants(message));
    const [waiter] = index < 0 ? [] : messageWaiters.splice(index, 1);
    if (waiter) waiter.take(message);
    else untaken.push(message);
  };

  /**
   * @param {WebSocket} socket
   * @param {IncomingMessage} request
   */
  const accept = (socket, request) => {
    accepted += 1;
    socket.on('error', () => {}); // broken lines are what this server is for
    socket.on('message', (data, isBinary) => {
      const bytes = /** @type {Buffer} */ (data); // ws gives Buffers unless its binaryType is set
      const message = isBinary ? bytes : bytes.toString();
      keep(message);
      if (answersPing && message === PING) socket.send(PONG);
      else if (echo) socket.send(message);
      onMessage?.(message, socket);
    });
    onConnection?.(socket, request);
    const waiters = connectionWaiters;
    connectionWaiters = [];
    for (const resolve of waiters) resolve(socket);
  };

  /** Listens again, on the same port. */
  const start = async () => {
    if (shutDown) return;
    const http = createServer((_request, response) => void response.writeHead(426).end());
    const wss = new WebSocketServer({ ...upgrade, server: http });
    wss.on('connection', accept);
    wss.on('error', () => {}); // ws repeats the HTTP server's errors; `once` below rejects with them
    /** @type {Set<Socket>} */
    const tcp = new Set();
    http.on('connection', (socket) => {
      tcp.add(socket);
      socket.on('close', () => tcp.delete(socket));
    });
    http.listen(port, '127.0.0.1');
    await once(http, 'listening');
    ({ port } = /** @type {AddressInfo} */ (http.address()));
    clients = wss.clients;
    shutDown = async () => {
      shutDown = undefined;
      const closed = [wss, http].map((part) => new Promise((resolve) => part.close(resolve)));
      // Also those in the middle of an upgrade, which neither ws nor the HTTP server would close.
      for (const socket of tcp) socket.destroy();
      await Promise.all(closed);
    };
  };

  await start();

  return {
    port,
    url: `ws://127.0.0.1:${port}`,
    received,
    start,

    /** Dies: no close frame, every connection is dropped. Settles when no handle is left. */
    stop: async () => shutDown?.(),

    /** How many connections are open. */
    get connections() {
      return openSockets().length;
    },

    /** How many connections there have been, restarts included. */
    get accepted() {
      return accepted;
    },

    /** The open connections, oldest first. */
    get sockets() {
      return openSockets();
    },

    /** @param {Message} data */
    broadcast(data) {
      for (const socket of openSockets()) socket.send(data);
    },

    /**
     * Sends a close frame to everyone; settles when they all are closed.
     *
     * @param {number} [code]
     * @param {string} [reason]
     */
    async closeAll(code, reason) {
      const leave = openSockets().map((socket) => {
        socket.close(code, reason);
        return new Promise((resolve) => socket.once('close', resolve));
      });
      await Promise.all(leave);
    },

    /** Drops every connection without a close frame, and goes on listening. */
    terminateAll() {
      for (const socket of clients) socket.terminate();
    },

    /**
     * The next connection from now on; those that are here already are in `sockets`.
     *
     * @returns {Promise<WebSocket>}
     */
    nextConnection() {
      return new Promise((resolve) => connectionWaiters.push(resolve));
    },

    /**
     * The first message that fits, past or future, and that no earlier call was given: calls in a
     * row walk through the messages in order.
     *
     * @param {(message: Message) => boolean} [wants]
     * @returns {Promise<Message>}
     */
    async nextMessage(wants = () => true) {
      const index = untaken.findIndex(wants);
      const [message] = index < 0 ? [] : untaken.splice(index, 1);
      return message ?? new Promise((take) => messageWaiters.push({ wants, take }));
    },
  };
}
