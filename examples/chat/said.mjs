/**
 * What may be said, with a session or without: the same for both.
 *
 * @import { Member, Rooms, Tell } from './rooms.mjs'
 */

/** What each kind of message has, and how long a text may be. */
const shapes = {
  join: { room: 40, name: 40 },
  say: { id: 40, room: 40, text: 2_000 },
  burst: { id: 40 },
};

/**
 * @param {any} message it may be anything
 * @param {Member} member who says it
 * @param {Rooms} rooms
 * @param {Tell} tell
 * @returns {boolean} whether it is a message of ours
 */
export function hear(message, member, rooms, tell) {
  if (!isKnown(message)) return false;
  if (message.type === 'burst') member.send(message);
  if (message.type === 'say') rooms.say(member, message, tell);
  if (message.type === 'join') rooms.join(member, message, tell);
  return true;
}

/**
 * @param {any} message
 * @returns {boolean} whether it has a known type, and what belongs to it
 */
export function isKnown(message) {
  const type = message?.type;
  if (typeof type !== 'string' || !Object.hasOwn(shapes, type)) return false;
  const texts = Object.entries(shapes[/** @type {keyof typeof shapes} */ (type)]);
  return texts.every(([name, longest]) => {
    const text = message[name];
    return typeof text === 'string' && text.length > 0 && text.length <= longest;
  });
}
