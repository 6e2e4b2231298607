/**
 * The line of this page: where it goes, how it is held, and what goes over it.
 *
 * @typedef {Pick<typeof import('../../../src/session.js'), 'session' | 'unacknowledged'>} Sessions
 * @typedef {Pick<typeof import('../../../src/index.js'), 'createSocket' | 'CloseCode' | 'summary'> & {
 *   sessions?: Sessions | undefined }} Library
 *
 * @typedef {{ type: 'say', id: string, room: string, name: string, text: string, at: number }} Said
 * @typedef {{ type: 'joined', room: string, people: string[], history: Said[] }} Joined
 * @typedef {{ type: 'people', room: string, people: string[] }} People
 * @typedef {{ type: 'burst', id: string, n: number, of: number }} Burst
 * @typedef {Said | Joined | People | Burst} Incoming
 *
 * @typedef {{ type: 'join', room: string, name: string }} Join
 * @typedef {{ type: 'say', id: string, room: string, text: string }} Say
 * @typedef {{ type: 'ping' } | Join | Say | Burst} Outgoing
 *
 * @typedef {import('../../../src/index.js').Socket<Incoming, Outgoing>} Line
 */
import { duration } from './format.js';

/** Shorter than the defaults, so that what would take half a minute can be watched. */
const heartbeat = { interval: 5_000, timeout: 2_000 };
const reconnect = { baseDelay: 1_000, maxDelay: 5_000, minUptime: 2_000, spread: 3_000 };
/** Room for some bursts, and a mark so low that one burst has to queue. */
const queue = { maxMessages: 5_000, highWaterMark: 16_384 };
const settings = { autoConnect: false, connectTimeout: 4_000, reconnect, queue };

/**
 * @param {Library} library with what a session takes, where there is to be one
 * @param {string} client
 * @param {{ hello: () => Join, welcomed: (joined: Joined) => void }} chat
 * @returns {Line}
 */
export function createLine({ createSocket, sessions }, client, chat) {
  if (!sessions) {
    return createSocket(lineUrl('/', client), {
      ...settings,
      heartbeat: { ...heartbeat, expectReply: true },
      // Joins the room, and catches up, before anything that was queued goes out.
      async handshake(link) {
        link.send(chat.hello());
        const answer = await link.receive();
        if (answer.type !== 'joined') throw new Error('the server did not say hello');
        chat.welcomed(answer);
      },
    });
  }

  /** @type {Line} */
  const line = createSocket(lineUrl('/session', client), {
    ...settings,
    heartbeat,
    session: sessions.session({ auth: () => client }),
  });
  // Once a session is in a room it stays there, whatever becomes of its connections.
  let isNew = true;
  line.on('session', ({ resumed }) => (isNew = !resumed));
  line.on('open', () => {
    if (isNew) line.send(chat.hello(), { ahead: true });
  });
  return line;
}

/**
 * The proxy that breaks the line listens on the port next to the page's.
 *
 * @param {string} path where the server has sessions, or has none
 * @param {string} client
 */
export function lineUrl(path, client) {
  const url = new URL(path, location.href);
  url.port = String(Number(location.port) + 1);
  url.searchParams.set('client', client);
  return url;
}

export function explainSettings() {
  const { interval, timeout } = heartbeat;
  const { baseDelay, maxDelay, spread } = reconnect;
  return [
    `This page pings after ${duration(interval)} of silence and wants an answer within`,
    `${duration(timeout)}. It waits at most ${duration(baseDelay)} before the first retry, doubling`,
    `up to ${duration(maxDelay)}, and up to ${duration(spread)} when the server says that it`,
    `restarts; all of it at random. The defaults are calmer: 30 s, 10 s, 1.85 s to 13 s, 5 s.`,
  ].join(' ');
}
