import { SocketError } from '../base/errors.js';
import type { Codec } from '../codecs/codec.js';
import { type Encoded, frozen } from '../outbox/payload.js';
import type { Frame } from '../platform/websocket.js';
import type { OutboundFrame } from './duplex.js';

/**
 * A message as it goes over the line.
 *
 * @throws what the codec throws; {@link SocketError} `encode` for a Blob, whose bytes are not here yet
 */
export function encoded(codec: Codec<unknown, unknown>, message: unknown): Encoded {
  const payload = frozen(codec.encode(message));
  if (typeof payload !== 'string' && [payload].flat().some((frame) => frame instanceof Blob)) {
    throw new SocketError('encode', 'a Blob cannot be sent from here: take its bytes');
  }
  return payload;
}

/** The same, frame by frame. */
export const framesOf = (codec: Codec<unknown, unknown>, message: unknown): OutboundFrame[] =>
  [encoded(codec, message)].flat() as OutboundFrame[];

/** A message as it was meant: of several frames, an array. @throws what the codec throws */
export const decoded = (
  codec: Codec<unknown, unknown>,
  payload: Frame | readonly Frame[],
): unknown =>
  Array.isArray(payload)
    ? payload.map((frame: Frame) => codec.decode(frame))
    : codec.decode(payload as Frame);
