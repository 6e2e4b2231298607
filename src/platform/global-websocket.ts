interface Replacement {
  readonly WebSocket: object;
  /** What it is to put back. */
  before: PropertyDescriptor | undefined;
}

/** In the order in which they came. */
const replacements: Replacement[] = [];

/**
 * Puts a class in the place of the global `WebSocket`.
 *
 * @returns what puts back exactly what was there, be it nothing; a second call does nothing. Where there is another by
 * now, that stays, and puts back what this one would have.
 */
export function replaceWebSocket(WebSocket: object): () => void {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket');
  const replacement: Replacement = { WebSocket, before };
  replacements.push(replacement);
  Object.defineProperty(globalThis, 'WebSocket', {
    value: WebSocket,
    configurable: true,
    writable: true,
    enumerable: before?.enumerable ?? false,
  });
  return () => {
    const at = replacements.indexOf(replacement);
    if (at < 0) return;
    replacements.splice(at, 1);
    const next = replacements[at];
    if (next) {
      next.before = replacement.before;
      return;
    }
    const now = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket');
    // Somebody else has put another there.
    if (now?.value !== WebSocket) return;
    if (replacement.before) Object.defineProperty(globalThis, 'WebSocket', replacement.before);
    else Reflect.deleteProperty(globalThis, 'WebSocket');
  };
}
