import type { Codec } from '../codecs/codec.js';
import { wrapped } from '../base/errors.js';

/** An encoded message that nobody else can change any more. */
export type Encoded = string | Uint8Array<ArrayBuffer> | Blob;

/**
 * Encodes now, so that changing the message later changes nothing on the wire.
 *
 * @throws {@link SocketError} `encode`
 */
export function encode(codec: Codec<unknown, unknown>, message: unknown): Encoded {
  try {
    const data = codec.encode(message);
    return typeof data === 'string' ? data : snapshot(data);
  } catch (cause) {
    throw wrapped('encode', 'the message cannot be encoded', cause);
  }
}

function snapshot(data: Partial<ArrayBufferView> | Blob): Encoded {
  if (data instanceof Blob) return data;
  if (data.byteLength === undefined) throw TypeError('neither text nor bytes');
  // A buffer has neither of the first two, and is taken from its beginning.
  const { buffer = data as ArrayBuffer, byteOffset, byteLength } = data;
  return new Uint8Array(buffer, byteOffset, byteLength).slice();
}

const BEYOND_ASCII = /\P{ASCII}/u;

/** How many bytes `data` is on the wire, without framing. */
export function sizeOf(data: Encoded): number {
  if (typeof data !== 'string') return 'size' in data ? data.size : data.length;
  // Most text is ASCII, and a regular expression sees that several times as fast as anything else.
  return BEYOND_ASCII.test(data) ? new TextEncoder().encode(data).length : data.length;
}
