/** @import { Library, Line } from './socket.js' */
import { byId, setText } from './dom.js';
import { duration } from './format.js';
import { everyTick } from './ticks.js';

/** What each cause means here. */
const causes = {
  client: 'You hung up.',
  reconnect: 'A new one was wanted: you asked for it, or the server said that it goes.',
  failed: 'The page itself gave it up.',
  server: 'The server said goodbye.',
  network: 'It broke, or was refused, without a word.',
  timeout: 'The attempt took too long.',
  heartbeat: 'A ping was not answered.',
  provider: 'There was no address to connect to.',
  handshake: 'The server did not let us in.',
};

/**
 * @param {Line} socket
 * @param {Library['CloseCode']} codes
 */
export function showLastClose(socket, codes) {
  /** @type {Map<number, string>} */
  const names = new Map(Object.entries(codes).map(([name, code]) => [code, spaced(name)]));
  const ago = byId('close-ago', HTMLElement);
  /** @type {number | undefined} */
  let at;
  socket.on('close', ({ code, reason, cause }) => {
    at = Date.now();
    const quoted = reason === '' ? '' : `, “${reason}”`;
    byId('close-code', HTMLElement).textContent = String(code);
    byId('close-name', HTMLElement).textContent = names.get(code) ?? 'custom';
    byId('close-cause', HTMLElement).textContent = `cause: ${cause}${quoted}. ${causes[cause]}`;
  });
  everyTick((now) => {
    if (at !== undefined) setText(ago, `${duration(Math.max(1_000, now - at))} ago`);
  });
}

/**
 * `NormalClosure` → `normal closure`
 *
 * @param {string} name
 */
function spaced(name) {
  return name.replaceAll(/\B[A-Z]/g, ' $&').toLowerCase();
}
