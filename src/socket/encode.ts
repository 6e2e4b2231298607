import { wrapped } from '../base/errors.js';
import type { Codec } from '../codecs/codec.js';
import { type Encoded, frozen } from '../outbox/payload.js';

/**
 * Encodes now, so that changing the message later changes nothing on the wire.
 *
 * @throws {@link SocketError} `encode`
 */
export function encode(codec: Codec<unknown, unknown>, message: unknown): Encoded {
  try {
    return frozen(codec.encode(message));
  } catch (cause) {
    throw wrapped('encode', 'the message cannot be encoded', cause);
  }
}
