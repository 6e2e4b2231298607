/**
 * What the class looks like from outside: WebIDL's interface object, its prototype, constants,
 * attributes and operations.
 */
import { demand, demands, thrown } from '../assertion.mjs';

/** @typedef {any} Anything */

/** @type {Record<string, number>} */
const constants = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 };
const handlers = ['onopen', 'onmessage', 'onerror', 'onclose'];
const readOnly = ['url', 'readyState', 'bufferedAmount', 'extensions', 'protocol'];
const writable = [...handlers, 'binaryType'];
const attributes = [...readOnly, ...writable];
const operations = /** @type {const} */ ([
  ['send', 1],
  ['close', 0],
]);

/**
 * Where it is, the object itself or what it inherits from: a class may extend the one with the interface.
 *
 * @param {object} object
 * @param {PropertyKey} key
 * @returns {PropertyDescriptor}
 */
function descriptor(object, key) {
  for (let owner = object; owner; owner = Object.getPrototypeOf(owner)) {
    const found = Object.getOwnPropertyDescriptor(owner, key);
    if (found) return found;
  }
  return {};
}

/**
 * What it throws, in strict mode, to set it.
 *
 * @param {Anything} object
 * @param {string} key
 */
const assigning = (object, key) => thrown(() => (object[key] = 9));

/**
 * @param {object} object
 * @param {PropertyKey} key
 */
function flags(object, key) {
  const { writable, enumerable, configurable } = descriptor(object, key);
  return [writable, enumerable, configurable].map(String).join(' ');
}

const onConstants = Object.entries(constants).flatMap(([name, value]) =>
  demands('WebIDL § 3.7.5 (constants)', [
    [
      `${name} is on the interface object`,
      [value, 'false true false'],
      ({ WebSocket }) => [descriptor(WebSocket, name).value, flags(WebSocket, name)],
    ],
    [
      `${name} is on the prototype`,
      [value, 'false true false'],
      ({ WebSocket: { prototype } }) => [descriptor(prototype, name).value, flags(prototype, name)],
    ],
    [
      `${name} is read from an instance`,
      [value, false],
      (trial) => {
        const socket = /** @type {Anything} */ (trial.connect());
        return [socket[name], Object.hasOwn(socket, name)];
      },
    ],
    [`${name} cannot be set`, 'TypeError', ({ WebSocket }) => assigning(WebSocket, name)],
  ]),
);

const onAttributes = attributes.flatMap((name) =>
  demands('WebIDL § 3.7.6 (attributes)', [
    [
      `${name} is an accessor on the prototype, enumerable and configurable`,
      ['function', readOnly.includes(name) ? 'undefined' : 'function', 'undefined true true'],
      ({ WebSocket: { prototype } }) => [
        typeof descriptor(prototype, name).get,
        typeof descriptor(prototype, name).set,
        flags(prototype, name),
      ],
    ],
    [
      `the functions of ${name} are named and count their arguments`,
      readOnly.includes(name) ? [`get ${name}`, 0] : [`get ${name}`, 0, `set ${name}`, 1],
      ({ WebSocket: { prototype } }) => {
        const { get, set } = descriptor(prototype, name);
        return [get, set].flatMap((one) => (one ? [one.name, one.length] : []));
      },
    ],
    [
      `${name} is of instances only`,
      ['TypeError', 'TypeError', 'TypeError', 'TypeError'],
      ({ WebSocket: { prototype } }) =>
        [prototype, {}, new EventTarget(), null].map((other) =>
          thrown(() => descriptor(prototype, name).get?.call(other)),
        ),
    ],
  ]),
);

const onSetters = [
  ...readOnly.map((name) =>
    demand('WebIDL § 3.7.6 (attributes)', `${name} cannot be set`, 'TypeError', (trial) =>
      assigning(trial.connect(), name),
    ),
  ),
  ...writable.map((name) =>
    demand(
      'WebIDL § 3.7.6 (attributes)',
      `${name} is set on instances only`,
      ['TypeError', 'TypeError', 'TypeError', 'TypeError'],
      ({ WebSocket: { prototype } }) =>
        [prototype, {}, new EventTarget(), null].map((other) =>
          thrown(() => descriptor(prototype, name).set?.call(other, null)),
        ),
    ),
  ),
];

