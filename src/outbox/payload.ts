import { SocketError } from '../base/errors.js';
import type { Frame, Payload } from '../platform/websocket.js';

/** What goes over the line as one frame, and that nobody else can change any more. */
type EncodedFrame = string | Uint8Array<ArrayBuffer> | Blob;

/** A message as it goes over the line: one frame, or several that belong together. */
export type Encoded = EncodedFrame | readonly EncodedFrame[];

/**
 * `data` as it is now: what its owner does with it later changes nothing on the wire.
 *
 * @throws TypeError if it is no text and no bytes, or has lost its bytes
 */
export function frozen(data: Payload | readonly Payload[]): Encoded {
  if (typeof data === 'string') return data;
  if (!Array.isArray(data)) return frozenFrame(data as Payload);
  if (data.length === 0) throw TypeError('no frame');
  if (data.length === 1) return frozenFrame(data[0] as Payload);
  // Not `map`, which would pass over holes.
  return Array.from(data, frozenFrame);
}

function frozenFrame(data: Payload): EncodedFrame {
  // Not every engine has Blobs.
  if (typeof data === 'string' || (typeof Blob === 'function' && data instanceof Blob)) return data;
  // By its name, as that of another realm is no instance of ours; a SharedArrayBuffer's ends like that, too.
  const name = Object.prototype.toString.call(data);
  if (!ArrayBuffer.isView(data) && !name.endsWith('ArrayBuffer]')) {
    throw TypeError('neither text nor bytes');
  }
  const { buffer = data, byteOffset, byteLength } = data as Partial<Uint8Array>;
  // A view whose buffer was transferred or has shrunk says that it is empty, but its methods throw.
  (data as Partial<Uint8Array>).keys?.();
  // A buffer has neither of the other two, and is taken from its beginning.
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength).slice();
}

// No `\P{ASCII}`: not every engine can read that.
const BEYOND_ASCII = /[\u0080-\uffff]/;

/** How many bytes `data` is on the wire, without framing. */
export function sizeOf(data: Encoded | Frame): number {
  if (typeof data !== 'string') {
    if ('size' in data) return data.size;
    if ('byteLength' in data) return data.byteLength;
    return data.reduce((sum, frame) => sum + sizeOf(frame), 0);
  }
  let bytes = data.length;
  // Most text is ASCII, and a regular expression sees that several times as fast as anything else.
  if (!BEYOND_ASCII.test(data)) return bytes;
  // Counted here, since not every environment has a TextEncoder.
  for (let at = 0; at < data.length; at++) {
    const point = data.codePointAt(at) as number;
    if (point > 0x7f) bytes += point > 0x7ff ? 2 : 1;
    // A pair of units is four bytes.
    if (point > 0xffff) at++;
  }
  return bytes;
}

/**
 * Servers count each frame by itself, be it a part of a larger message of ours.
 *
 * @throws {@link SocketError} `encode`, where one is larger than `maxBytes`
 */
export function checkSize(data: Encoded, maxBytes: number): void {
  const bytes = [data].flat().reduce((most, frame) => Math.max(most, sizeOf(frame)), 0);
  if (bytes > maxBytes) throw tooLarge(bytes, maxBytes);
}

export function tooLarge(bytes: number, maxBytes: number): SocketError {
  const sizes = `${bytes} bytes, where the server takes ${maxBytes}`;
  return new SocketError('encode', `the message is too large: ${sizes}`);
}
