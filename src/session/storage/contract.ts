/**
 * Where a session is kept, so that it survives a reload: something that the tabs of an origin share. Values are plain
 * data: objects, arrays, numbers, texts, bytes and Blobs.
 */
export interface SessionStorage {
  readonly get: (key: string) => Promise<unknown>;
  /** Settles once the value would survive a crash of the page. */
  readonly set: (key: string, value: unknown) => Promise<unknown>;
  readonly remove: (key: string) => Promise<unknown>;
  readonly keys: () => Promise<readonly unknown[]>;
}