const onOperations = operations.flatMap(([name, length]) =>
  demands('WebIDL § 3.7.7 (operations)', [
    [
      `${name}() is writable, enumerable and configurable on the prototype`,
      'true true true',
      ({ WebSocket: { prototype } }) => flags(prototype, name),
    ],
    [
      `${name}() is named and counts its arguments`,
      [name, length],
      ({ WebSocket: { prototype } }) => [prototype[name].name, prototype[name].length],
    ],
    [
      `${name}() is of instances only`,
      ['TypeError', 'TypeError', 'TypeError', 'TypeError'],
      ({ WebSocket: { prototype } }) =>
        [prototype, {}, new EventTarget(), null].map((other) =>
          thrown(() => /** @type {Function} */ (prototype[name]).call(other, '')),
        ),
    ],
    [
      `${name}() is no constructor`,
      'TypeError',
      ({ WebSocket: { prototype } }) => {
        const Operation = /** @type {Anything} */ (prototype[name]);
        return thrown(() => new Operation());
      },
    ],
  ]),
);

const onObjects = demands('WebIDL § 3.7.1, § 3.7.3 (interface objects and their prototypes)', [
  ['it is a function', 'function', ({ WebSocket }) => typeof WebSocket],
  ['it takes one argument at least', 1, ({ WebSocket }) => WebSocket.length],
  ['length cannot be written', 'false false true', ({ WebSocket }) => flags(WebSocket, 'length')],
  ['name cannot be written', 'false false true', ({ WebSocket }) => flags(WebSocket, 'name')],
  [
    'prototype cannot be replaced',
    'false false false',
    ({ WebSocket }) => flags(WebSocket, 'prototype'),
  ],
  [
    'it inherits from EventTarget',
    true,
    ({ WebSocket }) => Object.getPrototypeOf(WebSocket) === EventTarget,
  ],
  [
    'its prototype inherits from that of EventTarget',
    true,
    ({ WebSocket }) => Object.getPrototypeOf(WebSocket.prototype) === EventTarget.prototype,
  ],
  [
    'the prototype knows its constructor',
    [true, 'true false true'],
    ({ WebSocket }) => [
      WebSocket.prototype.constructor === WebSocket,
      flags(WebSocket.prototype, 'constructor'),
    ],
  ],
  [
    'its class string is that of the interface',
    ['WebSocket', 'false false true'],
    ({ WebSocket: { prototype } }) => [
      Reflect.get(prototype, Symbol.toStringTag),
      flags(prototype, Symbol.toStringTag),
    ],
  ],
  [
    'the constants are its own, and the prototype has all members for its own',
    [[], []],
    ({ WebSocket }) => {
      const members = [...Object.keys(constants), ...attributes, 'send', 'close'];
      return [
        Object.keys(constants).filter((name) => !Object.hasOwn(WebSocket, name)),
        members.filter((name) => !Object.hasOwn(WebSocket.prototype, name)),
      ];
    },
  ],
  [
    'an instance is an EventTarget and says its name',
    [true, true, '[object WebSocket]'],
    (trial) => {
      const socket = trial.connect();
      return [socket instanceof trial.WebSocket, socket instanceof EventTarget, String(socket)];
    },
  ],
  [
    'an instance has no properties of its own',
    [[], [], '{}'],
    (trial) => {
      const socket = trial.connect();
      return [Object.keys(socket), Object.getOwnPropertyNames(socket), JSON.stringify(socket)];
    },
  ],
  [
    'all that the interface names is enumerated',
    true,
    (trial) => {
      const names = new Set();
      for (const name in trial.connect()) names.add(name);
      const all = [...Object.keys(constants), ...attributes, 'send', 'close', 'dispatchEvent'];
      return all.every((name) => names.has(name));
    },
  ],
]);

export default [...onConstants, ...onAttributes, ...onSetters, ...onOperations, ...onObjects];
