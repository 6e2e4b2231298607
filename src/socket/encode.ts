import { SocketError, wrapped } from '../base/errors.js';
import type { Codec } from '../codecs/codec.js';
import { type Encoded, frozen } from '../outbox/payload.js';
import type { Frame } from '../platform/websocket.js';

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

/** What a frame that cannot be decoded is decoded to: nothing that a codec could give. */
export const UNREADABLE = /* @__PURE__ */ Symbol('unreadable');

/** @returns the message, or {@link UNREADABLE}, and then `failed` is told */
export function decode(
  codec: Codec<unknown, unknown>,
  data: Frame,
  failed: (error: SocketError) => void,
): unknown {
  try {
    return codec.decode(data);
  } catch (error) {
    // A codec that refuses may say why as its error's cause.
    const cause = (error as Error | undefined)?.cause ?? error;
    failed(new SocketError('decode', 'cannot decode', { cause, data }));
    return UNREADABLE;
  }
}
