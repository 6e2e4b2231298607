/**
 * The events that a connection fires: of which kind they are, and what they carry.
 */
import { demands } from '../assertion.mjs';
import { next, task } from '../trial.mjs';

/** @import { Trial } from '../trial.mjs' */
/** @typedef {any} Anything */

const FIRED = 'WebSockets § 4; DOM § 2.10 (firing events)';
const MESSAGE = 'WebSockets § 4, message step 3; HTML § 9.1 (MessageEvent)';

/**
 * How a connection comes to fire that.
 *
 * @type {Record<string, (trial: Trial) => WebSocket>}
 */
const occasions = {
  open: (trial) => trial.connect(),
  message: (trial) => trial.connect('/greet'),
  error: (trial) => trial.connect('/refuse?status=400'),
  close: (trial) => trial.connect('/close?code=3000&reason=bye'),
};

/** @type {Record<string, string>} */
const classes = { open: 'Event', message: 'MessageEvent', error: 'Event', close: 'CloseEvent' };

/**
 * What `look` sees in the event while it is dispatched.
 *
 * @param {string} type
 * @param {(event: Anything, socket: WebSocket) => unknown} look
 */
const during = (type, look) => async (/** @type {Trial} */ trial) => {
  const socket = /** @type {Anything} */ (occasions[type])(trial);
  return new Promise((resolve, reject) => {
    socket.addEventListener(type, (/** @type {Event} */ event) => {
      try {
        resolve(look(event, socket));
      } catch (error) {
        reject(error);
      }
    });
  });
};

const all = Object.keys(occasions).flatMap((type) =>
  demands(FIRED, [
    [
      `${type} is a ${classes[type]}`,
      classes[type],
      during(type, (event) => event.constructor.name),
    ],
    [
      `${type} is one of the global class, where there is that`,
      true,
      during(type, (event) => {
        const Class = /** @type {Anything} */ (globalThis)[String(classes[type])];
        return event instanceof Event && (!Class || event instanceof Class);
      }),
    ],
    [
      `${type} is of that class itself, where there is that, and not of one that extends it`,
      true,
      during(type, (event) => {
        const Class = /** @type {Anything} */ (globalThis)[String(classes[type])];
        return !Class || Object.getPrototypeOf(event) === Class.prototype;
      }),
    ],
    [
      `${type} neither bubbles nor can be canceled, and is of this tree only`,
      [false, false, false],
      during(type, ({ bubbles, cancelable, composed }) => [bubbles, cancelable, composed]),
    ],
    [
      `${type} has the socket for its target`,
      [true, true, true],
      during(type, ({ target, currentTarget, srcElement }, socket) => [
        target === socket,
        currentTarget === socket,
        srcElement === socket,
      ]),
    ],
    [
      `${type} is at its target, and the socket is all of its path`,
      [2, 1, true],
      during(type, (event, socket) => [
        event.eventPhase,
        event.composedPath().length,
        event.composedPath()[0] === socket,
      ]),
    ],
    [
      `${type} cannot be prevented`,
      [false, true],
      during(type, (event) => {
        event.preventDefault();
        return [event.defaultPrevented, event.returnValue];
      }),
    ],
    [
      `${type} has its type and its time`,
      [type, true],
      during(type, (event) => [event.type, event.timeStamp > 0]),
    ],
    [
      `${type} is at no target afterwards`,
      [true, null, 0, 0],
      async (trial) => {
        const socket = /** @type {Anything} */ (occasions[type])(trial);
        const event = await next(socket, type);
        await task();
        return [
          event.target === socket,
          event.currentTarget,
          event.eventPhase,
          event.composedPath().length,
        ];
      },
    ],
    [
      `${type} can be dispatched again, elsewhere`,
      [true, type],
      async (trial) => {
        const socket = /** @type {Anything} */ (occasions[type])(trial);
        const event = await next(socket, type);
        await task();
        const elsewhere = new EventTarget();
        let heard = '';
        elsewhere.addEventListener(type, () => (heard = event.type));
        return [elsewhere.dispatchEvent(event), heard];
      },
    ],
    [
      `every listener of ${type} gets the same event`,
      true,
      async (trial) => {
        const socket = /** @type {Anything} */ (occasions[type])(trial);
        const events = await Promise.all([next(socket, type), next(socket, type)]);
        return events[0] === events[1];
      },
    ],
  ]),
);

const messages = demands(MESSAGE, [
  [
    'its origin is that of the socket',
    true,
    async (trial) => {
      const { origin } = await next(trial.connect('/greet?a'), 'message');
      return origin === trial.url('');
    },
  ],
  ['its lastEventId is empty', '', during('message', (event) => event.lastEventId)],
  ['it has no source', null, during('message', (event) => event.source)],
  [
    'it has no ports, in a frozen array that stays the same',
    [true, 0, true, true],
    during('message', (event) => [
      Array.isArray(event.ports),
      event.ports.length,
      Object.isFrozen(event.ports),
      event.ports === event.ports,
    ]),
  ],
  ['its data is the text', 'a', during('message', (event) => event.data)],
  [
    'the accessors of MessageEvent read it',
    ['a', true],
    during('message', (event) =>
      ['data', 'origin'].map((name) => {
        const { get } = Object.getOwnPropertyDescriptor(MessageEvent.prototype, name) ?? {};
        const value = get?.call(event);
        return name === 'data' ? value : value === event.origin;
      }),
    ),
  ],
  [
    'its data stays the same object',
    true,
    async (trial) => {
      const socket = await trial.open();
      socket.send(new Uint8Array(1));
      const event = await next(socket, 'message');
      return event.data === event.data;
    },
  ],
]);

const errors = demands('WebSockets § 4, close (user agents must not convey)', [
  [
    'error does not say what went wrong',
    [false, false],
    during('error', (event) => ['error' in event, 'message' in event]),
  ],
]);

const closes = demands('WebSockets § 6 (CloseEvent)', [
  [
    'code, reason and wasClean are read only',
    [3000, 'bye', true],
    during('close', (event) => {
      for (const name of ['code', 'reason', 'wasClean']) Reflect.set(event, name, 1);
      return [event.code, event.reason, event.wasClean];
    }),
  ],
  [
    'code, reason and wasClean are of the class',
    [false, false, false],
    during('close', (event) =>
      ['code', 'reason', 'wasClean'].map((name) => Object.hasOwn(event, name)),
    ),
  ],
]);

export default [...all, ...messages, ...errors, ...closes];
