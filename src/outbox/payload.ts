import type { Payload } from '../platform/websocket.js';

/** What goes over the line, and that nobody else can change any more. */
export type Encoded = string | Uint8Array<ArrayBuffer> | Blob;

/**
 * `data` as it is now: what its owner does with it later changes nothing on the wire.
 *
 * @throws TypeError if it is no text and no bytes, or has lost its bytes
 */
export function frozen(data: Payload): Encoded {
  if (typeof data === 'string' || isBlob(data)) return data;
  if (!ArrayBuffer.isView(data)) return copyOf(data);
  const { buffer, byteOffset, byteLength } = data;
  // A view whose buffer was transferred or has shrunk says that it is empty; its methods throw. One
  // without a length is a DataView, which has thrown already.
  if (byteLength === 0 && 'length' in data) Uint8Array.prototype.keys.call(data as Uint8Array);
  return new Uint8Array(buffer, byteOffset, byteLength).slice();
}

/** Not every engine has them. */
function isBlob(data: unknown): data is Blob {
  return typeof Blob === 'function' && data instanceof Blob;
}

/** Also of a buffer from another realm, which is no instance of our class. */
function copyOf(buffer: ArrayBufferLike): Uint8Array<ArrayBuffer> {
  // A SharedArrayBuffer's name ends like that, too.
  if (!Object.prototype.toString.call(buffer).endsWith('ArrayBuffer]')) {
    throw TypeError('neither text nor bytes');
  }
  return new Uint8Array(buffer).slice();
}

// No `\P{ASCII}`: not every engine can read that.
const BEYOND_ASCII = /[\u0080-\uffff]/;

/** How many bytes `data` is on the wire, without framing. */
export function sizeOf(data: Encoded): number {
  if (typeof data !== 'string') return 'size' in data ? data.size : data.length;
  // Most text is ASCII, and a regular expression sees that several times as fast as anything else.
  return BEYOND_ASCII.test(data) ? utf8Length(data) : data.length;
}

/** Counted here: not every environment has a TextEncoder. */
function utf8Length(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const point = text.codePointAt(at) as number;
    if (point > 0x7f) bytes += point > 0x7ff ? 2 : 1;
    // Four bytes, for the two units of a pair.
    if (point > 0xffff) at++;
  }
  return bytes;
}
