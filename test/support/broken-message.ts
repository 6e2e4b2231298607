import type { Codec } from '../../src/codecs/codec.js';

/** Text, each with itself as its type; but the type of `broken` throws `error` when it is read. */
export function codecOfBroken(error: Error): Codec<unknown, unknown> {
  return {
    encode: (message) => message as string,
    decode: (data) => ({
      get type() {
        if (data === 'broken') throw error;
        return data;
      },
    }),
  };
}
