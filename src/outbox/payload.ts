import type { Payload } from '../platform/websocket.js';

/** What goes over the line, and that nobody else can change any more. */
export type Encoded = string | Uint8Array<ArrayBuffer> | Blob;

/** `data` as it is now: what its owner does with it later changes nothing on the wire. */
export function frozen(data: Payload): Encoded {
  if (typeof data === 'string' || data instanceof Blob) return data;
  const { byteLength, buffer = data, byteOffset } = data as Partial<ArrayBufferView>;
  if (byteLength === undefined) throw TypeError('neither text nor bytes');
  // A buffer has neither of the other two, and is taken from its beginning.
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength).slice();
}

const BEYOND_ASCII = /\P{ASCII}/u;

/** How many bytes `data` is on the wire, without framing. */
export function sizeOf(data: Encoded): number {
  if (typeof data !== 'string') return 'size' in data ? data.size : data.length;
  // Most text is ASCII, and a regular expression sees that several times as fast as anything else.
  return BEYOND_ASCII.test(data) ? new TextEncoder().encode(data).length : data.length;
}
