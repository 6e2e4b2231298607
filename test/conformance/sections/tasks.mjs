/**
 * When events come: in tasks of their own.
 */
import { demands } from '../assertion.mjs';
import { next } from '../trial.mjs';

/** @import { Trial } from '../trial.mjs' */

const TASKS = 'WebSockets § 4; HTML § 8.1.7 (event loops)';

/**
 * What happens while `act` runs, and in the microtasks after it.
 *
 * @param {(socket: WebSocket) => void} act on an open socket
 */
const atOnce = (act) => async (/** @type {Trial} */ trial) => {
  const socket = await trial.open();
  const entries = trial.record(socket);
  act(socket);
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  return entries.map(({ type }) => type);
};

const times = demands(TASKS, [
  ['nothing comes while close() runs, nor right after', [], atOnce((socket) => socket.close())],
  ['nothing comes while send() runs, nor right after', [], atOnce((socket) => socket.send('a'))],
  [
    'nothing comes before the task that made the socket is over',
    ['made', 'microtask', 'open'],
    async (trial) => {
      const log = ['made'];
      const socket = trial.connect();
      socket.addEventListener('open', () => log.push('open'));
      await Promise.resolve();
      log.push('microtask');
      await next(socket, 'open');
      return log;
    },
  ],
  [
    'close() while connecting: nothing comes while it runs, nor right after',
    [],
    async (trial) => {
      const socket = trial.connect();
      const entries = trial.record(socket);
      socket.close();
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
      return entries;
    },
  ],
  [
    'each message is a task of its own: microtasks are done before the next',
    ['a', 'microtask', 'b', 'microtask'],
    async (trial) => {
      /** @type {string[]} */
      const log = [];
      const socket = trial.connect('/greet-and-close');
      socket.addEventListener('message', ({ data }) => {
        log.push(data);
        void Promise.resolve()
          .then(() => {})
          .then(() => log.push('microtask'));
      });
      await next(socket, 'close');
      return log;
    },
  ],
  [
    'between two listeners of an event, microtasks are done',
    ['a', 'microtask', 'b'],
    async (trial) => {
      /** @type {string[]} */
      const log = [];
      const socket = trial.connect();
      socket.addEventListener('open', () => {
        log.push('a');
        queueMicrotask(() => log.push('microtask'));
      });
      socket.addEventListener('open', () => log.push('b'));
      await next(socket, 'open');
      return log;
    },
  ],
  [
    'between error and close, microtasks are done',
    ['error', 'microtask', 'close'],
    async (trial) => {
      /** @type {string[]} */
      const log = [];
      const socket = trial.connect('/refuse?status=400');
      socket.addEventListener('error', () => {
        log.push('error');
        queueMicrotask(() => log.push('microtask'));
      });
      socket.addEventListener('close', () => log.push('close'));
      await trial.life(socket);
      return log;
    },
  ],
  [
    'a listener that throws in one task does not keep the next from coming',
    ['a', 'b', 'close'],
    async (trial) => {
      /** @type {string[]} */
      const log = [];
      const socket = trial.connect('/greet-and-close');
      socket.addEventListener('message', ({ data }) => {
        log.push(data);
        throw new Error('of a listener; it is to be reported');
      });
      await next(socket, 'close');
      return [...log, 'close'];
    },
  ],
]);

export default times;
