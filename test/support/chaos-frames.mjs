/**
 * Frames that no client says which means well, and some that such a client could say, so that connections live for a
 * while: each kind is a function that says one.
 *
 * @import { HandLine } from './chaos-line.mjs'
 */

/**
 * Who says them.
 *
 * @typedef {object} Speaker
 * @property {HandLine} line
 * @property {() => number} random
 * @property {number} s the last number that it gave to a message
 * @property {number} i the last that it gave to a subscription
 * @property {number} heard the last of the server's that it knows
 */

const NUMBERS = [
  ['-1', '1.5', '1e308', '-1e308', '9007199254740991', '9007199254740992', '1e400', '0', '-0'],
  ['null', '"1"', 'true', '{}', '[]', '[1]', '"__proto__"', '0x10', 'NaN', '00', '1e-7', '""'],
].flat();

const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '', '\u0000'];

/** Nesting that a head has room for. */
const DEEP = '['.repeat(2_000) + ']'.repeat(2_000);
const HUGE_NAME = 'n'.repeat(1_000_000);
/** Longer than a message may be where it is tried, and about as long. */
const HUGE = 'x'.repeat(70_000);
const LARGE = 'x'.repeat(9_000);

/** @template Item @param {() => number} random @param {readonly Item[]} items @returns {Item} */
const oneOf = (random, items) => /** @type {Item} */ (items[Math.floor(random() * items.length)]);

/** @param {() => number} random @param {number} most */
function bytes(random, most) {
  return Uint8Array.from({ length: Math.floor(random() * most) }, () => random() * 256).buffer;
}

/** @param {() => number} random */
function anything(random) {
  const text = Buffer.from(bytes(random, 60)).toString('latin1');
  return random() < 0.5 ? text : `[${Math.floor(random() * 15)},${text}`;
}

/** An array of anything. @param {() => number} random */
function array(random) {
  const length = Math.floor(random() * 7);
  const values = Array.from({ length }, () => oneOf(random, NUMBERS));
  return `[${[String(Math.floor(random() * 14)), ...values].join(',')}]`;
}

