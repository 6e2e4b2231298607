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

/** Whether it is what a page like this one has written. */
export const isStored = (value: unknown): value is StoredSession =>
  (value as Partial<StoredSession> | null | undefined)?.version === 1;
