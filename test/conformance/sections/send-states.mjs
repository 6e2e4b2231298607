/**
 * `send()` in each state of the socket.
 */
import { demands, thrown } from '../assertion.mjs';
import { newId, next } from '../trial.mjs';

/** @import { Trial } from '../trial.mjs' */
/** @typedef {any} Anything */

const CONNECTING = 'WebSockets § 3.1, send() step 1';
const ENDED = 'WebSockets § 3.1, send() step 2';

const connecting = demands(CONNECTING, [
  ...['', 'a', new ArrayBuffer(1), new Uint8Array(1), new Blob(['a'])].map(
    (data) =>
      /** @type {[string, unknown, (trial: Trial) => unknown]} */ ([
        `while connecting, ${JSON.stringify(data)} (${data.constructor.name}) is not sent`,
        'DOMException InvalidStateError',
        (trial) => thrown(() => trial.connect().send(data)),
      ]),
  ),
  [
    'while connecting, the argument is converted first',
    ['TypeError', 'TypeError', 1],
    (trial) => {
      const socket = /** @type {Anything} */ (trial.connect());
      let count = 0;
      thrown(() => socket.send({ toString: () => `${count++}` }));
      return [thrown(() => socket.send()), thrown(() => socket.send(Symbol.iterator)), count];
    },
  ],
  [
    'the exception has the code of old',
    [11, true],
    (trial) => {
      try {
        return trial.connect().send('a');
      } catch (/** @type {Anything} */ error) {
        return [error.code, error.message !== ''];
      }
    },
  ],
  [
    'what it did not take never arrives',
    ['b'],
    async (trial) => {
      const id = newId();
      const socket = trial.connect(`/echo?id=${id}`);
      thrown(() => socket.send('a'));
      await next(socket, 'open');
      socket.send('b');
      await next(socket, 'message');
      socket.close();
      return (await trial.heard(id)).messages;
    },
  ],
]);

const ended = demands(ENDED, [
  [
    'in the listener of open it can send',
    'a',
    async (trial) => {
      const socket = trial.connect();
      socket.addEventListener('open', () => socket.send('a'));
      return (await next(socket, 'message')).data;
    },
  ],
  [
    'what is sent before close() arrives',
    ['a', 'b'],
    async (trial) => {
      const id = newId();
      const socket = await trial.open(`/echo?id=${id}`);
      socket.send('a');
      socket.send(new Blob(['b']));
      socket.close();
      return (await trial.heard(id)).messages;
    },
  ],
  [
    'what is sent after close() is no mistake, and does not arrive',
    ['nothing', ['a']],
    async (trial) => {
      const id = newId();
      const socket = await trial.open(`/echo?id=${id}`);
      socket.send('a');
      socket.close();
      const error = thrown(() => socket.send('b'));
      return [error, (await trial.heard(id)).messages];
    },
  ],
  [
    'what is sent after the end is no mistake',
    ['nothing', 'nothing', 'undefined'],
    async (trial) => {
      const socket = /** @type {Anything} */ (await trial.closed());
      return [
        thrown(() => socket.send('a')),
        thrown(() => socket.send(new Blob(['a']))),
        socket.send(''),
      ];
    },
  ],
  [
    'after the end, too, the argument is converted',
    ['TypeError', 'TypeError'],
    async (trial) => {
      const socket = /** @type {Anything} */ (await trial.closed());
      return [thrown(() => socket.send()), thrown(() => socket.send(Symbol.iterator))];
    },
  ],
]);

export default [...connecting, ...ended];
