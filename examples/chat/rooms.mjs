/**
 * Who is in which room, and what was said there last.
 *
 * @typedef {object} Person
 * @property {string} client who is behind a connection; one client may have two, the older one dying
 * @property {string} name
 * @property {string | undefined} room where they are, once they are anywhere
 */

/**
 * @typedef {object} Member one connection; or one session, which may be without a connection for a while
 * @property {Person | undefined} data
 * @property {(message: object) => unknown} send
 * @property {boolean} [attached]
 */

/** @typedef {(members: Iterable<Member>, message: object) => void} Tell sends a message to all of them */

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

  /** @param {Room} room */
  function namesIn(room) {
    const byClient = new Map();
    for (const { data, attached = true } of room.members) {
      if (attached) byClient.set(data?.client, data?.name);
    }
    return [...byClient.values()];
  }

  /**
   * @param {Room} room
   * @param {Tell} tell
   */
  function tellWhoIsThere(room, tell) {
    tell(room.members, { type: 'people', room: room.name, people: namesIn(room) });
  }

  /**
   * @param {Member} member
   * @param {Tell} tell
   */
  function leave(member, tell) {
    for (const room of rooms.values()) if (room.members.delete(member)) tellWhoIsThere(room, tell);
  }

  return {
    leave,

    /**
     * @param {Member} member
     * @param {{ name: string, room: string }} wish
     * @param {Tell} tell
     */
    join(member, { name, room: wanted }, tell) {
      leave(member, tell);
      if (member.data) Object.assign(member.data, { name, room: wanted });
      const room = open(wanted);
      room.members.add(member);
      const { history } = room;
      member.send({ type: 'joined', room: wanted, people: namesIn(room), history });
      tellWhoIsThere(room, tell);
    },

    /**
     * Somebody's connection has come or gone, and they stay.
     *
     * @param {Member} member
     * @param {Tell} tell
     */
    noticed(member, tell) {
      for (const room of rooms.values()) if (room.members.has(member)) tellWhoIsThere(room, tell);
    },

    /**
     * Broadcasts, to the speaker too: that is how they know that it arrived. Something said twice
     * (sent again, for want of an answer) is there only once.
     *
     * @param {Member} member
     * @param {{ id: string, room: string, text: string }} message
     * @param {Tell} tell
     */
    say(member, { id, room: name, text }, tell) {
      const room = open(name);
      const known = room.history.find((said) => said.id === id);
      if (known) return void member.send(known);
      const said = {
        type: /** @type {const} */ ('say'),
        id,
        room: name,
        name: member.data?.name ?? '',
        text,
      };
      const dated = { ...said, at: Date.now() };
      room.history.push(dated);
      if (room.history.length > LONGEST_HISTORY) room.history.shift();
      tell(new Set([...room.members, member]), dated);
    },
  };
}
