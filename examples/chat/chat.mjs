/**
 * The WebSocket server. People with a session and people without share its rooms.
 *
 * @import { IncomingMessage } from 'node:http'
 * @import { AddressInfo } from 'node:net'
 * @import { PlainServer, SessionStore } from '../../src/server/index.js'
 * @import { Person, Rooms, Tell } from './rooms.mjs'
 * @import { People, Sessions } from './sessions.mjs'
 *
 * @typedef {{ store: SessionStore, people: People }} Memory what a restart must keep, or sessions are lost
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import { isOurs } from './origin.mjs';
import { hear } from './said.mjs';
import { authenticate, hearSessions } from './sessions.mjs';

/** A longer message is closed with 1009. */
const LONGEST_MESSAGE = 1_048_576;
/** Who reads so slowly that more than this piles up is dropped: memory is for everybody. */
const LARGEST_BACKLOG = 4 * 1_048_576;
/** What may wait for one who is away, in bytes: some bursts. */
const LONGEST_ABSENCE = 1_048_576;
/** Over how long people come back after a restart, in milliseconds: as in the page's `socket.js`. */
const SPREAD = 3_000;
/** How long connections may take to close, in milliseconds. */
const CLOSE_WITHIN = 500;

/** @typedef {Awaited<ReturnType<typeof startChat>>} Chat */

/**
 * @param {Rooms} rooms
 * @param {Memory} [kept] of the server before this one; without it, its sessions are forgotten
 */
export async function startChat(rooms, kept) {
  const http = createServer((_request, response) => response.writeHead(426).end());
  const doors = {
    plain: openDoor(),
    session: openDoor(),
  };
  http.on('upgrade', (request, socket, head) => {
    const door = pathOf(request.url) === '/session' ? doors.session : doors.plain;
    door.handleUpgrade(request, socket, head, (line) => door.emit('connection', line, request));
  });
  // Not before it is known that there is one.
  const { createPlainServer, createSessionServer, memoryStore } =
    await import('../../dist/server.js');
  const memory = kept ?? { store: memoryStore(), people: new Map() };

  // It answers pings, finds those who vanished, and closes with 1007 what is no JSON.
  /** @type {PlainServer<any, object, Person>} */
  const plain = createPlainServer({ maxPayload: LONGEST_MESSAGE, maxBuffered: LARGEST_BACKLOG });
  /** @type {Sessions} */
  const sessions = createSessionServer({
    authenticate,
    store: memory.store,
    maxPayload: LONGEST_MESSAGE,
    maxBytes: LONGEST_ABSENCE,
    spread: SPREAD,
  });
  plain.attach(doors.plain);
  sessions.attach(doors.session);

  /** @type {Tell} */
  const tell = (members, message) => {
    const everybody = new Set(members);
    plain.broadcast(message, { to: [...plain.connections].filter((one) => everybody.has(one)) });
    // To those who are away as well: it waits for them.
    for (const one of sessions.sessions.values()) if (everybody.has(one)) one.send(message);
  };

  plain.on('connection', (member) => {
    const { url } = /** @type {IncomingMessage} */ (member.request);
    // The page's other lane is nobody: what is sent to a client goes to the line of holdline's.
    const client = pathOf(url) === '/plain' ? '' : clientOf(url);
    member.data = { client, name: 'Somebody', room: undefined };
  });
  plain.on('close', (member) => rooms.leave(member, tell));
  plain.on('slow', (member) => member.terminate());
  plain.on('message', (message, member) => {
    if (!hear(message, member, rooms, tell)) member.close(4400, 'no such message');
  });
  hearSessions(sessions, { rooms, people: memory.people, tell });

  http.listen(0, '127.0.0.1');
  await once(http, 'listening');

  const cutOff = () => {
    for (const { clients } of Object.values(doors)) for (const line of clients) line.terminate();
  };

  return {
    memory,
    port: /** @type {AddressInfo} */ (http.address()).port,

    /**
     * Sends `count` numbered messages to one client.
     *
     * @param {string} client
     * @param {number} count
     * @returns {boolean} whether there was a connection, or a session, to send them on
     */
    burst(client, count) {
      const id = crypto.randomUUID();
      const everybody = [...plain.connections, ...sessions.sessions.values()];
      const theirs = everybody.filter(({ data }) => data?.client === client).at(-1);
      for (let n = 1; n <= count; n += 1) theirs?.send({ type: 'burst', id, n, of: count });
      return theirs !== undefined;
    },

    /**
     * Says something in some rooms, in the name of somebody who is in none.
     *
     * @param {string} name
     * @param {{ id: string, room: string, text: string }[]} messages
     */
    announce(name, messages) {
      const nobody = { data: { client: '', name, room: undefined }, send: () => undefined };
      for (const message of messages) rooms.say(nobody, message, tell);
    },

    /**
     * Closes everybody and stops listening. Sessions are told first: what they have under way is done, and
     * acknowledged, and they stay in the store.
     *
     * @param {number} code
     * @param {string} reason
     */
    async stop(code, reason) {
      for (const door of Object.values(doors)) door.close();
      const stopped = new Promise((resolve) => http.close(resolve));
      await Promise.all([plain.close({ code, reason, within: CLOSE_WITHIN }), sessions.close()]);
      await Promise.race([stopped, sleep(CLOSE_WITHIN, undefined, { ref: false })]);
      cutOff();
      http.closeAllConnections();
      await stopped;
    },

    /** Dies: nobody is told, nothing more is acknowledged. */
    async crash() {
      cutOff();
      await this.stop(1001, '');
    },
  };
}

/** Where connections come in: one way for each of the two servers. */
const openDoor = () =>
  new WebSocketServer({
    noServer: true,
    maxPayload: LONGEST_MESSAGE,
    verifyClient: (/** @type {{ origin?: string }} */ { origin }) => isOurs(origin),
  });

/** @param {string | undefined} path such as `/session?client=abc`; it may be anything */
const pathOf = (path = '') => path.split('?')[0];

/**
 * Whose line it is.
 *
 * @param {string | undefined} path such as `/?client=abc`; it may be anything
 */
export function clientOf(path = '') {
  return new URLSearchParams(path.split('?')[1]).get('client') ?? '';
}
