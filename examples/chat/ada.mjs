/**
 * Somebody who answers: `POST /ada?client=…&id=…&room=…&text=…`. The page orders each sentence by HTTP, past
 * the line, and so knows what was said to it while the line was broken.
 *
 * @import { Chat } from './chat.mjs'
 */
import { isKnown } from './said.mjs';

/**
 * @param {URLSearchParams} order
 * @param {Chat} chat
 * @returns {boolean} whether it was one
 */
export function letAdaSpeak(order, chat) {
  const { client = '', id = '', room = '', text = '' } = Object.fromEntries(order);
  // Once for holdline's line, and once in the room of the plain WebSocket beside it.
  const messages = [room, `~${client}`].map((place) => ({ type: 'say', id, room: place, text }));
  if (!messages.every(isKnown)) return false;
  chat.announce('Ada', messages);
  return true;
}
