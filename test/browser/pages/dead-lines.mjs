/**
 * Opens many lines at once, in a page or in Node, and writes down when each was found dead.
 *
 * @import { SocketOptions } from '../../../src/index.js'
 */
/* global clearInterval, setInterval, setTimeout */

/**
 * What the client says to the server at the so-manieth event of a kind. After `ready`, its line is cut.
 *
 * @typedef {object} Cue
 * @property {'open' | 'latency' | 'message'} event
 * @property {number} count
 * @property {'ready' | 'kill me'} says
 */

/**
 * @typedef {object} DoomedLine
 * @property {string} url
 * @property {Pick<SocketOptions, 'heartbeat'>} options
 * @property {readonly Cue[]} cues
 * @property {number | undefined} talksEvery how often the client says something, in milliseconds
 */

/** @typedef {{ at: number, cause: string } | null} Death when it was found, or `null`: it was not */

/**
 * @param {typeof import('../../../src/index.js')} Holdline
 * @param {readonly DoomedLine[]} lines
 * @param {number} patience how long to wait for them all, in milliseconds
 * @param {SocketOptions} [defaults]
 * @returns {Promise<Death[]>}
 */
export async function watchThemDie(Holdline, lines, patience, defaults) {
  /** @type {Death[]} */
  const deaths = lines.map(() => null);
  const sockets = lines.map(({ url, options }) =>
    Holdline.createSocket(url, { ...defaults, ...options }),
  );
  const found = sockets.map((socket, index) => {
    const { cues, talksEvery } = /** @type {DoomedLine} */ (lines[index]);
    let isReady = false;
    for (const { event, count, says } of cues) {
      let seen = 0;
      socket.on(event, () => {
        if (++seen !== count) return;
        socket.send({ type: says });
        isReady = says === 'ready';
      });
    }
    const talk = talksEvery && setInterval(() => socket.send({ type: 'talk' }), talksEvery);
    return new Promise((resolve) => {
      socket.on('close', ({ cause, willReconnect }) => {
        if (isReady) deaths[index] ??= { at: Date.now(), cause };
        if (willReconnect && !isReady) return;
        clearInterval(talk);
        resolve(socket.close());
      });
    });
  });
  await Promise.race([Promise.all(found), new Promise((resolve) => setTimeout(resolve, patience))]);
  for (const socket of sockets) void socket.close({ timeout: 0 });
  return deaths;
}
