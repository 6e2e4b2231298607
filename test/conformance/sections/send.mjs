/**
 * `send()`: what it takes, and what arrives.
 */
import { demand, demands, thrown } from '../assertion.mjs';
import { next } from '../trial.mjs';

/** @import { Trial } from '../trial.mjs' */
/** @typedef {any} Anything */

const SEND = 'WebSockets § 3.1, send() step 2';
const UNION = 'WebSockets § 3.1, send(); WebIDL § 3.2.25 (union)';
const BUFFER = 'WebSockets § 3.1, send(); WebIDL § 3.2.26 (BufferSource)';

/**
 * What the server gets.
 *
 * @param {() => unknown} data
 */
const arriving = (data) => async (/** @type {Trial} */ trial) => {
  const socket = /** @type {Anything} */ (await trial.open('/report'));
  socket.send(data());
  return JSON.parse((await next(socket, 'message')).data);
};

/**
 * What it throws on an open socket.
 *
 * @param {() => unknown[]} args
 */
const throwing = (args) => async (/** @type {Trial} */ trial) => {
  const socket = /** @type {Anything} */ (await trial.open('/report'));
  return thrown(() => socket.send(...args()));
};

const text = (/** @type {string} */ text) => ({ text });
const hex = (/** @type {string} */ hex) => ({ hex });

const texts = ['', 'a', 'grüß dich', '\u20ac', '😀', '\0', '\ufeffa', 'a\r\nb', '{"a":1}'].map(
  (string) =>
    demand(
      SEND,
      `${JSON.stringify(string)} arrives`,
      text(string),
      arriving(() => string),
    ),
);

const long = [125, 126, 65_535, 65_536, 200_000].map((length) =>
  demand(SEND, `a text of ${length} bytes arrives`, length, async (trial) => {
    const socket = await trial.open('/report');
    socket.send('x'.repeat(length));
    return JSON.parse((await next(socket, 'message')).data).text.length;
  }),
);

const surrogates = demands('WebIDL § 3.2.12 (USVString)', [
  ['a lone high surrogate is U+FFFD', text('a\ufffdb'), arriving(() => 'a\ud800b')],
  ['a lone low surrogate is U+FFFD', text('a\ufffd'), arriving(() => 'a\udc00')],
  ['two in the wrong order are two', text('\ufffd\ufffd'), arriving(() => '\udc00\ud800')],
]);

/** @type {[string, unknown, string][]} */
const strings = [
  ['null', null, 'null'],
  ['undefined', undefined, 'undefined'],
  ['true', true, 'true'],
  ['a number', -0, '0'],
  ['NaN', NaN, 'NaN'],
  ['a bigint', 12n, '12'],
  ['a plain object', {}, '[object Object]'],
  ['an array', [1, [2, 3]], '1,2,3'],
  ['a String object', new String('a'), 'a'],
  ['an object with toString()', { toString: () => 'ours' }, 'ours'],
  ['an object with valueOf() only', { toString: undefined, valueOf: () => 7 }, '7'],
  [
    'an object with @@toPrimitive',
    { [Symbol.toPrimitive]: (/** @type {string} */ hint) => hint },
    'string',
  ],
  ['an object with a byteLength', { byteLength: 3 }, '[object Object]'],
  ['a URL', new URL('ws://a/'), 'ws://a/'],
];

const conversions = strings.map(([title, value, expected]) =>
  demand(
    UNION,
    `${title} is a string`,
    text(expected),
    arriving(() => value),
  ),
);

const refusals = demands(UNION, [
  ['no arguments are too few', 'TypeError', throwing(() => [])],
  ['a symbol is no string', 'TypeError', throwing(() => [Symbol.iterator])],
  ['an object without a string is none', 'TypeError', throwing(() => [Object.create(null)])],
  [
    'what toString() throws is thrown',
    'RangeError',
    throwing(() => [
      {
        toString() {
          throw new RangeError();
        },
      },
    ]),
  ],
  ['more arguments are ignored', 'nothing', throwing(() => ['a', 'b'])],
  [
    'it returns nothing',
    'undefined',
    async (trial) => /** @type {Anything} */ (await trial.open()).send('a'),
  ],
]);

