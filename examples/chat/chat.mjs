/**
 * The WebSocket server: what arrives, what is answered, and who is closed why.
 *
 * @import { AddressInfo } from 'node:net'
 * @import { Member, Rooms } from './rooms.mjs'
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { isOurs } from './origin.mjs';

/** A longer message is closed with 1009, by `ws` itself. */
const LONGEST_MESSAGE = 1_048_576;
/** Who reads so slowly that more than this piles up is dropped: memory is for everybody. */
const LARGEST_BACKLOG = 4 * 1_048_576;
/** How often to look who is still there, in milliseconds. */
const PING_INTERVAL = 30_000;
/** How long a client may take to answer a close frame, in milliseconds. */
const CLOSE_GRACE = 500;

/** What each kind of message has, and how long a text may be. */
const shapes = {
  ping: {},
  join: { room: 40, name: 40 },
  say: { id: 40, room: 40, text: 2_000 },
  burst: { id: 40 },
};

/** @typedef {Awaited<ReturnType<typeof startChat>>} Chat */

/** @param {Rooms} rooms */
export async function startChat(rooms) {
  const http = createServer((_request, response) => response.writeHead(426).end());
  const server = new WebSocketServer({
    server: http,
    maxPayload: LONGEST_MESSAGE,
    verifyClient: (/** @type {{ origin?: string }} */ { origin }) => isOurs(origin),
  });
  /** @type {Map<WebSocket, Member>} */
  const members = new Map();
  /** @type {WeakSet<WebSocket>} */
  const unanswered = new WeakSet();

  server.on('connection', (socket, request) => {
    const member = {
      client: clientOf(request.url),
      name: 'Somebody',
      send: (/** @type {string} */ text) => {
        if (socket.bufferedAmount > LARGEST_BACKLOG) socket.terminate();
        else if (socket.readyState === WebSocket.OPEN) socket.send(text);
      },
    };
    members.set(socket, member);
    socket.on('message', (data, isBinary) => {
      if (isBinary) return socket.close(1003, 'text only');
      take(socket, member, String(data));
    });
    socket.on('pong', () => unanswered.delete(socket));
    socket.on('error', () => {}); // a broken frame, or one too long: its close follows
    socket.on('close', () => {
      members.delete(socket);
      rooms.leave(member);
    });
  });

  /**
   * @param {WebSocket} socket
   * @param {Member} member
   * @param {string} text
   */
  function take(socket, member, text) {
    let message;
    try {
      message = JSON.parse(text);
    } catch {
      return socket.close(1007, 'this is not JSON');
    }
    if (!isKnown(message)) return socket.close(4400, 'no such message');
    if (message.type === 'ping') socket.send('{"type":"pong"}');
    if (message.type === 'burst') socket.send(text);
    if (message.type === 'say') rooms.say(member, message);
    if (message.type === 'join') {
      member.name = message.name;
      rooms.join(member, message.room);
    }
  }

  // Pings of the protocol, which browsers answer by themselves: they find those who vanished.
  const timer = setInterval(() => {
    for (const socket of server.clients) {
      if (unanswered.has(socket)) socket.terminate();
      unanswered.add(socket);
      socket.ping();
    }
  }, PING_INTERVAL);

  http.listen(0, '127.0.0.1');
  await once(http, 'listening');

  return {
    port: /** @type {AddressInfo} */ (http.address()).port,

    /**
     * Sends `count` numbered messages to one client.
     *
     * @param {string} client
     * @param {number} count
     * @returns {boolean} whether there was a connection to send them on
     */
    burst(client, count) {
      const id = crypto.randomUUID();
      const theirs = [...members.values()].filter((member) => member.client === client).at(-1);
      for (let n = 1; theirs && n <= count; n += 1) {
        theirs.send(JSON.stringify({ type: 'burst', id, n, of: count }));
      }
      return theirs !== undefined;
    },

    /**
     * Closes everybody and stops listening.
     *
     * @param {number} code
     * @param {string} reason
     */
    async stop(code, reason) {
      clearInterval(timer);
      server.close();
      const stopped = new Promise((resolve) => http.close(resolve));
      for (const socket of server.clients) socket.close(code, reason);
      setTimeout(() => {
        for (const socket of server.clients) socket.terminate();
        http.closeAllConnections();
      }, CLOSE_GRACE).unref();
      await stopped;
    },
  };
}

/**
 * Whose line it is.
 *
 * @param {string | undefined} path such as `/?client=abc`; it may be anything
 */
export function clientOf(path = '') {
  return new URLSearchParams(path.split('?')[1]).get('client') ?? '';
}

/**
 * @param {any} message
 * @returns {boolean} whether it has a known type, and what belongs to it
 */
function isKnown(message) {
  const type = message?.type;
  if (typeof type !== 'string' || !Object.hasOwn(shapes, type)) return false;
  const texts = Object.entries(shapes[/** @type {keyof typeof shapes} */ (type)]);
  return texts.every(([name, longest]) => {
    const text = message[name];
    return typeof text === 'string' && text.length > 0 && text.length <= longest;
  });
}
