/**
 * How the constructor takes its arguments, whatever they are.
 */
import { demands, thrown } from '../assertion.mjs';

/** @typedef {any} Anything what no type would let through */

const calls = demands('WebIDL § 3.7.1 (interface objects)', [
  [
    'it is not to be called',
    'TypeError',
    (trial) => {
      const call = /** @type {Anything} */ (trial.WebSocket);
      return thrown(() => call(trial.url('/echo')));
    },
  ],
  [
    'one that extends it is constructed as what it is',
    [true, true, 'mine', 0],
    (trial) => {
      class Mine extends trial.WebSocket {
        mine = 'mine';
      }
      const socket = trial.keep(new Mine(trial.url('/echo')));
      return [
        socket instanceof Mine,
        socket instanceof trial.WebSocket,
        socket.mine,
        socket.readyState,
      ];
    },
  ],
  [
    'the prototype comes from new.target',
    true,
    (trial) => {
      const Other = function () {};
      Other.prototype = Object.create(trial.WebSocket.prototype);
      const socket = Reflect.construct(trial.WebSocket, [trial.url('/echo')], Other);
      return Object.getPrototypeOf(trial.keep(socket)) === Other.prototype;
    },
  ],
]);

const overloads = demands('WebIDL § 3.6 (overload resolution)', [
  [
    'no arguments are too few',
    'TypeError',
    (trial) => {
      const Class = /** @type {Anything} */ (trial.WebSocket);
      return thrown(() => new Class());
    },
  ],
  [
    'undefined protocols are none',
    'nothing',
    (trial) => thrown(() => trial.keep(new trial.WebSocket(trial.url('/echo'), undefined))),
  ],
]);

const strings = demands('WebIDL § 3.2.12 (USVString), WebSockets § 3.1', [
  [
    'a URL object is its href',
    true,
    (trial) => {
      const url = new URL(trial.url('/a?b'));
      return trial.keep(new trial.WebSocket(url)).url === url.href;
    },
  ],
  [
    'an object is what its toString() says',
    true,
    (trial) => {
      const url = trial.url('/a');
      const object = /** @type {Anything} */ ({ toString: () => url });
      return trial.keep(new trial.WebSocket(object)).url === url;
    },
  ],
  [
    'a function is what its toString() says',
    true,
    (trial) => {
      const url = trial.url('/a');
      const call = /** @type {Anything} */ (Object.assign(() => '', { toString: () => url }));
      return trial.keep(new trial.WebSocket(call)).url === url;
    },
  ],
  [
    'an array of one URL is that URL',
    true,
    (trial) => {
      const url = trial.url('/a');
      return trial.keep(new trial.WebSocket(/** @type {Anything} */ ([url]))).url === url;
    },
  ],
  [
    'what toString() throws is thrown',
    'mine',
    (trial) =>
      thrown(() => {
        const toString = () => {
          throw 'mine';
        };
        return new trial.WebSocket(/** @type {Anything} */ ({ toString }));
      }),
  ],
  [
    'a symbol is no string',
    'TypeError',
    (trial) => thrown(() => new trial.WebSocket(/** @type {Anything} */ (Symbol.iterator))),
  ],
  [
    'an object without a prototype is no string',
    'TypeError',
    (trial) => thrown(() => new trial.WebSocket(Object.create(null))),
  ],
  [
    'an object is asked once',
    1,
    (trial) => {
      let count = 0;
      const toString = () => (count++, trial.url('/a'));
      trial.keep(new trial.WebSocket(/** @type {Anything} */ ({ toString })));
      return count;
    },
  ],
]);

const order = demands('WebIDL § 3.7.1, WebSockets § 3.1', [
  [
    'the URL is converted first, then the protocols',
    ['url', 'protocols'],
    (trial) => {
      /** @type {string[]} */
      const log = [];
      const url = { toString: () => (log.push('url'), trial.url('/a')) };
      const protocols = { toString: () => (log.push('protocols'), 'a') };
      const Class = /** @type {Anything} */ (trial.WebSocket);
      trial.keep(new Class(url, protocols));
      return log;
    },
  ],
  [
    'both are converted before the URL is parsed',
    'TypeError',
    (trial) => {
      const Class = /** @type {Anything} */ (trial.WebSocket);
      return thrown(() => new Class('ftp://host/', Symbol.iterator));
    },
  ],
]);

const beginning = demands('WebSockets § 3.1', [
  ['readyState is CONNECTING at first', 0, (trial) => trial.connect().readyState],
  ['protocol is empty at first', '', (trial) => trial.connect('/echo', ['a']).protocol],
  ['extensions is empty at first', '', (trial) => trial.connect().extensions],
  ['bufferedAmount is 0 at first', 0, (trial) => trial.connect().bufferedAmount],
  ['binaryType is blob at first', 'blob', (trial) => trial.connect().binaryType],
  ['url is there at once', true, (trial) => trial.connect('/a').url === trial.url('/a')],
]);

export default [...calls, ...overloads, ...strings, ...order, ...beginning];
