/**
 * `bufferedAmount`: what counts, and in which states.
 */
import { demand, demands, thrown } from '../assertion.mjs';
import { next } from '../trial.mjs';

/** @import { Trial } from '../trial.mjs' */
/** @typedef {any} Anything */

const BUFFERED = 'WebSockets § 3.1, attribute bufferedAmount; send() step 2';

/** @type {[string, () => unknown, number][]} */
const sizes = [
  ['an empty text', () => '', 0],
  ['ASCII', () => 'abc', 3],
  ['two bytes a character', () => 'üß', 4],
  ['three bytes a character', () => '€', 3],
  ['four bytes a character', () => '😀', 4],
  ['a lone surrogate', () => '\ud800', 3],
  ['a number', () => 12345, 5],
  ['null', () => null, 4],
  ['an ArrayBuffer', () => new ArrayBuffer(7), 7],
  ['an empty ArrayBuffer', () => new ArrayBuffer(0), 0],
  ['a part of a buffer', () => new Uint8Array(10).subarray(2, 5), 3],
  ['a DataView of a part', () => new DataView(new ArrayBuffer(10), 8), 2],
  ['a Float64Array', () => new Float64Array(2), 16],
  ['a Blob', () => new Blob(['aü']), 3],
  ['an empty Blob', () => new Blob(), 0],
];

/** @param {() => unknown} data */
const conditions = (data) => ({
  'on an open socket': async (/** @type {Trial} */ trial) => {
    const socket = /** @type {Anything} */ (await trial.open('/greet'));
    socket.send(data());
    return socket.bufferedAmount;
  },
  'after close()': async (/** @type {Trial} */ trial) => {
    const socket = /** @type {Anything} */ (await trial.open('/greet'));
    socket.close();
    socket.send(data());
    return socket.bufferedAmount;
  },
  'when it is closed': async (/** @type {Trial} */ trial) => {
    const socket = /** @type {Anything} */ (await trial.closed());
    socket.send(data());
    return socket.bufferedAmount;
  },
});

const counted = sizes.flatMap(([title, data, expected]) =>
  Object.entries(conditions(data)).map(([when, observe]) =>
    demand(BUFFERED, `${title} counts ${expected} ${when}`, expected, observe),
  ),
);

const amounts = demands(BUFFERED, [
  ['it is 0 when the socket opens', 0, async (trial) => (await trial.open()).bufferedAmount],
  [
    'what is sent adds up',
    12,
    async (trial) => {
      const socket = await trial.open();
      socket.send('abc');
      socket.send('üß');
      socket.send(new Uint8Array(5));
      return socket.bufferedAmount;
    },
  ],
  [
    'it does not change while a task runs',
    [3, 3],
    async (trial) => {
      const socket = await trial.open();
      socket.send('abc');
      const before = socket.bufferedAmount;
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
      return [before, socket.bufferedAmount];
    },
  ],
  [
    'it is 0 when the answer is here',
    0,
    async (trial) => {
      const socket = await trial.open();
      socket.send('abc');
      await next(socket, 'message');
      return socket.bufferedAmount;
    },
  ],
  [
    'it is 0 when the answer to a Blob is here',
    0,
    async (trial) => {
      const socket = await trial.open();
      socket.send(new Blob(['abc']));
      await next(socket, 'message');
      return socket.bufferedAmount;
    },
  ],
  [
    'what is not sent while connecting does not count',
    0,
    (trial) => {
      const socket = trial.connect();
      thrown(() => socket.send('abc'));
      return socket.bufferedAmount;
    },
  ],
  [
    'what is no string does not count',
    0,
    async (trial) => {
      const socket = /** @type {Anything} */ (await trial.open());
      thrown(() => socket.send(Symbol.iterator));
      return socket.bufferedAmount;
    },
  ],
  [
    'after close() it only grows, and is not reset by the end',
    [3, 5, 5, 9],
    async (trial) => {
      const socket = await trial.open();
      socket.close();
      const amounts = ['abc', 'de'].map((data) => (socket.send(data), socket.bufferedAmount));
      await next(socket, 'close');
      amounts.push(socket.bufferedAmount);
      socket.send('fghi');
      return [...amounts, socket.bufferedAmount];
    },
  ],
  [
    'after the server closed it only grows',
    [0, 3, 5],
    async (trial) => {
      const socket = trial.connect('/close?code=1000');
      await next(socket, 'close');
      const amounts = [socket.bufferedAmount];
      for (const data of ['abc', 'de']) {
        socket.send(data);
        amounts.push(socket.bufferedAmount);
      }
      return amounts;
    },
  ],
  [
    'after close() while connecting, it grows',
    [0, 3],
    (trial) => {
      const socket = trial.connect();
      socket.close();
      const before = socket.bufferedAmount;
      socket.send('abc');
      return [before, socket.bufferedAmount];
    },
  ],
]);

export default [...counted, ...amounts];
