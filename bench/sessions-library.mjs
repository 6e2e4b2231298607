/**
 * Both ends of a session, as they were built.
 *
 * @typedef {typeof import('../src/index.js')} Main
 * @typedef {typeof import('../src/session.js')} Client
 * @typedef {typeof import('../src/server/index.js')} Server
 */

/** @param {string} entry */
const built = (entry) => import(new URL(`../dist/${entry}.js`, import.meta.url).href);

export const { createSocket } = /** @type {Main} */ (await built('index'));
export const { deliver, session, unacknowledged } = /** @type {Client} */ (await built('session'));
export const { createSessionServer } = /** @type {Server} */ (await built('server'));