/** @type {readonly ((speaker: Speaker) => void)[]} */
export const kinds = [
  ({ line, random }) => line.say(bytes(random, 200)),
  ({ line, random }) => line.say(anything(random)),
  ({ line, random }) => line.say(array(random)),
  ({ line, random }) => line.say(array(random), '1'),
  ({ line }) => line.say(DEEP),
  ({ line }) => line.say('[2,1', '1'),
  // Numbers of messages, and acknowledgements, that cannot be.
  ({ line, random }) => line.say(`[2,${oneOf(random, NUMBERS)}]`, '1'),
  ({ line, random, s }) => line.say(`[2,${s + 1},${oneOf(random, NUMBERS)}]`, '1'),
  ({ line, random }) => line.say(`[3,${oneOf(random, NUMBERS)}]`),
  ({ line, s, random }) => line.say([2, s + 2 + Math.floor(random() * 300)], '1'),
  ({ line, heard, random }) => line.say([3, heard + 1 + Math.floor(random() * 10)]),
  // Replays.
  ({ line, s, random }) => line.say([2, Math.floor(random() * s)], '"again"'),
  ({ line, s }) => line.say([2, s], '"again"'),
  // What could be meant well.
  (speaker) => speaker.line.say([2, ++speaker.s], '"well"'),
  (speaker) => speaker.line.say([2, ++speaker.s, null, 'own-name'], '"well"'),
  (speaker) => speaker.line.say([2, ++speaker.s], 'no JSON'),
  (speaker) => speaker.line.say([2, ++speaker.s], `"${LARGE}"`),
  ({ line, heard }) => line.say([3, heard]),
  ({ line, random }) => line.say([5, Math.floor(random() * 1e6), 0]),
  ({ line }) => line.say([6, 1, 0]),
  ({ line, random }) => line.say(`[5,${oneOf(random, NUMBERS)},0]`),
  // Too large, and without an end.
  (speaker) => speaker.line.say([2, ++speaker.s], HUGE),
  (speaker) => speaker.line.say([2, ++speaker.s, null, 'i'.repeat(200)], '1'),
  ({ line, s }) => line.say([2, s + 1, null, null, 1_000_000]),
  ({ line, s, random }) => {
    line.say([2, s + 1, null, null, 1_000]);
    const frames = Math.floor(random() * 20);
    for (let at = 0; at < frames; at++) line.say(random() < 0.5 ? LARGE : bytes(random, 40));
  },
  // What only a server says, and what nobody does.
  ({ line, random }) => line.say([oneOf(random, [1, 4, 7, 10, 11, 13, 99]), 1, 1]),
  ({ line }) => line.say([8, { code: -1, reason: 1, reconnect: 1, a: 0 }]),
  // Hello again.
  ({ line }) => line.say([0, { v: 1, n: 99, rx: 0, acked: 0, subs: [] }]),
  // Names that objects have.
  ({ line, random }) => line.say([9, 1, oneOf(random, NAMES)]),
  ({ line }) => line.say('[0,{"__proto__":{"v":1,"n":1,"rx":0,"acked":0,"subs":[]}}]'),
  ({ line }) => line.say('{"0":2,"length":2,"__proto__":[]}', '1'),
  ({ line, random }) => line.say([oneOf(random, NAMES), 1]),
  (speaker) =>
    speaker.line.say([2, ++speaker.s, null, oneOf(speaker.random, NAMES)], '{"__proto__":1}'),
  // Topics: a million, denied ones, numbers that are used again, cursors of other lives.
  (speaker) => {
    const { line, random } = speaker;
    const count = Math.floor(random() * 40);
    for (let at = 0; at < count; at++) {
      line.say([9, ++speaker.i, `room-${Math.floor(random() * 1e6)}`, 'no such epoch', 7]);
    }
  },
  (speaker) => speaker.line.say([9, ++speaker.i, 'secret']),
  (speaker) => speaker.line.say([9, ++speaker.i, 'r'.repeat(3_000)]),
  ({ line, i }) => line.say([9, i, 'room-1']),
  ({ line, i, random }) => line.say([12, Math.floor(random() * (i + 2))]),
  ({ line, random }) => line.say(`[12,${oneOf(random, NUMBERS)}]`),
];

/** That of a megabyte takes as long as a thousand others, and is said less often. @param {HandLine} line */
export const sayHugeTopic = (line) => line.say([9, 1, HUGE_NAME]);

/**
 * What a hello may say of who and where it is.
 *
 * @param {() => number} random
 * @param {{ sid: string, key: string }} victim
 * @returns {object}
 */
export function claim(random, { sid, key }) {
  const name = oneOf(random, NAMES);
  return oneOf(random, [
    { sid, key: Buffer.from(bytes(random, 40)).toString('base64url') },
    { sid, key: key.slice(1) },
    { sid, key: `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}` },
    { sid, key: '' },
    // Somebody has told it: it is another's all the same.
    { sid, key },
    { sid, key, rx: 1e15, acked: 1e15, n: 1e15 },
    { sid: name, key: name },
    { sid: key, key: sid },
    { sid },
  ]);
}

/** A hello that is none. @param {() => number} random @returns {string} */
export const noHello = (random) =>
  oneOf(random, [
    `[0,{"v":1,"n":${oneOf(random, NUMBERS)},"rx":0,"acked":0,"subs":[]}]`,
    `[0,{"v":1,"n":1,"rx":${oneOf(random, NUMBERS)},"acked":${oneOf(random, NUMBERS)},"subs":[]}]`,
    `[0,{"v":${oneOf(random, NUMBERS)},"n":1,"rx":0,"acked":0,"subs":[]}]`,
    `[0,{"v":1,"n":1,"rx":0,"acked":0,"subs":[[1,"room-1"],[1,"room-2"]]}]`,
    `[0,{"v":1,"n":1,"rx":0,"acked":0,"subs":[${oneOf(random, NUMBERS)}]}]`,
    `[0,{"v":1,"sid":{},"key":[],"n":1,"rx":0,"acked":0,"subs":{}}]`,
    `[0,${DEEP}]`,
    '[0]',
  ]);
