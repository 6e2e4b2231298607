/**
 * All in which the class is to differ from the engine's own. What is not here is to be the same, or, where
 * the engine departs from the texts, as these have it.
 *
 * @import { Entry } from './trial.mjs'
 */

/**
 * @typedef {object} Difference
 * @property {string} says what docs/drop-in.md says of it: the first cell of a row of its table, or a
 *   sentence
 * @property {RegExp} titles of the assertions
 * @property {(observed: any) => unknown} becomes what is seen instead of what an engine shows, or what the
 *   texts demand
 * @property {string} [only] the home in which it is so, with some versions of that
 */

const TRUSTED = 'In both modes events that are fired have `isTrusted` `false`';

/**
 * In both modes.
 *
 * @type {readonly Difference[]}
 */
const always = [
  {
    // Script dispatches the event, and is on the stack while a listener runs: no microtask before it is done.
    says: TRUSTED,
    titles: /^events: between two listeners of an event, microtasks are done$/,
    becomes: () => ['a', 'b', 'microtask'],
  },
  {
    says: TRUSTED,
    titles: /^events: between error and close, microtasks are done$/,
    becomes: () => ['error', 'close', 'microtask'],
  },
  {
    // The engine is asked after the class has taken them, and refuses what the texts allow.
    says: 'an attempt fails',
    titles: /^protocols: the same ones but for the case are two$/,
    becomes: () => 'no connection',
    only: 'Node',
  },
  {
    // Of Node's own global class, whose array is not frozen; the engine has another class for itself.
    says: TRUSTED,
    titles: /^events: it has no ports, in a frozen array/,
    becomes: () => [true, 0, false, true],
    only: 'Node',
  },
];

/** @type {readonly Difference[]} */
export const native = [
  ...always,
  {
    says: '`NativeLine` is the class with its options fixed',
    titles: /^interface: (it|its prototype) inherits from (that of )?EventTarget$/,
    becomes: () => false,
  },
  {
    says: '`NativeLine` is the class with its options fixed',
    titles: /^interface: the constants are its own, and the prototype has all members/,
    becomes: () => [constants, [...constants, ...members]],
  },
  {
    // The engine fires the error at once; here it waits for what the close is to say.
    says: 'a connection is lost',
    titles: /^failures: the server sends text that (is no UTF-8|ends in the midst)/,
    becomes: (life) => whereReadyState(life, (state, type) => (type === 'error' ? 3 : state)),
    only: 'Node',
  },
];

const constants = ['CONNECTING', 'OPEN', 'CLOSING', 'CLOSED'];
const members = [
  'url',
  'readyState',
  'bufferedAmount',
  'extensions',
  'protocol',
  'onopen',
  'onmessage',
  'onerror',
  'onclose',
  'binaryType',
  'send',
  'close',
];

/** After these codes there is another attempt. */
const retried = '1000|1001|1011|1012|1013|1014|3000|3999|4000|4408|4999';

/** @type {readonly Difference[]} */
export const reconnecting = [
  ...always,
  {
    says: '`send()` while it is connecting',
    titles: /^send: while connecting, .* is not sent$/,
    becomes: () => 'nothing',
  },
  {
    says: '`send()` while it is connecting',
    titles: /^send: the exception has the code of old$/,
    becomes: () => 'undefined',
  },
  {
    says: '`send()` while it is connecting',
    titles: /^send: what it did not take never arrives$/,
    becomes: () => ['a', 'b'],
  },
  {
    says: '`send()` while it is connecting',
    titles: /^bufferedAmount: what is not sent while connecting does not count$/,
    becomes: () => 3,
  },
  {
    says: 'a connection is lost',
    titles: new RegExp(`^lives: the server closes (at once|later) with (${retried}) `),
    becomes: goesOn,
  },
  {
    says: 'a connection is lost',
    titles:
      /^lives: (the TCP connection|the server closes without a code|the server closes with the longest|the reason may|what the server says before)/,
    becomes: goesOn,
  },
  {
    says: 'a connection is lost',
    titles: /^failures: the server sends/,
    becomes: goesOn,
  },
  {
    says: 'an attempt fails',
    titles:
      /^failures: (the upgrade is refused|the handshake has|nobody listens|the server does not speak)/,
    becomes: goesOn,
  },
  {
    says: '`close()` between two connections',
    titles:
      /^lives: close\(\) once the server has closed|^close: in the listener of close it changes/,
    becomes: (life) => [...goesOn(life), ...broken],
  },
  {
    says: '`close()` between two connections',
    titles: /^close: in the listener of error it changes nothing$/,
    becomes: () => [
      { type: 'error', readyState: 0 },
      { type: 'close', readyState: 2, code: 1006, reason: '', wasClean: false },
      ...broken,
    ],
  },
  {
    says: '`url`, `protocols`',
    titles: /^protocols: null is the string null$/,
    becomes: () => 'undefined',
  },
  {
    says: '`url`, `protocols`',
    titles: /^protocols: a function is a string that is no token$/,
    becomes: () => 'nothing',
  },
  {
    says: '`url`, `protocols`',
    titles: /^constructor: a function is what its toString\(\) says$/,
    becomes: () => false,
  },
];

/** The end of one that was waiting. */
const broken = [
  { type: 'error', readyState: 3 },
  { type: 'close', readyState: 3, code: 1006, reason: '', wasClean: false },
];

/**
 * The same life, but for that it is not over: another connection is to come.
 *
 * @param {Entry[]} life
 */
function goesOn(life) {
  const isEnd = (/** @type {string} */ type) => type === 'error' || type === 'close';
  return whereReadyState(life, (state, type) => (isEnd(type) ? 0 : state));
}

/**
 * @param {Entry[]} life
 * @param {(state: number, type: string) => number} state
 */
function whereReadyState(life, state) {
  if (!Array.isArray(life)) return life;
  return life.map((entry) => ({ ...entry, readyState: state(entry.readyState, entry.type) }));
}
