/**
 * `close(code, reason)`: what it takes, and what the server gets of it.
 */
import { demand, demands, thrown } from '../assertion.mjs';
import { newId } from '../trial.mjs';

/** @import { Trial } from '../trial.mjs' */
/** @typedef {any} Anything */

const CODE = 'WebSockets § 3.1, close() step 1';
const CLAMP = 'WebIDL § 3.2.4.9 (ConvertToInt): [Clamp]';
const REASON = 'WebSockets § 3.1, close() step 2';
const FRAME = 'WebSockets § 3.1, close() step 3';

/** @param {...unknown} args */
const throwing =
  (...args) =>
  async (/** @type {Trial} */ trial) => {
    const socket = /** @type {Anything} */ (await trial.open());
    return thrown(() => socket.close(...args));
  };

/**
 * What the server gets.
 *
 * @param {...unknown} args
 */
const arriving =
  (...args) =>
  async (/** @type {Trial} */ trial) => {
    const id = newId();
    const socket = /** @type {Anything} */ (await trial.open(`/echo?id=${id}`));
    socket.close(...args);
    const { code, reason } = await trial.heard(id);
    return [code, reason];
  };

const INVALID = 'DOMException InvalidAccessError';

const refused = [
  0, 1, 999, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014,
  1015, 1016, 1999, 2000, 2999, 5000, 65_535,
].map((code) => demand(CODE, `${code} is refused`, INVALID, throwing(code)));

const taken = [1000, 3000, 3001, 3999, 4000, 4404, 4999].map((code) =>
  demand(CODE, `${code} is taken`, [code, ''], arriving(code)),
);

const refusedNumbers = [
  -1,
  -0,
  65_536,
  66_536,
  1e10,
  Infinity,
  -Infinity,
  NaN,
  0.5,
  999.4,
  1000.6,
  1001.5,
  2999.4,
  4999.5,
].map((code) =>
  demand(CLAMP, `${Object.is(code, -0) ? '-0' : code} is refused`, INVALID, throwing(code)),
);

/** Halves go to the even one. */
const rounded = [
  [999.5, 1000],
  [999.6, 1000],
  [1000.4, 1000],
  [1000.5, 1000],
  [2999.5, 3000],
  [3000.5, 3000],
  [3001.5, 3002],
  [4000.5, 4000],
  [4998.5, 4998],
  [4999.4, 4999],
].map(([code, expected]) =>
  demand(CLAMP, `${code} is ${expected}`, [expected, ''], arriving(code)),
);

/** @type {[string, unknown, unknown][]} */
const refusedValues = [
  ['null', null, INVALID],
  ['true', true, INVALID],
  ['an empty string', '', INVALID],
  ['text', 'bye', INVALID],
  ['an object', {}, INVALID],
  ['a symbol', Symbol.iterator, 'TypeError'],
  ['a bigint', 1000n, 'TypeError'],
  ['an object without a number', Object.create(null), 'TypeError'],
];

const values = [
  ...refusedValues.map(([title, code, expected]) =>
    demand(CLAMP, `${title} is no code`, expected, throwing(code)),
  ),
  demand(CLAMP, 'a number in a string is one', [3000, ''], arriving(' 3e3 ')),
  demand(CLAMP, 'an object has a number', [1000, ''], arriving({ valueOf: () => 1000 })),
  demand(CLAMP, 'an array of one number is that', [4000, ''], arriving([4000])),
];

