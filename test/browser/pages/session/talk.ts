/** One socket with a session in the page under test, and what comes of it. */
import { createSocket, type Socket, type SocketError } from '../../../../src/index.js';
import { deliver, inLocalStorage, session, unacknowledged } from '../../../../src/session.js';
import { inIndexedDb } from '../../../../src/session/storage/indexed-db.js';

const storages = { indexedDb: inIndexedDb, localStorage: inLocalStorage };

export interface TalkOptions {
  readonly storage?: keyof typeof storages | undefined;
  /** How soon the server is missed, in milliseconds. */
  readonly heartbeat?: { readonly interval: number; readonly timeout: number };
}

/** What the server has said to this page. */
const heard: number[] = [];
/** What the page and its socket have told, but for messages. */
const told: [event: string, detail: unknown][] = [];
/** How the messages that were delivered have ended, by their numbers. */
const outcomes: Record<number, string> = {};
let socket: Socket<number, number>;

function open(url: string, { storage, heartbeat }: TalkOptions): void {
  socket = createSocket<number, number>(url, {
    reconnect: { baseDelay: 100, spread: 100 },
    heartbeat,
    session: session({ storage: storage && storages[storage]() }),
  });
  socket.on('message', (n) => heard.push(n));
  socket.on('session', ({ id, resumed, reset }) => {
    told.push(['session', { id, resumed, ...(reset && { reset }) }]);
  });
  socket.on('close', ({ code, cause }) => told.push(['close', { code, cause }]));
  socket.on('unknown', ({ message }) => told.push(['unknown', message]));
  socket.on('drop', ({ message }) => told.push(['drop', message]));
  socket.on('error', ({ code }) => told.push(['error', code]));
}

/** Sends the numbers from `from` to `to` (exclusive), all in one task. */
function send(from: number, to: number): void {
  for (let n = from; n < to; n++) {
    deliver(socket, n).then(
      () => (outcomes[n] = 'acknowledged'),
      (error: unknown) => (outcomes[n] = (error as SocketError).code),
    );
  }
}

/** Settles as soon as `isSo`. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
}

const talk = {
  open,
  send,
  until,
  heard,
  told,
  outcomes,
  get socket() {
    return socket;
  },
  get unacknowledged() {
    return unacknowledged(socket);
  },
};

declare global {
  var talk: Talk;
}
type Talk = typeof talk;

globalThis.talk = talk;
addEventListener('pageshow', ({ persisted }) => told.push(['pageshow', persisted]));
document.addEventListener('securitypolicyviolation', ({ violatedDirective }) => {
  told.push(['violation', violatedDirective]);
});
