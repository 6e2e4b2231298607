/**
 * A real server, in a process of its own, on one port each for sockets with a session, sockets without one, and those
 * of socket.io: it counts messages and says when so many are there, or sends so many as fast as they leave.
 */
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { WebSocketServer } from 'ws';
import { nextTask } from './measure.mjs';
import { chat } from './messages.mjs';
import { createSessionServer } from './sessions-library.mjs';

/** How much may wait to be sent, or acknowledged, in bytes: enough to keep the line busy. */
const WAITING = 65_536;

/**
 * @param {(message: object) => void} send
 * @param {() => number} waiting - how many bytes wait
 */
function conversation(send, waiting) {
  let goal = 0;
  let arrived = 0;
  /** @param {number} count */
  async function sendAll(count) {
    for (let sent = 0; sent < count; sent++) {
      while (waiting() > WAITING) await nextTask();
      send(chat(1));
    }
  }
  return (/** @type {any} */ message) => {
    if (message.type === 'chat') {
      if (++arrived === goal) send({ type: 'done' });
    } else if (message.type === 'expect') [goal, arrived] = [message.count, 0];
    else void sendAll(message.count);
  };
}

/** @param {import('node:http').Server} http */
async function portOf(http) {
  await new Promise((resolve) => http.listen(0, '127.0.0.1', () => resolve(undefined)));
  return /** @type {import('node:net').AddressInfo} */ (http.address()).port;
}

const plain = createServer();
new WebSocketServer({ server: plain }).on('connection', (socket) => {
  const heard = conversation(
    (message) => socket.send(JSON.stringify(message)),
    () => socket.bufferedAmount,
  );
  socket.on('message', (data) => heard(JSON.parse(`${data}`)));
});

const withSession = createServer();
/** @type {import('../src/server/index.js').SessionServer<any, any>} */
const sessions = createSessionServer();
sessions.attach(new WebSocketServer({ server: withSession }));
sessions.on('session', (session) => {
  const heard = conversation(
    (message) => void session.send(message),
    () => session.unacknowledged.bytes,
  );
  session.on('message', ({ data }) => heard(data));
});

const socketIo = createServer();
new Server(socketIo, { transports: ['websocket'] }).on('connection', (socket) => {
  const heard = conversation(
    (message) => void socket.emit('chat', message),
    () => 0,
  );
  socket.on('chat', (message, acknowledge) => {
    heard(message);
    acknowledge();
  });
});

process.send?.({
  plain: await portOf(plain),
  session: await portOf(withSession),
  'socket.io': await portOf(socketIo),
});
// Whoever started it may be gone.
process.on('disconnect', () => process.exit());
