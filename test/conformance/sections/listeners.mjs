/**
 * A socket is an EventTarget: who listens, in which order, how often.
 */
import { demands, thrown } from '../assertion.mjs';
import { said } from './said.mjs';

/** @typedef {any} Anything */

const ADD = 'DOM § 2.7 (interface EventTarget): addEventListener';
const REMOVE = 'DOM § 2.7 (interface EventTarget): removeEventListener';

const adding = demands(ADD, [
  [
    'listeners are called in their order',
    'a b c',
    said((socket, say) => {
      for (const name of ['a', 'b', 'c']) socket.addEventListener('message', say(name));
    }),
  ],
  [
    'the same one twice is called once',
    'same',
    said((socket, say) => {
      const same = say('same');
      socket.addEventListener('message', same);
      socket.addEventListener('message', same, { once: true });
    }),
  ],
  [
    'the same one capturing and not is called twice, capturing first',
    'same other same',
    said((socket, say) => {
      const same = say('same');
      socket.addEventListener('message', same);
      socket.addEventListener('message', same, true);
      socket.addEventListener('message', say('other'), { capture: true });
    }),
  ],
  [
    'null is no listener, and no mistake',
    '',
    said((socket) => socket.addEventListener('message', null)),
  ],
  [
    'what is neither an object nor null is a mistake',
    ['TypeError', 'TypeError', 'TypeError'],
    async (trial) => {
      const socket = /** @type {Anything} */ (await trial.open());
      return ['a', 1, true].map((listener) =>
        thrown(() => socket.addEventListener('message', listener)),
      );
    },
  ],
  [
    'once is once',
    'once always always',
    said((socket, say) => {
      socket.addEventListener('message', say('once'), { once: true });
      socket.addEventListener('message', say('always'));
    }, 2),
  ],
  [
    'an aborted signal removes',
    'a b b',
    said((socket, say) => {
      const controller = new AbortController();
      socket.addEventListener('message', say('a'), { signal: controller.signal });
      socket.addEventListener('message', () => {
        say('b')();
        controller.abort();
      });
    }, 2),
  ],
  [
    'a signal that is aborted already keeps out',
    'b',
    said((socket, say) => {
      socket.addEventListener('message', say('a'), { signal: AbortSignal.abort() });
      socket.addEventListener('message', say('b'));
    }),
  ],
  [
    'a signal that is none is a mistake',
    'TypeError',
    async (trial) => {
      const socket = /** @type {Anything} */ (await trial.open());
      return thrown(() => socket.addEventListener('message', () => {}, { signal: null }));
    },
  ],
  [
    'a passive one cannot cancel',
    [false, true],
    async (trial) => {
      const socket = await trial.open();
      return [true, false].map((passive) => {
        const type = `passive ${passive}`;
        socket.addEventListener(type, (event) => event.preventDefault(), { passive });
        const event = new Event(type, { cancelable: true });
        socket.dispatchEvent(event);
        return event.defaultPrevented;
      });
    },
  ],
  [
    'added by a listener of the same event, one waits for the next',
    'a a late',
    said((socket, say) => {
      const late = say('late');
      socket.addEventListener('message', () => {
        say('a')();
        socket.addEventListener('message', late);
      });
    }, 2),
  ],
]);

const removing = demands(REMOVE, [
  [
    'removed, it is not called',
    'b',
    said((socket, say) => {
      const a = say('a');
      socket.addEventListener('message', a);
      socket.addEventListener('message', say('b'));
      socket.removeEventListener('message', a);
    }),
  ],
  [
    'capturing and not are two',
    'a',
    said((socket, say) => {
      const a = say('a');
      socket.addEventListener('message', a);
      socket.removeEventListener('message', a, true);
    }),
  ],
  [
    'removed by a listener of the same event, it is not called',
    'a',
    said((socket, say) => {
      const b = say('b');
      socket.addEventListener('message', () => {
        say('a')();
        socket.removeEventListener('message', b);
      });
      socket.addEventListener('message', b);
    }),
  ],
  [
    'one that is not there is no mistake',
    'a',
    said((socket, say) => {
      socket.removeEventListener('message', () => {});
      socket.removeEventListener('message', null);
      socket.addEventListener('message', say('a'));
    }),
  ],
]);

export default [...adding, ...removing];
