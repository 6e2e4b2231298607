import type { Codec } from '../codecs/codec.js';
import { wrapped } from './errors.js';

/** An encoded message that nobody else can change any more. */
export type Encoded = string | Uint8Array<ArrayBuffer> | Blob;

/**
 * Encodes now, so that changing the message later changes nothing on the wire.
 *
 * @throws {@link SocketError} `encode`
 */
export function encode<Out>(codec: Pick<Codec<unknown, Out>, 'encode'>, message: Out): Encoded {
  try {
    const data = codec.encode(message);
    return typeof data === 'string' ? data : snapshot(data);
  } catch (cause) {
    throw wrapped('encode', 'the message cannot be encoded', cause);
  }
}

function snapshot(data: Partial<ArrayBufferView> | Blob): Encoded {
  if (data instanceof Blob) return data;
  if (data.byteLength === undefined) throw new TypeError('neither text nor bytes');
  // A buffer has neither of the first two, and is taken from its beginning.
  const { buffer = data as ArrayBuffer, byteOffset, byteLength } = data;
  return new Uint8Array(buffer, byteOffset, byteLength).slice();
}

const BEYOND_ASCII = /\P{ASCII}/u;

/** How many bytes `data` is on the wire, without framing. */
export function sizeOf(data: Encoded): number {
  if (typeof data !== 'string') return 'size' in data ? data.size : data.length;
  // In UTF-8, without the cost of making it. Most text is ASCII, and a regular expression sees that
  // several times as fast as a loop.
  let bytes = data.length;
  if (!BEYOND_ASCII.test(data)) return bytes;
  for (let index = 0; index < data.length; index++) {
    const unit = data.charCodeAt(index);
    if (unit > 0x7f) bytes += unit > 0x7ff ? 2 : 1;
    // The two halves of a surrogate pair make four bytes together, a lone half makes three.
    if (unit >> 10 === 0x36 && data.charCodeAt(index + 1) >> 10 === 0x37) bytes -= 2;
  }
  return bytes;
}
