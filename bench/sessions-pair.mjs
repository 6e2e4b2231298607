/** Both ends of a session in one process, and nothing between them: what one says the other has heard. */
import { fakeWebSocket } from './fake-socket.mjs';
import { sleep } from './measure.mjs';
import { createSessionServer, createSocket, session } from './sessions-library.mjs';

/** @typedef {import('../src/index.js').Socket<any, any>} Socket */

/** @param {import('./fake-socket.mjs').FakeSocket[]} made */
async function opened(made) {
  while (!made[0]) await sleep(1);
  return made[0];
}

/** A socket without a session, to a server that is not there. */
export async function plainPair() {
  const made = fakeWebSocket();
  /** @type {Socket} */
  const socket = createSocket('ws://localhost');
  const fake = await opened(made);
  fake.onsend = () => fake.flush();
  fake.open();
  await socket.ready();
  return { socket, fake };
}

export async function sessionPair() {
  const made = fakeWebSocket();
  /** @type {Socket} */
  const socket = createSocket('ws://localhost', { session: session() });
  const fake = await opened(made);
  /** @type {import('../src/server/index.js').SessionServer<any, any>} */
  const server = createSessionServer();
  server.acceptDuplex({
    send: (frame) => fake.receive(/** @type {string} */ (frame)),
    close: () => undefined,
    onFrame(listener) {
      fake.onsend = (frame) => {
        fake.flush();
        listener(frame);
      };
    },
    onClose: () => undefined,
  });
  fake.open();
  await socket.ready();
  const [own] = server.sessions.values();
  if (!own) throw new Error('there is no session');
  return { socket, fake, own };
}
