/**
 * holdline in a page, without a session and with one; it counts what the application is told of lost messages.
 *
 * @typedef {import('./libraries.mjs').Library['connect']} Connect
 */
import { createSocket } from 'holdline';
import { session } from 'holdline/session';

/** Room for what is sent until there is a line again, as the other libraries have it without a bound. */
const QUEUE = { maxMessages: 100_000, maxBytes: 2 ** 26 };

/** It notices a dead line within about two seconds. */
const ALERT = { interval: 1_000, timeout: 1_000 };

let told = 0;
Object.defineProperty(globalThis, 'told', { get: () => told });

/** @type {(options: object) => { connect: Connect }} */
const holdline = (options) => ({
  connect(url, { heartbeat, onOpen, onMessage }) {
    const pings = heartbeat ? ALERT : undefined;
    const socket = createSocket(url, { queue: QUEUE, heartbeat: pings, ...options });
    socket.on('open', onOpen);
    socket.on('message', onMessage);
    const tell = () => void told++;
    socket.on('unknown', tell);
    socket.on('drop', tell);
    return { send: (message) => void socket.send(message), close: () => void socket.close() };
  },
});

export const plain = holdline({});
export const inSession = holdline({ session: session() });