const reasons = demands(REASON, [
  ['123 bytes are taken', [1000, 'x'.repeat(123)], arriving(1000, 'x'.repeat(123))],
  ['124 bytes are too long', 'DOMException SyntaxError', throwing(1000, 'x'.repeat(124))],
  ['bytes count: 61 times two', [1000, 'ü'.repeat(61)], arriving(1000, 'ü'.repeat(61))],
  ['bytes count: 62 times two', 'DOMException SyntaxError', throwing(1000, 'ü'.repeat(62))],
  ['bytes count: 41 times three', [1000, '€'.repeat(41)], arriving(1000, '€'.repeat(41))],
  ['bytes count: 42 times three', 'DOMException SyntaxError', throwing(1000, '€'.repeat(42))],
  ['bytes count: 30 times four', [1000, '😀'.repeat(30)], arriving(1000, '😀'.repeat(30))],
  ['bytes count: 31 times four', 'DOMException SyntaxError', throwing(1000, '😀'.repeat(31))],
  ['a lone surrogate is U+FFFD', [1000, '\ufffd'], arriving(1000, '\ud800')],
  [
    '41 lone surrogates are 123 bytes',
    [1000, '\ufffd'.repeat(41)],
    arriving(1000, '\ud800'.repeat(41)),
  ],
  [
    '42 lone surrogates are too long',
    'DOMException SyntaxError',
    throwing(1000, '\ud800'.repeat(42)),
  ],
  [
    'too long is too long without a code, too',
    'DOMException SyntaxError',
    throwing(undefined, 'x'.repeat(124)),
  ],
  ['null is a string', [1000, 'null'], arriving(1000, null)],
  ['a number is a string', [1000, '7'], arriving(1000, 7)],
  ['an object is a string', [1000, '[object Object]'], arriving(1000, {})],
  ['a symbol is no string', 'TypeError', throwing(1000, Symbol.iterator)],
  ['undefined is none', [1000, ''], arriving(1000, undefined)],
  ['an empty one is as none', [1000, ''], arriving(1000, '')],
]);

const order = demands('WebIDL § 3.6; WebSockets § 3.1, close()', [
  ['the code is looked at before the reason', INVALID, throwing(1001, 'x'.repeat(124))],
  ['both are converted before either is looked at', 'TypeError', throwing(1001, Symbol.iterator)],
  [
    'the code is converted first',
    ['code', 'reason'],
    async (trial) => {
      /** @type {string[]} */
      const log = [];
      const socket = /** @type {Anything} */ (await trial.open());
      socket.close(
        { valueOf: () => (log.push('code'), 1000) },
        { toString: () => (log.push('reason'), 'bye') },
      );
      return log;
    },
  ],
  [
    'what valueOf() throws is thrown',
    'RangeError',
    throwing({
      valueOf() {
        throw new RangeError();
      },
    }),
  ],
  [
    'what throws changes nothing',
    [1, 'a'],
    async (trial) => {
      const socket = await trial.open();
      thrown(() => socket.close(1001));
      thrown(() => socket.close(1000, 'x'.repeat(124)));
      const { readyState } = socket;
      socket.send('a');
      return new Promise((resolve) => {
        socket.addEventListener('message', ({ data }) => resolve([readyState, data]));
      });
    },
  ],
  [
    'the exceptions have the codes of old',
    [15, 12],
    async (trial) => {
      const socket = await trial.open();
      const args = /** @type {[number, string][]} */ ([
        [1001, ''],
        [1000, 'x'.repeat(124)],
      ]);
      return args.map(([code, reason]) => {
        try {
          return socket.close(code, reason);
        } catch (/** @type {Anything} */ error) {
          return error.code;
        }
      });
    },
  ],
  ...['connecting', 'closing', 'closed'].map(
    (state) =>
      /** @type {[string, unknown, (trial: Trial) => unknown]} */ ([
        `when it is ${state}, the arguments are looked at, too`,
        [INVALID, 'DOMException SyntaxError', 'TypeError'],
        async (trial) => {
          const socket = /** @type {Anything} */ (
            state === 'closed' ? await trial.closed() : trial.connect()
          );
          if (state === 'closing') socket.close();
          return [
            thrown(() => socket.close(1001)),
            thrown(() => socket.close(1000, 'x'.repeat(124))),
            thrown(() => socket.close(Symbol.iterator)),
          ];
        },
      ]),
  ),
]);

const frames = demands(FRAME, [
  ['without arguments the frame has no code', [1005, ''], arriving()],
  ['undefined is as no argument', [1005, ''], arriving(undefined)],
  ['undefined twice is as no arguments', [1005, ''], arriving(undefined, undefined)],
  ['a code and a reason arrive', [4000, 'grüß dich'], arriving(4000, 'grüß dich')],
  ['more arguments are ignored', [1000, 'a'], arriving(1000, 'a', 'b')],
]);

export default [
  ...refused,
  ...taken,
  ...refusedNumbers,
  ...rounded,
  ...values,
  ...reasons,
  ...order,
  ...frames,
];
