/**
 * People with a session: one member of a room, across all their connections, and across a restart.
 *
 * @import { Session, SessionServer } from '../../src/server/index.js'
 * @import { Person, Rooms, Tell } from './rooms.mjs'
 *
 * @typedef {SessionServer<any, object, Person>} Sessions
 * @typedef {Map<string, Person>} People who is behind a session that is at no server now, by its id
 */
import { hear } from './said.mjs';

const MOST_PEOPLE = 1_000;

/**
 * The demo has no passwords: whoever says who they are is believed.
 *
 * @param {{ auth: unknown }} introduction
 */
export function authenticate({ auth }) {
  return typeof auth === 'string' && /^[\w-]{1,40}$/.test(auth) && auth;
}

/**
 * @param {Sessions} server
 * @param {{ rooms: Rooms, people: People, tell: Tell }} chat
 */
export function hearSessions(server, { rooms, people, tell }) {
  server.on('session', (session) => {
    const known = people.get(session.id);
    people.delete(session.id);
    session.data = known ?? { client: session.principal, name: 'Somebody', room: undefined };
    // The server before this one had it. What was said meanwhile was said to those who were here.
    if (known?.room !== undefined)
      rooms.join(session, { name: known.name, room: known.room }, tell);

    session.on('attach', () => rooms.noticed(session, tell));
    session.on('detach', () => rooms.noticed(session, tell));
    session.on('message', ({ data }) => {
      if (!hear(data, session, rooms, tell)) session.close(4400, 'no such message');
    });
    session.on('close', (end) => {
      if (end === 'moved') remember(session);
      rooms.leave(session, tell);
    });
  });

  /**
   * The store has the session, and what belongs to it is ours to keep.
   *
   * @param {Session<any, object, Person>} session
   */
  function remember({ id, data }) {
    if (data) people.set(id, data);
    const [oldest] = people.keys();
    if (people.size > MOST_PEOPLE) people.delete(String(oldest));
  }
}
