import type { Encoded } from '../../outbox/payload.js';

/** A message on disk. */
export interface StoredMessage {
  readonly payload: Encoded;
  readonly id?: string | undefined;
  /** Whether it was transmitted once. */
  readonly wasSent: boolean;
  /** When it is too late for it, in milliseconds of wall-clock time. */
  readonly expiresAt?: number | undefined;
  /** Whether the server has said that it failed. */
  readonly hasFailed: boolean;
}

/** A session on disk. */
export interface StoredSession {
  /** The shape of this. */
  readonly version: 1;
  /** Who has written it: a page. */
  readonly by: string;
  /** When, in milliseconds of wall-clock time. */
  readonly at: number;
  readonly sid?: string | undefined;
  readonly key?: string | undefined;
  readonly n: number;
  /** The highest number of the server's that was delivered here. */
  readonly rx: number;
  /** The highest number of our own that the server has settled. */
  readonly acked: number;
  /** What has a number, from `acked + 1` on. */
  readonly open: readonly StoredMessage[];
  /** What waits for one. */
  readonly queue: readonly StoredMessage[];
}

const isText = (value: unknown): boolean => value === undefined || typeof value === 'string';

const areMessages = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every((message: unknown) => {
    const { payload } = Object(message) as Partial<StoredMessage>;
    return typeof payload === 'string' || typeof payload === 'object';
  });

/** Whether it is what a page like this one has written: what scripts of the origin can write is no more than a claim. */
export function isStored(value: unknown): value is StoredSession {
  const { version, sid, key, n, rx, acked, open, queue } = Object(value) as Partial<StoredSession>;
  return (
    version === 1 &&
    [sid, key].every(isText) &&
    [n, rx, acked].every(Number.isSafeInteger) &&
    [open, queue].every(areMessages)
  );
}
