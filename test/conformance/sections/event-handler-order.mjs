/**
 * Event handlers among the listeners: the place that they take, keep and lose.
 */
import { demands } from '../assertion.mjs';
import { said } from './said.mjs';

const ORDER = 'HTML § 8.1.8.1 (event handlers): activate, deactivate';

const orders = demands(ORDER, [
  [
    'set before a listener is added, it is called first',
    'handler listener',
    said((socket, say) => {
      socket.onmessage = say('handler');
      socket.addEventListener('message', say('listener'));
    }),
  ],
  [
    'set after a listener was added, it is called last',
    'listener handler',
    said((socket, say) => {
      socket.addEventListener('message', say('listener'));
      socket.onmessage = say('handler');
    }),
  ],
  [
    'set between two listeners, it is called between them',
    'a handler b',
    said((socket, say) => {
      socket.addEventListener('message', say('a'));
      socket.onmessage = say('handler');
      socket.addEventListener('message', say('b'));
    }),
  ],
  [
    'replaced, it keeps its place',
    'second listener',
    said((socket, say) => {
      socket.onmessage = say('first');
      socket.addEventListener('message', say('listener'));
      socket.onmessage = say('second');
    }),
  ],
  [
    'replaced by an object and by a function again, it keeps its place',
    'second listener',
    said((socket, say) => {
      socket.onmessage = say('first');
      socket.addEventListener('message', say('listener'));
      socket.onmessage = {};
      socket.onmessage = say('second');
    }),
  ],
  [
    'removed, it is not called',
    'listener',
    said((socket, say) => {
      socket.onmessage = say('handler');
      socket.addEventListener('message', say('listener'));
      socket.onmessage = null;
    }),
  ],
  [
    'removed and set again, it is called last',
    'listener second',
    said((socket, say) => {
      socket.onmessage = say('first');
      socket.addEventListener('message', say('listener'));
      socket.onmessage = null;
      socket.onmessage = say('second');
    }),
  ],
  [
    'set to what is no object is as removed',
    'listener second',
    said((socket, say) => {
      socket.onmessage = say('first');
      socket.addEventListener('message', say('listener'));
      socket.onmessage = 1;
      socket.onmessage = say('second');
    }),
  ],
  [
    'first set to an object, it takes its place then',
    'handler listener',
    said((socket, say) => {
      socket.onmessage = {};
      socket.addEventListener('message', say('listener'));
      socket.onmessage = say('handler');
    }),
  ],
  [
    'first set to null, it takes no place',
    'listener handler',
    said((socket, say) => {
      socket.onmessage = null;
      socket.addEventListener('message', say('listener'));
      socket.onmessage = say('handler');
    }),
  ],
  [
    'the same function is a listener, too: it is called twice',
    'same same',
    said((socket, say) => {
      const same = say('same');
      socket.onmessage = same;
      socket.addEventListener('message', same);
    }),
  ],
  [
    'removeEventListener does not know it',
    'handler',
    said((socket, say) => {
      const handler = say('handler');
      socket.onmessage = handler;
      socket.removeEventListener('message', handler);
    }),
  ],
  [
    'a listener that captures comes before it',
    'capturing handler',
    said((socket, say) => {
      socket.onmessage = say('handler');
      socket.addEventListener('message', say('capturing'), true);
    }),
  ],
  [
    'set by a listener of the same event, it waits for the next',
    'listener listener handler',
    said((socket, say) => {
      socket.addEventListener('message', () => {
        say('listener')();
        socket.onmessage ??= say('handler');
      });
    }, 2),
  ],
  [
    'replaced by a listener of the same event, the new one is called',
    'listener second',
    said((socket, say) => {
      socket.addEventListener('message', () => {
        say('listener')();
        socket.onmessage = say('second');
      });
      socket.onmessage = say('first');
    }),
  ],
  [
    'removed by a listener of the same event, it is not called',
    'listener',
    said((socket, say) => {
      socket.addEventListener('message', () => {
        say('listener')();
        socket.onmessage = null;
      });
      socket.onmessage = say('handler');
    }),
  ],
  [
    'it can remove itself, and stays away',
    'handler',
    said((socket, say) => {
      socket.onmessage = () => {
        say('handler')();
        socket.onmessage = null;
      };
    }, 2),
  ],
  [
    'stopImmediatePropagation in it stops those behind it',
    'listener',
    said((socket, say) => {
      socket.addEventListener('message', say('listener'));
      socket.onmessage = (/** @type {Event} */ event) => event.stopImmediatePropagation();
      socket.addEventListener('message', say('behind'));
    }),
  ],
]);

export default orders;
