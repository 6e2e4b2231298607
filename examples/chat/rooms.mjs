/**
 * Who is in which room, and what was said there last. It knows nothing of sockets.
 *
 * @typedef {object} Member one connection
 * @property {string} client who is behind it; one client may have two, the older one dying
 * @property {string} name
 * @property {(text: string) => void} send
 */

/** @typedef {{ type: 'say', id: string, room: string, name: string, text: string, at: number }} Said */

/** @typedef {{ name: string, members: Set<Member>, history: Said[] }} Room */

const LONGEST_HISTORY = 50;
const MOST_ROOMS = 100;

/** @typedef {ReturnType<typeof createRooms>} Rooms */

export function createRooms() {
  /** @type {Map<string, Room>} the one used last comes last */
  const rooms = new Map();

  /**
   * A room stays when its last member leaves: they may only have lost the line.
   *
   * @param {string} name
   * @returns {Room}
   */
  function open(name) {
    const room = rooms.get(name) ?? { name, members: new Set(), history: [] };
    rooms.delete(name);
    rooms.set(name, room);
    for (const old of rooms.values()) {
      if (rooms.size <= MOST_ROOMS) break;
      if (old.members.size === 0 && old !== room) rooms.delete(old.name);
    }
    return room;
  }

  /**
   * @param {Iterable<Member>} members
   * @param {object} message
   */
  function tell(members, message) {
    const text = JSON.stringify(message);
    for (const member of members) member.send(text);
  }

  /** @param {Room} room */
  function namesIn(room) {
    const byClient = new Map([...room.members].map(({ client, name }) => [client, name]));
    return [...byClient.values()];
  }

  /** @param {Room} room */
  function tellWhoIsThere(room) {
    tell(room.members, { type: 'people', room: room.name, people: namesIn(room) });
  }

  /** @param {Member} member */
  function leave(member) {
    for (const room of rooms.values()) if (room.members.delete(member)) tellWhoIsThere(room);
  }

  return {
    leave,

    /**
     * @param {Member} member
     * @param {string} name
     */
    join(member, name) {
      leave(member);
      const room = open(name);
      room.members.add(member);
      const { history } = room;
      tell([member], { type: 'joined', room: name, people: namesIn(room), history });
      tellWhoIsThere(room);
    },

    /**
     * Broadcasts, to the speaker too: that is how they know that it arrived. Something said twice
     * (sent again, for want of an answer) is there only once.
     *
     * @param {Member} member
     * @param {{ id: string, room: string, text: string }} message
     */
    say(member, { id, room: name, text }) {
      const room = open(name);
      const known = room.history.find((said) => said.id === id);
      if (known) return tell([member], known);
      const said = { type: /** @type {const} */ ('say'), id, room: name, name: member.name, text };
      const dated = { ...said, at: Date.now() };
      room.history.push(dated);
      if (room.history.length > LONGEST_HISTORY) room.history.shift();
      tell(new Set([...room.members, member]), dated);
    },
  };
}
