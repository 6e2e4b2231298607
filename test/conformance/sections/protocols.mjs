/**
 * `new WebSocket(url, protocols)`: which subprotocols it takes, what it asks the server for, and what
 * comes of that.
 */
import { demand, demands, thrown } from '../assertion.mjs';
import { next } from '../trial.mjs';

/** @import { Trial } from '../trial.mjs' */

const STEP = 'WebSockets § 3.1, constructor step 9; RFC 6455 § 4.1';
const CONVERSION = 'WebIDL § 3.2.25 (union), § 3.2.21 (sequence)';

/** RFC 2616's separators, and what is no printable ASCII. */
const bad = [
  ...'()<>@,;:\\"/[]?={} ',
  '\t',
  '\n',
  '\r',
  '\0',
  '\x1f',
  '\x7f',
  '\x80',
  'é',
  '\u2028',
  '\ud800',
  '😀',
];

const good = ["!#$%&'*+-.^_`|~", '0', 'A', 'v1.example', 'a'.repeat(1000)];

/** @param {unknown} protocols */
const constructing = (protocols) => (/** @type {Trial} */ trial) =>
  thrown(() => trial.connect('/echo', protocols));

/**
 * The header that it sends.
 *
 * @param {() => unknown} protocols
 */
const asking = (protocols) => async (/** @type {Trial} */ trial) => {
  const socket = trial.connect('/headers', protocols());
  const headers = next(socket, 'message').then(({ data }) => JSON.parse(data));
  const end = trial.life(socket).then(() => ({ 'sec-websocket-protocol': 'no connection' }));
  return (await Promise.race([headers, end]))['sec-websocket-protocol'];
};

/**
 * What comes of the handshake.
 *
 * @param {string} path
 * @param {string | string[]} protocols
 */
const negotiating = (path, protocols) => async (/** @type {Trial} */ trial) => {
  const socket = trial.connect(path, protocols);
  const open = next(socket, 'open').then(() => `open with ${JSON.stringify(socket.protocol)}`);
  const end = trial.life(socket).then((life) => life.at(-1)?.code);
  return Promise.race([open, end]);
};

const refused = bad.map((token) =>
  demand(
    STEP,
    `${JSON.stringify(token)} is not for a subprotocol`,
    ['DOMException SyntaxError', 'DOMException SyntaxError'],
    (trial) => [
      thrown(() => trial.connect('/echo', `a${token}`)),
      thrown(() => trial.connect('/echo', ['ok', token])),
    ],
  ),
);

const taken = good.map((token) =>
  demand(
    STEP,
    `${token.slice(0, 20)} is a subprotocol`,
    token,
    asking(() => token),
  ),
);

const lists = demands(STEP, [
  ['an empty string is none', 'DOMException SyntaxError', constructing('')],
  ['an empty string in an array is none', 'DOMException SyntaxError', constructing(['a', ''])],
  ['a list in a string is none', 'DOMException SyntaxError', constructing('a, b')],
  ['the same one twice', 'DOMException SyntaxError', constructing(['a', 'b', 'a'])],
  ['the same ones but for the case are two', 'a, A', asking(() => ['a', 'A'])],
  ['an empty array asks for none', 'undefined', asking(() => [])],
  [
    'a bad one goes before the connection',
    0,
    (trial) => {
      let opened = 0;
      class Counted extends trial.WebSocket {
        /** @param {string} url */
        constructor(url) {
          super(url, ['a b']);
          opened++;
        }
      }
      thrown(() => new Counted(trial.url('/echo')));
      return opened;
    },
  ],
]);

const conversions = demands(CONVERSION, [
  ['several are sent in their order', 'b, a, c', asking(() => ['b', 'a', 'c'])],
  ['a string is an array of that', 'a', asking(() => 'a')],
  ['undefined is none', 'undefined', asking(() => undefined)],
  ['null is the string null', 'null', asking(() => null)],
  ['a number is a string', '12', asking(() => 12)],
  ['true is a string', 'true', asking(() => true)],
  ['numbers in an array are strings', '1, null', asking(() => [1, null])],
  ['a set is a sequence', 'x, y', asking(() => new Set(['x', 'y']))],
  [
    'what a generator yields is a sequence',
    'x, y',
    asking(function* () {
      yield 'x';
      yield 'y';
    }),
  ],
  ['a String object is a sequence of its characters', 'a, b', asking(() => new String('ab'))],
  [
    'an object that is not iterable is a string',
    'named',
    asking(() => ({ toString: () => 'named' })),
  ],
  [
    'an object whose @@iterator is null is a string',
    'named',
    asking(() => ({ [Symbol.iterator]: null, toString: () => 'named' })),
  ],
  ['a plain object is a string that is no token', 'DOMException SyntaxError', constructing({})],
  ['a function is a string that is no token', 'DOMException SyntaxError', constructing(() => {})],
  ['a symbol is no string', 'TypeError', constructing(Symbol.iterator)],
  ['a symbol in an array is no string', 'TypeError', constructing([Symbol.iterator])],
  ['an @@iterator that is no function', 'TypeError', constructing({ [Symbol.iterator]: 1 })],
  ['an @@iterator that gives no object', 'TypeError', constructing({ [Symbol.iterator]: () => 1 })],
  ['an object without a string', 'TypeError', constructing(Object.create(null))],
]);

const chosen = demands('WebSockets § 4, open step 3; § 2.2 step 11', [
  ['the server takes the first', 'open with "a"', negotiating('/echo', ['a', 'b'])],
  ['the server takes the last', 'open with "b"', negotiating('/echo?choose=b', ['a', 'b'])],
  ['the server takes the only one', 'open with "a"', negotiating('/echo', 'a')],
  ['none is asked for, none is taken', 'open with ""', negotiating('/echo', [])],
  ['one is asked for, none is taken', 1006, negotiating('/handshake', ['a'])],
  [
    'one is asked for, another is taken',
    1006,
    negotiating('/handshake?Sec-WebSocket-Protocol=b', ['a']),
  ],
  [
    'one is asked for, and taken in capitals',
    1006,
    negotiating('/handshake?Sec-WebSocket-Protocol=A', ['a']),
  ],
  [
    'one is asked for, and the answer is empty',
    1006,
    negotiating('/handshake?Sec-WebSocket-Protocol=', ['a']),
  ],
  [
    'two are asked for, and both taken',
    1006,
    negotiating('/handshake?Sec-WebSocket-Protocol=a,%20b', ['a', 'b']),
  ],
  [
    'none is asked for, and one is taken',
    1006,
    negotiating('/handshake?Sec-WebSocket-Protocol=a', []),
  ],
  [
    'protocol stays after close',
    'a',
    async (trial) => {
      const socket = await trial.open('/close-on-message', ['a']);
      socket.send('');
      await next(socket, 'close');
      return socket.protocol;
    },
  ],
]);

export default [...refused, ...taken, ...lists, ...conversions, ...chosen];
