import { SocketError } from '../base/errors.js';
import type { Codec } from './codec.js';

/** Messages are strings, sent as they are. The heartbeat is `ping`, answered by `pong`. */
export function text(): Codec<string, string> {
  return TEXT_CODEC;
}

const TEXT_CODEC: Codec<string, string> = {
  encode(message: unknown) {
    if (typeof message !== 'string') {
      throw new SocketError('encode', `expected a string, got ${typeof message}`);
    }
    return message;
  },
  decode(data) {
    if (typeof data !== 'string') throw new SocketError('decode', 'expected text, got binary');
    return data;
  },
  heartbeat: {
    message: () => 'ping',
    isReply: (message) => message === 'pong',
  },
};
