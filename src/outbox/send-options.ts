import { SocketError } from '../base/errors.js';
import type { Clock } from '../platform/clock.js';
import { abortSignal, callback, number, oneOf, rule, section } from '../base/rules.js';

/** Why a message will never be sent. */
export type DropReason =
  | 'overflow'
  | 'expired'
  | 'aborted'
  | 'replaced'
  | 'closed'
  | 'refused'
  | 'undeliverable'
  /** It had not left a connection that died, and `requeue` is `false`. */
  | 'returned';

/**
 * What became of a message: handed to the browser, put in the queue, or dropped. After `'sent'`,
 * `'unknown'`: its connection ended while the browser may still have held it.
 *
 * In a session, each message has one outcome in the end: `'acknowledged'`, when the server has handled it;
 * `'never-sent'`, when it was not sent and never will be (a `drop` event says why); `'unknown'` otherwise.
 */
export type Outcome = QueueOutcome | 'acknowledged' | 'never-sent';

/** What becomes of it outside of sessions. */
export type QueueOutcome = 'sent' | 'queued' | 'unknown' | DropReason;

/** Options of one `send`. */
export interface SendOptions {
  /** A queued message with the same key is replaced where it stands: the latest wins. */
  readonly key?: string | undefined;
  /** Drops the message if it is still queued after this many milliseconds; 0 is now or never. */
  readonly ttl?: number | undefined;
  /** Drops the message if it is still queued when this is aborted. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Whether it waits again when its connection died before it had left. `false` is for what depends on the
   * connection, and is made anew on the next one: its outcome is `returned`.
   *
   * @defaultValue true
   */
  readonly requeue?: boolean | undefined;
  /**
   * Passes what waits, from within an `open` listener only: for subscriptions, which the server must know
   * before the backlog comes.
   *
   * @defaultValue false
   */
  readonly ahead?: boolean | undefined;
  /**
   * Called each time that something becomes of the message: `queued`, `sent`, `queued` again when it
   * came back from a dead connection that it never left, `unknown` when its connection ended and nobody
   * can tell whether it left, or the reason why it was dropped.
   */
  readonly onOutcome?: ((outcome: Outcome) => void) | undefined;
}

/** {@link SendOptions}, checked. */
export interface Terms extends Omit<SendOptions, 'ttl'> {
  readonly expiresAt: number;
  /** While it is queued: stops the timer, and listening to `signal`. */
  unwatch?: (() => void) | undefined;
}

const settleSend = /* @__PURE__ */ section(() => ({
  key: rule<string | undefined>((key) => typeof key === 'string'),
  ttl: number(Infinity, 0),
  signal: abortSignal,
  requeue: oneOf(true, false),
  ahead: oneOf(false, true),
  onOutcome: callback,
}));

/**
 * @param mayBeAhead - whether those are being asked who want to be
 * @throws {@link SocketError} `options`
 */
export function termsOf(options: SendOptions, now: number, mayBeAhead: boolean): Terms {
  const { ttl, ...terms } = settleSend(options);
  if (terms.ahead && !mayBeAhead) {
    throw new SocketError('options', 'options.ahead is for `open` listeners only');
  }
  return { ...terms, expiresAt: now + ttl };
}

/** Why a message with these terms must not wait, or be sent, any more. */
export function whyNot(terms: Terms | undefined, clock: Clock): DropReason | undefined {
  if (!terms) return undefined;
  if (terms.signal?.aborted) return 'aborted';
  return terms.expiresAt <= clock.now() ? 'expired' : undefined;
}
