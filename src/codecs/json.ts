import { SocketError } from '../core/errors.js';
import type { Codec } from './codec.js';

/**
 * Messages as JSON text; the default codec.
 *
 * @throws {@link SocketError} `encode` for what JSON has no form for: a function, `undefined`, a
 * BigInt, a cycle
 */
export function json<In = unknown, Out = In>(): Codec<In, Out> {
  return JSON_CODEC as Codec<In, Out>;
}

const JSON_CODEC: Codec<unknown, unknown> = {
  encode(message) {
    const text = JSON.stringify(message) as string | undefined;
    if (text === undefined) throw new SocketError('encode', `JSON has no ${typeof message}`);
    return text;
  },
  decode(data) {
    if (typeof data === 'string') return JSON.parse(data) as unknown;
    throw new SocketError('decode', 'expected text, got binary');
  },
};
