import { localStorage } from '../../platform/page.js';
import type { SessionKeeper } from '../keeping.js';
import { keepIn } from './kept-session.js';

/** What JSON has no form for: bytes. */
interface Bytes {
  readonly $bytes: readonly number[];
}

const toJson = (_: string, value: unknown): unknown => {
  if (value instanceof Uint8Array) return { $bytes: [...value] } satisfies Bytes;
  if (typeof Blob === 'function' && value instanceof Blob) {
    throw TypeError('localStorage cannot keep a Blob');
  }
  return value;
};

const fromJson = (_: string, value: unknown): unknown => {
  const bytes = (value as Partial<Bytes> | null)?.$bytes;
  return bytes ? new Uint8Array(bytes) : value;
};

/**
 * Keeps sessions in `localStorage`: at once, but no more than some megabytes, as text, and no Blobs.
 *
 * ```ts
 * session({ storage: inLocalStorage() })
 * ```
 */
export const inLocalStorage = (): SessionKeeper =>
  keepIn({
    get: async (key) =>
      JSON.parse((await localStorage()).getItem(key) ?? 'null', fromJson) as unknown,
    set: async (key, value) => (await localStorage()).setItem(key, JSON.stringify(value, toJson)),
    remove: async (key) => (await localStorage()).removeItem(key),
    keys: async () => Object.keys(await localStorage()),
  });
