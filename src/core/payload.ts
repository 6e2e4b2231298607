import type { Codec } from '../codecs/codec.js';
import type { Payload } from '../platform/websocket.js';
import { SocketError } from './errors.js';

/** An encoded message that nobody else can change any more. */
export type Encoded = string | Uint8Array<ArrayBuffer> | Blob;

/**
 * Encodes now, so that changing the message later changes nothing on the wire.
 *
 * @throws {@link SocketError} `encode`
 */
export function encode<Out>(codec: Pick<Codec<unknown, Out>, 'encode'>, message: Out): Encoded {
  let data: Payload;
  try {
    data = codec.encode(message);
  } catch (cause) {
    if (cause instanceof SocketError) throw cause;
    throw new SocketError('encode', 'the message could not be encoded', { cause });
  }
  return typeof data === 'string' ? data : snapshot(data);
}

function snapshot(data: Exclude<Payload, string>): Encoded {
  if (ArrayBuffer.isView(data)) {
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  }
  if (typeof (data as Partial<ArrayBuffer> | null)?.byteLength === 'number') {
    return new Uint8Array(data as ArrayBuffer).slice();
  }
  // A Blob cannot change.
  if (typeof (data as Partial<Blob> | null)?.size === 'number') return data as Blob;
  throw new SocketError('encode', 'encode() must give a string, a buffer, a view or a Blob');
}

/** How many bytes `data` is on the wire, without framing. */
export function sizeOf(data: Encoded): number {
  if (typeof data === 'string') return utf8Length(data);
  return 'size' in data ? data.size : data.byteLength;
}

/** What `TextEncoder` would make of `text`, without making it. */
function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    if (unit < 0x800) {
      bytes += 1;
    } else {
      bytes += 2;
      // The two halves of a surrogate pair make four bytes together; a lone half makes three.
      if (unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00)
        index++;
    }
  }
  return bytes;
}
