/**
 * `onopen`, `onmessage`, `onerror`, `onclose`: what they hold, and how they are called.
 */
import { demands, thrown } from '../assertion.mjs';
import { next } from '../trial.mjs';
import { said } from './said.mjs';

/** @import { Trial } from '../trial.mjs' */
/** @typedef {any} Anything */

const ATTRIBUTE = 'HTML § 8.1.8.1 (event handlers): IDL attributes';
const CALL = 'HTML § 8.1.8.1 (the event handler processing algorithm)';

const types = ['open', 'message', 'error', 'close'];

const values = types.flatMap((type) =>
  demands(ATTRIBUTE, [
    [
      `on${type} is null at first`,
      null,
      async (trial) => /** @type {Anything} */ (await trial.open())[`on${type}`],
    ],
    [
      `on${type} holds a function or an object, and anything else is null`,
      [true, true, true, null, null, null, null, null, null],
      async (trial) => {
        const socket = /** @type {Anything} */ (await trial.open());
        const objects = [() => {}, {}, []];
        const others = [null, undefined, 'alert()', 1, true, Symbol.iterator];
        const held = (/** @type {unknown} */ value) => (
          (socket[`on${type}`] = value),
          socket[`on${type}`]
        );
        return [...objects.map((one) => held(one) === one), ...others.map(held)];
      },
    ],
    [
      `on${type} is called for ${type}, and for nothing else`,
      [type],
      async (trial) => {
        /** @type {string[]} */
        const log = [];
        const socket = /** @type {Anything} */ (await trial.open());
        socket[`on${type}`] = (/** @type {Event} */ event) => log.push(event.type);
        for (const one of types) socket.dispatchEvent(new Event(one));
        return log;
      },
    ],
  ]),
);

const calls = demands(CALL, [
  [
    'this is the socket, and the event is the only argument',
    [true, 1, 'message'],
    async (trial) => {
      const socket = await trial.open();
      /** @type {unknown[]} */
      let seen = [];
      socket.onmessage = function (...args) {
        seen = [this === socket, args.length, args[0].type];
      };
      socket.dispatchEvent(new Event('message'));
      return seen;
    },
  ],
  [
    'onerror, too, gets the event and nothing else',
    [1, 'error'],
    async (trial) => {
      const socket = await trial.open();
      /** @type {unknown[]} */
      let seen = [];
      socket.onerror = (...args) => (seen = [args.length, args[0].type]);
      socket.dispatchEvent(new Event('error'));
      return seen;
    },
  ],
  ...[false, true, 0, undefined].map(
    (returned) =>
      /** @type {[string, unknown, (trial: Trial) => unknown]} */ ([
        `what returns ${returned} cancels ${returned === false ? 'the event' : 'nothing'}`,
        [returned === false, returned === false],
        async (trial) => {
          const socket = /** @type {Anything} */ (await trial.open());
          return ['message', 'error'].map((type) => {
            socket[`on${type}`] = () => returned;
            const event = new Event(type, { cancelable: true });
            socket.dispatchEvent(event);
            return event.defaultPrevented;
          });
        },
      ]),
  ),
  [
    'an object is not called, and its handleEvent neither',
    'listener',
    said((socket, say) => {
      socket.onmessage = { handleEvent: say('handleEvent') };
      socket.addEventListener('message', say('listener'));
    }),
  ],
  [
    'what it throws is reported, and starves nobody',
    ['nothing', 'listener'],
    async (trial) => {
      const socket = await trial.open();
      let heard = '';
      socket.onmessage = () => {
        throw new Error('of a handler; it is to be reported');
      };
      socket.addEventListener('message', () => (heard = 'listener'));
      return [thrown(() => socket.dispatchEvent(new Event('message'))), heard];
    },
  ],
  [
    'a class that extends it inherits them',
    'mine',
    async (trial) => {
      let heard = '';
      class Mine extends trial.WebSocket {
        /** @param {string} url */
        constructor(url) {
          super(url);
          this.onmessage = () => (heard = 'mine');
        }
      }
      const socket = trial.keep(new Mine(trial.url('/echo')));
      await next(socket, 'open');
      socket.dispatchEvent(new Event('message'));
      return heard;
    },
  ],
  [
    'those of two sockets are not the same',
    [true, null],
    async (trial) => {
      const [one, other] = [await trial.open(), await trial.open()];
      one.onmessage = () => {};
      return [typeof one.onmessage === 'function', other.onmessage];
    },
  ],
  [
    'each is called for its own event of the connection, once',
    ['open', 'message', 'close'],
    async (trial) => {
      /** @type {string[]} */
      const log = [];
      const socket = /** @type {Anything} */ (trial.connect());
      for (const type of types) socket[`on${type}`] = () => log.push(type);
      await next(socket, 'open');
      socket.send('a');
      await next(socket, 'message');
      socket.close();
      await next(socket, 'close');
      return log;
    },
  ],
]);

export default [...values, ...calls];
