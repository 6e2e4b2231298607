import { SocketError } from '../base/errors.js';
import type { Payload } from '../platform/websocket.js';
import type { Codec } from './codec.js';

/**
 * Messages are bytes: any buffer, view or Blob goes out, an `ArrayBuffer` comes in. There is no
 * natural ping among bytes: give `heartbeat.message` and `isReply` to have a heartbeat.
 */
export function binary(): Codec<ArrayBuffer, Exclude<Payload, string>> {
  return BINARY_CODEC;
}

const BINARY_CODEC: Codec<ArrayBuffer, Exclude<Payload, string>> = {
  encode(message: unknown) {
    if (typeof message !== 'object') {
      throw new SocketError('encode', `expected a buffer, a view or a Blob, got ${typeof message}`);
    }
    return message as Exclude<Payload, string>;
  },
  decode(data) {
    if (typeof data === 'string') throw new SocketError('decode', 'expected binary, got text');
    return data;
  },
  heartbeat: false,
};