const bytes = () => new Uint8Array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);

const binaries = demands(BUFFER, [
  ['an ArrayBuffer', hex('000102030405060708090a0b0c0d0e0f'), arriving(() => bytes().buffer)],
  ['an empty ArrayBuffer', hex(''), arriving(() => new ArrayBuffer(0))],
  ['a Uint8Array', hex('0102ff'), arriving(() => new Uint8Array([1, 2, 255]))],
  ['a part of a buffer', hex('030405'), arriving(() => bytes().subarray(3, 6))],
  ['an empty part of a buffer', hex(''), arriving(() => bytes().subarray(3, 3))],
  ['a DataView of a part', hex('0405'), arriving(() => new DataView(bytes().buffer, 4, 2))],
  ['a Uint8ClampedArray', hex('00ff'), arriving(() => new Uint8ClampedArray([-1, 256]))],
  [
    'an Int16Array of a part',
    hex('02030405'),
    arriving(() => new Int16Array(bytes().buffer, 2, 2)),
  ],
  ['a Float64Array', hex('000000000000f03f'), arriving(() => new Float64Array([1]))],
  ['a BigInt64Array', hex('ffffffffffffffff'), arriving(() => new BigInt64Array([-1n]))],
  [
    'a detached ArrayBuffer is empty',
    hex(''),
    arriving(() => {
      const { buffer } = bytes();
      structuredClone(buffer, { transfer: [buffer] });
      return buffer;
    }),
  ],
  [
    'a view of a detached ArrayBuffer is empty',
    hex(''),
    arriving(() => {
      const view = bytes();
      structuredClone(view.buffer, { transfer: [view.buffer] });
      return view;
    }),
  ],
  [
    'a resizable ArrayBuffer is none',
    'TypeError',
    throwing(() => {
      const Resizable = /** @type {Anything} */ (ArrayBuffer);
      return [new Resizable(2, { maxByteLength: 4 })];
    }),
  ],
  [
    'a view of shared memory is none',
    'TypeError',
    throwing(() => [new Uint8Array(new SharedArrayBuffer(2))]),
  ],
  [
    'shared memory is an object, and so a string',
    text('[object SharedArrayBuffer]'),
    arriving(() => new SharedArrayBuffer(2)),
  ],
  [
    'what is written later does not arrive',
    hex('010203'),
    async (trial) => {
      const socket = await trial.open('/report');
      const data = new Uint8Array([1, 2, 3]);
      socket.send(data);
      data.fill(9);
      return JSON.parse((await next(socket, 'message')).data);
    },
  ],
  [
    'one that is given away later arrives',
    hex('010203'),
    async (trial) => {
      const socket = await trial.open('/report');
      const { buffer } = new Uint8Array([1, 2, 3]);
      socket.send(buffer);
      structuredClone(buffer, { transfer: [buffer] });
      return JSON.parse((await next(socket, 'message')).data);
    },
  ],
]);

const blobs = demands(SEND, [
  ['a Blob', hex('61c3bc'), arriving(() => new Blob(['aü'], { type: 'text/plain' }))],
  ['an empty Blob', hex(''), arriving(() => new Blob())],
  ['a part of a Blob', hex('6263'), arriving(() => new Blob(['abcd']).slice(1, 3))],
  [
    'a File, where there is that',
    hex('61'),
    arriving(() => (globalThis.File ? new File(['a'], 'name') : new Blob(['a']))),
  ],
  [
    'what is sent behind a Blob arrives behind it',
    ['{"hex":"61"}', '{"text":"b"}', '{"hex":"63"}', '{"text":"d"}'],
    async (trial) => {
      const socket = await trial.open('/report');
      /** @type {string[]} */
      const reports = [];
      socket.send(new Blob(['a']));
      socket.send('b');
      socket.send(new Blob(['c']));
      socket.send('d');
      return new Promise((resolve) => {
        socket.addEventListener('message', ({ data }) => {
          if (reports.push(data) === 4) resolve(reports);
        });
      });
    },
  ],
]);

export default [
  ...texts,
  ...long,
  ...surrogates,
  ...conversions,
  ...refusals,
  ...binaries,
  ...blobs,
];
