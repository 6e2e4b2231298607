/**
 * `binaryType`: an enumeration, and what it makes of binary messages.
 */
import { demand, demands, thrown } from '../assertion.mjs';
import { next } from '../trial.mjs';

/** @typedef {any} Anything */

const ENUMERATION = 'WebIDL § 3.7.6 (attribute setter: enumeration)';
const MESSAGE = 'WebSockets § 4, message step 2';

/** @param {Anything} data */
async function shown(data) {
  const tag = Object.prototype.toString.call(data);
  const bytes = data instanceof Blob ? await data.arrayBuffer() : data;
  return [tag, [...new Uint8Array(bytes)]];
}

const ignored = ['', 'text', 'Blob', 'ARRAYBUFFER', 'nodebuffer', null, undefined, 1, {}, []].map(
  (value) =>
    demand(
      ENUMERATION,
      `${JSON.stringify(value) ?? 'undefined'} is ignored`,
      ['blob', 'arraybuffer'],
      (trial) => {
        const socket = /** @type {Anything} */ (trial.connect());
        socket.binaryType = value;
        const before = socket.binaryType;
        socket.binaryType = 'arraybuffer';
        socket.binaryType = value;
        return [before, socket.binaryType];
      },
    ),
);

const set = demands(ENUMERATION, [
  [
    'arraybuffer and blob are taken',
    ['arraybuffer', 'blob'],
    (trial) => {
      const socket = trial.connect();
      return ['arraybuffer', 'blob'].map((type) => {
        socket.binaryType = /** @type {BinaryType} */ (type);
        return socket.binaryType;
      });
    },
  ],
  [
    'an object is what its toString() says',
    'arraybuffer',
    (trial) => {
      const socket = /** @type {Anything} */ (trial.connect());
      socket.binaryType = { toString: () => 'arraybuffer' };
      return socket.binaryType;
    },
  ],
  [
    'a symbol is no string',
    'TypeError',
    (trial) => {
      const socket = /** @type {Anything} */ (trial.connect());
      return thrown(() => (socket.binaryType = Symbol.iterator));
    },
  ],
  [
    'it is kept when the socket opens',
    'arraybuffer',
    async (trial) => {
      const socket = trial.connect();
      socket.binaryType = 'arraybuffer';
      await next(socket, 'open');
      return socket.binaryType;
    },
  ],
  [
    'it can be set when the socket is closed',
    'arraybuffer',
    async (trial) => {
      const socket = await trial.closed();
      socket.binaryType = 'arraybuffer';
      return socket.binaryType;
    },
  ],
]);

const messages = demands(MESSAGE, [
  [
    'binary is a Blob unless told',
    ['[object Blob]', [1, 2, 255]],
    async (trial) => {
      const socket = await trial.open();
      socket.send(new Uint8Array([1, 2, 255]));
      return shown((await next(socket, 'message')).data);
    },
  ],
  [
    'that Blob has no type',
    [3, ''],
    async (trial) => {
      const socket = await trial.open();
      socket.send(new Uint8Array(3));
      const { data } = await next(socket, 'message');
      return [data.size, data.type];
    },
  ],
  [
    'binary is an ArrayBuffer if told',
    ['[object ArrayBuffer]', [1, 2, 255]],
    async (trial) => {
      const socket = await trial.open();
      socket.binaryType = 'arraybuffer';
      socket.send(new Uint8Array([1, 2, 255]));
      return shown((await next(socket, 'message')).data);
    },
  ],
  [
    'an empty one is an empty Blob',
    ['[object Blob]', []],
    async (trial) => {
      const socket = await trial.open();
      socket.send(new Uint8Array(0));
      return shown((await next(socket, 'message')).data);
    },
  ],
  [
    'an empty one is an empty ArrayBuffer',
    ['[object ArrayBuffer]', []],
    async (trial) => {
      const socket = await trial.open();
      socket.binaryType = 'arraybuffer';
      socket.send(new Uint8Array(0));
      return shown((await next(socket, 'message')).data);
    },
  ],
  [
    'what is set before the message is dispatched rules',
    ['string', '[object ArrayBuffer]', 'string'],
    async (trial) => {
      const socket = trial.connect('/greet');
      /** @type {string[]} */
      const kinds = [];
      socket.addEventListener('message', ({ data }) => {
        socket.binaryType = 'arraybuffer';
        kinds.push(typeof data === 'string' ? 'string' : Object.prototype.toString.call(data));
        if (kinds.length === 3) socket.close();
      });
      await next(socket, 'close');
      return kinds;
    },
  ],
  [
    'it can change between two messages',
    ['[object Blob]', '[object ArrayBuffer]', '[object Blob]'],
    async (trial) => {
      const socket = await trial.open();
      const kinds = [];
      for (const type of /** @type {const} */ (['blob', 'arraybuffer', 'blob'])) {
        socket.binaryType = type;
        socket.send(new Uint8Array(1));
        const { data } = await next(socket, 'message');
        kinds.push(Object.prototype.toString.call(data));
      }
      return kinds;
    },
  ],
  [
    'text is a string, whichever it is',
    ['string', 'string'],
    async (trial) => {
      const socket = await trial.open();
      const kinds = [];
      for (const type of /** @type {const} */ (['blob', 'arraybuffer'])) {
        socket.binaryType = type;
        socket.send('text');
        kinds.push(typeof (await next(socket, 'message')).data);
      }
      return kinds;
    },
  ],
]);

export default [...ignored, ...set, ...messages];
