/** The room in the address bar: a link leads to the room, and whoever edits it goes there. */

/** The server closes the line at a longer name. */
const LONGEST = 40;

/** @returns {string} */
export function roomInAddress() {
  const room = decoded(location.hash.slice(1)).trim().slice(0, LONGEST);
  // The cut may have gone through an emoji, and half of one is no text.
  return room.replace(/[\uD800-\uDBFF]$/, '').trim() || 'lobby';
}

/** @param {string} room */
export function putRoomInAddress(room) {
  history.replaceState(null, '', `#${encodeURIComponent(room)}`);
}

/** @param {string} text what somebody has typed: it need not be well-formed */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
