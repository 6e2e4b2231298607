import type { Codec } from './codec.js';

/**
 * Messages as JSON text; the default codec. What JSON has no form for (a function, `undefined`, a
 * BigInt, a cycle) cannot be encoded.
 */
export function json<In = unknown, Out = In>(): Codec<In, Out> {
  return JSON_CODEC as Codec<In, Out>;
}

const JSON_CODEC: Codec<unknown, unknown> = {
  encode(message) {
    const text = JSON.stringify(message) as string | undefined;
    if (text === undefined) throw TypeError(`JSON has no ${typeof message}`);
    return text;
  },
  decode(data) {
    if (typeof data !== 'string') throw TypeError('binary, not text');
    return JSON.parse(data) as unknown;
  },
};
