/** holdline in a page, without a session and with one; it counts what the application is told of lost messages. */
import { createSocket } from 'holdline';
import { session } from 'holdline/session';

/** Room for what is sent until there is a line again, as the other libraries have it without a bound. */
const QUEUE = { maxMessages: 100_000, maxBytes: 2 ** 26 };

let told = 0;
Object.defineProperty(globalThis, 'told', { get: () => told });

/** @type {(options: object) => { connect: import('./libraries.mjs').Library['connect'] }} */
const holdline = (options) => ({
  connect(url, { onOpen, onMessage }) {
    const socket = createSocket(url, { queue: QUEUE, ...options });
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
