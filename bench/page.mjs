/**
 * A page within Node, as far as libraries that are made for pages ask for one: a window that events can
 * be listened to on, a document, a navigator that is online.
 */
import { parseHTML } from 'linkedom';

const { document } = parseHTML('<!doctype html><html><body></body></html>');

/** Keeps listeners as cheaply as a browser does, which has them outside of the heap. Nothing fires. */
function target() {
  /** @type {Map<string, Set<unknown>>} */
  const listeners = new Map();
  return {
    /** @type {(type: string, listener: unknown) => void} */
    addEventListener(type, listener) {
      if (!listeners.has(type)) listeners.set(type, new Set());
      listeners.get(type)?.add(listener);
    },
    /** @type {(type: string, listener: unknown) => void} */
    removeEventListener: (type, listener) => void listeners.get(type)?.delete(listener),
    dispatchEvent: () => true,
  };
}

Object.assign(document, target());

const page = {
  window: globalThis,
  self: globalThis,
  document,
  navigator: { onLine: true, userAgent: 'Node.js', platform: 'Linux' },
  location: new URL('http://localhost/'),
  HTMLIFrameElement: Function,
  ...target(),
};

for (const [name, value] of Object.entries(page)) {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
