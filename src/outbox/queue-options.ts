import { number, oneOf, section, type Settled } from '../base/rules.js';

/** What happens to a message when the queue is full. */
export type Overflow = 'drop-oldest' | 'drop-newest' | 'throw';

/** The bounds of the outbound queue. */
export interface QueueOptions {
  /** @defaultValue 1_000 */
  readonly maxMessages?: number | undefined;
  /** Of encoded messages, text counted in UTF-8. @defaultValue 1_048_576 */
  readonly maxBytes?: number | undefined;
  /** @defaultValue 'drop-oldest' */
  readonly overflow?: Overflow | undefined;
  /** Above this `bufferedAmount`, in bytes, messages wait in the queue. @defaultValue 1_048_576 */
  readonly highWaterMark?: number | undefined;
}

/** {@link QueueOptions} with nothing left open. */
export type QueueSettings = Settled<QueueOptions>;

const settle = /* @__PURE__ */ section<QueueSettings>(() => ({
  maxMessages: number(1_000),
  maxBytes: number(1_048_576),
  overflow: oneOf('drop-oldest', 'drop-newest', 'throw'),
  highWaterMark: number(1_048_576),
}));

/** Nothing waits, and nothing is held back. */
const NO_QUEUE: QueueSettings = {
  maxMessages: 0,
  maxBytes: 0,
  overflow: 'drop-newest',
  highWaterMark: Infinity,
};

/**
 * Of `false`, there is no queue.
 *
 * @throws {@link SocketError} `options`
 */
export const settleQueue = (given: unknown, path: string): QueueSettings =>
  given === false ? NO_QUEUE : settle(given, path);
