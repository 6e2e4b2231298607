/**
 * Puts a class in the place of the global `WebSocket`.
 *
 * @returns what puts back exactly what was there, be it nothing; a second call does nothing
 */
export function replaceWebSocket(WebSocket: object): () => void {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket');
  Object.defineProperty(globalThis, 'WebSocket', {
    value: WebSocket,
    configurable: true,
    writable: true,
    enumerable: before?.enumerable ?? false,
  });
  let isReplaced = true;
  return () => {
    if (!isReplaced) return;
    isReplaced = false;
    if (before) Object.defineProperty(globalThis, 'WebSocket', before);
    else Reflect.deleteProperty(globalThis, 'WebSocket');
  };
}
