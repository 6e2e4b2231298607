/**
 * `close()`: what it does in each state, and what comes of it.
 */
import { demands } from '../assertion.mjs';
import { newId, next, task } from '../trial.mjs';

/** @import { Trial } from '../trial.mjs' */
/** @typedef {any} Anything */

const CLOSE = 'WebSockets § 3.1, close() step 3';
const FAIL = 'WebSockets § 3.1, close() step 3: not yet established; § 4, close';
const END = 'WebSockets § 4, close';

const open = { type: 'open', readyState: 1 };
const error = { type: 'error', readyState: 3 };
const failed = { type: 'close', readyState: 3, code: 1006, reason: '', wasClean: false };
const closed = { type: 'close', readyState: 3, code: 1005, reason: '', wasClean: true };

/**
 * The life of a socket on which `act` is done right after it was made.
 *
 * @param {(socket: WebSocket) => void} act
 */
const breakingOff = (act) => (/** @type {Trial} */ trial) => {
  const socket = trial.connect();
  const life = trial.life(socket);
  act(socket);
  return life;
};

const connecting = demands(FAIL, [
  [
    'while connecting: readyState is CLOSING at once',
    2,
    (trial) => {
      const socket = trial.connect();
      socket.close();
      return socket.readyState;
    },
  ],
  [
    'while connecting: error, and close with 1006',
    [error, failed],
    breakingOff((socket) => socket.close()),
  ],
  [
    'while connecting: a code and a reason are of no use',
    [error, failed],
    breakingOff((socket) => socket.close(3000, 'bye')),
  ],
  [
    'while connecting, twice: that once',
    [error, failed],
    breakingOff((socket) => {
      socket.close();
      socket.close(1000);
    }),
  ],
  [
    'while connecting: url stays, and protocol is empty',
    [true, '', ''],
    async (trial) => {
      const socket = trial.connect('/echo', ['a']);
      socket.close();
      await trial.life(socket);
      return [socket.url === trial.url('/echo'), socket.protocol, socket.extensions];
    },
  ],
  [
    'in a microtask after it was made: error, and close with 1006',
    [error, failed],
    breakingOff((socket) => void Promise.resolve().then(() => socket.close())),
  ],
]);

const opened = demands(CLOSE, [
  [
    'when open: readyState is CLOSING at once, CLOSED with the event',
    [2, 3],
    async (trial) => {
      const socket = await trial.open();
      socket.close();
      const { readyState } = socket;
      await next(socket, 'close');
      return [readyState, socket.readyState];
    },
  ],
  [
    'it returns nothing',
    ['undefined', 'undefined', 'undefined'],
    async (trial) => {
      const socket = await trial.open();
      return [socket.close(), socket.close(), (await trial.closed()).close()];
    },
  ],
  [
    'in the listener of open',
    [open, closed],
    (trial) => trial.life(trial.connect(), { open: (socket) => socket.close() }),
  ],
  [
    'in the listener of the first message, the others do not come',
    [open, { type: 'message', readyState: 1, data: 'a' }, closed],
    (trial) => trial.life(trial.connect('/greet'), { message: (socket) => socket.close() }),
  ],
  [
    'in the listener of open, messages that are here do not come',
    [open, closed],
    (trial) => trial.life(trial.connect('/greet'), { open: (socket) => socket.close() }),
  ],
  [
    'in the listener of error it changes nothing',
    [error, failed],
    (trial) =>
      trial.life(trial.connect('/refuse?status=400'), { error: (socket) => socket.close() }),
  ],
  [
    'in the listener of close it changes nothing',
    [open, { ...closed, code: 3000, reason: 'bye' }],
    (trial) =>
      trial.life(trial.connect('/close?code=3000&reason=bye'), {
        close: (socket) => socket.close(1000),
      }),
  ],
  [
    'the second one is of no use',
    [[3000, 'first'], 3000],
    async (trial) => {
      const id = newId();
      const socket = await trial.open(`/echo?id=${id}`);
      socket.close(3000, 'first');
      socket.close(4000, 'second');
      const { code } = await next(socket, 'close');
      const heard = await trial.heard(id);
      return [[heard.code, heard.reason], code];
    },
  ],
  [
    'after the end it is of no use',
    [3, 0],
    async (trial) => {
      const socket = await trial.closed();
      let events = 0;
      for (const type of ['open', 'error', 'close']) {
        socket.addEventListener(type, () => events++);
      }
      socket.close();
      socket.close(1000, 'again');
      const { readyState } = socket;
      await trial.roundTrip();
      return [readyState, events];
    },
  ],
  [
    'while the server closes, too, there is one end',
    1,
    async (trial) => {
      const socket = await trial.open('/close-on-message?code=3000');
      let ends = 0;
      socket.addEventListener('close', () => ends++);
      socket.send('');
      socket.close(4000);
      await next(socket, 'close');
      await trial.roundTrip();
      return ends;
    },
  ],
]);

const ends = demands(END, [
  [
    'without arguments the event has 1005',
    [1005, '', true],
    async (trial) => {
      const socket = await trial.open();
      socket.close();
      const { code, reason, wasClean } = await next(socket, 'close');
      return [code, reason, wasClean];
    },
  ],
  ...[1000, 3000, 4999].map(
    (sent) =>
      /** @type {[string, unknown, (trial: Trial) => unknown]} */ ([
        `with ${sent} the event has what the server answers`,
        [sent, 'bye', true],
        async (trial) => {
          const socket = await trial.open();
          socket.close(sent, 'bye');
          const { code, reason, wasClean } = await next(socket, 'close');
          return [code, reason, wasClean];
        },
      ]),
  ),
  [
    'there is no error before it',
    [closed],
    async (trial) => {
      const socket = await trial.open();
      const life = trial.life(socket);
      socket.close();
      return life;
    },
  ],
  [
    'nothing comes after it',
    ['close'],
    async (trial) => {
      const socket = await trial.open('/greet?and-nothing-else');
      const entries = trial.record(socket);
      socket.close();
      await next(socket, 'close');
      await trial.roundTrip();
      await task();
      return entries.map(({ type }) => type).filter((type) => type !== 'message');
    },
  ],
  [
    'protocol, url and extensions stay',
    ['a', true, ''],
    async (trial) => {
      const socket = await trial.open('/echo', ['a']);
      socket.close();
      await next(socket, 'close');
      return [socket.protocol, socket.url === trial.url('/echo'), socket.extensions];
    },
  ],
]);

export default [...connecting, ...opened, ...ends];
