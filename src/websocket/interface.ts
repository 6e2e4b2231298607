import { defineEventHandler } from './event-handlers.js';

/** The ready states, by the names that both the class and its instances have them under. */
const CONSTANTS = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 };

/** What the platform's class has on its prototype, beside constants and event handlers. */
const MEMBERS = [
  'url',
  'readyState',
  'bufferedAmount',
  'extensions',
  'protocol',
  'binaryType',
  'send',
  'close',
];

/**
 * Gives a class what only WebIDL gives one: constants that cannot be written, event handler attributes, members
 * that are enumerable, and the name by which objects of the interface are told.
 *
 * @see https://webidl.spec.whatwg.org/#javascript-binding
 */
export function shapeLikeThePlatforms(constructor: { readonly prototype: EventTarget }): void {
  const { prototype } = constructor;
  for (const [name, value] of Object.entries(CONSTANTS)) {
    for (const holder of [constructor, prototype]) {
      Object.defineProperty(holder, name, { value, enumerable: true });
    }
  }
  for (const name of MEMBERS) Object.defineProperty(prototype, name, { enumerable: true });
  // A private field is behind it: of anything else it throws.
  const check = (target: EventTarget): unknown => Reflect.get(prototype, 'readyState', target);
  for (const type of ['open', 'error', 'close', 'message']) {
    defineEventHandler(prototype, type, check);
  }
  Object.defineProperty(prototype, Symbol.toStringTag, { value: 'WebSocket', configurable: true });
}
