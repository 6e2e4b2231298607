/**
 * All assertions, in the order of the texts.
 */
import binaryType from './sections/binary-type.mjs';
import bufferedAmount from './sections/buffered-amount.mjs';
import close from './sections/close.mjs';
import closeArguments from './sections/close-arguments.mjs';
import constructorArguments from './sections/constructor-arguments.mjs';
import constructorUrl from './sections/constructor-url.mjs';
import dispatch from './sections/dispatch.mjs';
import eventHandlerOrder from './sections/event-handler-order.mjs';
import eventHandlers from './sections/event-handlers.mjs';
import events from './sections/events.mjs';
import failures from './sections/failures.mjs';
import interfaceObject from './sections/interface.mjs';
import listeners from './sections/listeners.mjs';
import lives from './sections/lives.mjs';
import protocols from './sections/protocols.mjs';
import send from './sections/send.mjs';
import sendStates from './sections/send-states.mjs';
import tasks from './sections/tasks.mjs';

/** Each with the name of its topic before its title, so that no two are alike. */
export const assertions = Object.entries({
  constructor: [...constructorUrl, ...constructorArguments],
  protocols,
  interface: interfaceObject,
  binaryType,
  'event handlers': [...eventHandlers, ...eventHandlerOrder],
  listeners: [...listeners, ...dispatch],
  events: [...events, ...tasks],
  send: [...send, ...sendStates],
  bufferedAmount,
  close: [...closeArguments, ...close],
  lives,
  failures,
}).flatMap(([topic, demands]) =>
  demands.map((demand) => ({ ...demand, title: `${topic}: ${demand.title}` })),
);
