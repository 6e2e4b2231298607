/**
 * The WebSocket server: what arrives, what is answered, and who is closed why.
 *
 * @import { IncomingMessage } from 'node:http'
 * @import { AddressInfo } from 'node:net'
 * @import { PlainServer } from '../../src/server/index.js'
 * @import { Person, Rooms, Tell } from './rooms.mjs'
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { isOurs } from './origin.mjs';

/** A longer message is closed with 1009. */
const LONGEST_MESSAGE = 1_048_576;
/** Who reads so slowly that more than this piles up is dropped: memory is for everybody. */
const LARGEST_BACKLOG = 4 * 1_048_576;

/** What each kind of message has, and how long a text may be. */
const shapes = {
  join: { room: 40, name: 40 },
  say: { id: 40, room: 40, text: 2_000 },
  burst: { id: 40 },
};

/** @typedef {Awaited<ReturnType<typeof startChat>>} Chat */

/** @param {Rooms} rooms */
export async function startChat(rooms) {
  const http = createServer((_request, response) => response.writeHead(426).end());
  const sockets = new WebSocketServer({
    server: http,
    maxPayload: LONGEST_MESSAGE,
    verifyClient: (/** @type {{ origin?: string }} */ { origin }) => isOurs(origin),
  });
  // Not before it is known that there is one.
  const { createPlainServer } = await import('../../dist/server.js');
  // It answers pings, finds those who vanished, and closes with 1007 what is no JSON.
  /** @type {PlainServer<any, object, Person>} */
  const server = createPlainServer({ maxPayload: LONGEST_MESSAGE, maxBuffered: LARGEST_BACKLOG });
  server.attach(sockets);

  /** @type {Tell} */
  const tell = (members, message) => void server.broadcast(message, { to: members });

  server.on('connection', (member) => {
    const { url } = /** @type {IncomingMessage} */ (member.request);
    member.data = { client: clientOf(url), name: 'Somebody' };
  });
  server.on('close', (member) => rooms.leave(member, tell));
  server.on('slow', (member) => member.terminate());
  server.on('message', (message, member) => {
    if (!isKnown(message)) return member.close(4400, 'no such message');
    if (message.type === 'burst') member.send(message);
    if (message.type === 'say') rooms.say(member, message, tell);
    if (message.type === 'join') {
      if (member.data) member.data.name = message.name;
      rooms.join(member, message.room, tell);
    }
  });

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
      const theirs = [...server.connections].filter(({ data }) => data?.client === client).at(-1);
      for (let n = 1; n <= count; n += 1) theirs?.send({ type: 'burst', id, n, of: count });
      return theirs !== undefined;
    },

    /**
     * Closes everybody and stops listening.
     *
     * @param {number} code
     * @param {string} reason
     */
    async stop(code, reason) {
      sockets.close();
      const stopped = new Promise((resolve) => http.close(resolve));
      await server.close({ code, reason });
      http.closeAllConnections();
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
