/**
 * A socket is an EventTarget: how listeners are called, and what `dispatchEvent` does.
 */
import { demands, thrown } from '../assertion.mjs';
import { said } from './said.mjs';

/** @typedef {any} Anything */

const DISPATCH = 'DOM § 2.9 (dispatching events)';
const INVOKE = 'DOM § 2.9 (dispatching events): inner invoke';

const invoking = demands(INVOKE, [
  [
    'this is the socket in a function',
    [true, 1],
    async (trial) => {
      const socket = await trial.open();
      /** @type {unknown[]} */
      let seen = [];
      socket.addEventListener('message', function (...args) {
        seen = [this === socket, args.length];
      });
      socket.dispatchEvent(new Event('message'));
      return seen;
    },
  ],
  [
    'handleEvent is called, with its object as this',
    [true, 1],
    async (trial) => {
      const socket = await trial.open();
      /** @type {unknown[]} */
      let seen = [];
      const listener = {
        /** @param {unknown[]} args */
        handleEvent(...args) {
          seen = [this === listener, args.length];
        },
      };
      socket.addEventListener('message', listener);
      socket.dispatchEvent(new Event('message'));
      return seen;
    },
  ],
  [
    'handleEvent is looked up at each event',
    'first second',
    said((socket, say) => {
      const listener = {
        handleEvent() {
          say('first')();
          listener.handleEvent = say('second');
        },
      };
      socket.addEventListener('message', listener);
    }, 2),
  ],
  [
    'a function is called itself, whatever its handleEvent',
    'function',
    said((socket, say) => {
      const listener = Object.assign(say('function'), { handleEvent: say('handleEvent') });
      socket.addEventListener('message', listener);
    }),
  ],
  [
    'stopImmediatePropagation stops those behind',
    'a',
    said((socket, say) => {
      socket.addEventListener('message', (/** @type {Event} */ event) => {
        say('a')();
        event.stopImmediatePropagation();
      });
      socket.addEventListener('message', say('b'));
    }),
  ],
  [
    'stopPropagation does not',
    'a b',
    said((socket, say) => {
      socket.addEventListener('message', (/** @type {Event} */ event) => {
        say('a')();
        event.stopPropagation();
      });
      socket.addEventListener('message', say('b'));
    }),
  ],
  [
    'what one throws is reported, and starves nobody',
    ['nothing', 'b'],
    async (trial) => {
      const socket = await trial.open();
      let heard = '';
      socket.addEventListener('message', () => {
        throw new Error('of a listener; it is to be reported');
      });
      socket.addEventListener('message', () => (heard = 'b'));
      return [thrown(() => socket.dispatchEvent(new Event('message'))), heard];
    },
  ],
]);

const dispatching = demands(DISPATCH, [
  [
    'it says whether the event was not canceled',
    [true, false, true],
    async (trial) => {
      const socket = await trial.open();
      socket.addEventListener('message', (event) => event.preventDefault());
      return [
        socket.dispatchEvent(new Event('message')),
        socket.dispatchEvent(new Event('message', { cancelable: true })),
        socket.dispatchEvent(new Event('anything', { cancelable: true })),
      ];
    },
  ],
  [
    'an event that is being dispatched is not again',
    'DOMException InvalidStateError',
    async (trial) => {
      const socket = await trial.open();
      let error = '';
      socket.addEventListener('anything', (event) => {
        error = thrown(() => socket.dispatchEvent(event));
      });
      socket.dispatchEvent(new Event('anything'));
      return error;
    },
  ],
  [
    'what is no event is a mistake',
    ['TypeError', 'TypeError'],
    async (trial) => {
      const socket = /** @type {Anything} */ (await trial.open());
      return [{ type: 'message' }, null].map((event) => thrown(() => socket.dispatchEvent(event)));
    },
  ],
  [
    'an event of somebody else is heard as it is',
    [true, 'mine', 7],
    async (trial) => {
      const socket = await trial.open();
      const mine = new MessageEvent('message', { data: 7, origin: 'mine' });
      /** @type {unknown[]} */
      let seen = [];
      socket.addEventListener('message', (event) => {
        seen = [event === mine, event.origin, event.data];
      });
      socket.dispatchEvent(mine);
      return seen;
    },
  ],
  [
    'an event of somebody else changes nothing',
    [1, 0, ''],
    async (trial) => {
      const socket = await trial.open();
      for (const type of ['open', 'error', 'close']) socket.dispatchEvent(new Event(type));
      return [socket.readyState, socket.bufferedAmount, socket.protocol];
    },
  ],
  [
    'the methods of EventTarget work on it',
    'called',
    async (trial) => {
      const socket = await trial.open();
      let heard = '';
      const { addEventListener, dispatchEvent } = EventTarget.prototype;
      addEventListener.call(socket, 'message', () => (heard = 'called'));
      dispatchEvent.call(socket, new Event('message'));
      return heard;
    },
  ],
]);

export default [...invoking, ...dispatching];
