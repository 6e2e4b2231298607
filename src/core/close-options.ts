import type { Settled } from './options.js';
import { sizeOf } from './payload.js';
import { duration, merge, oneOf } from './rules.js';

/** Options of `close`. */
export interface CloseOptions {
  /** 1000, or 3000–4999. @defaultValue 1000 */
  readonly code?: number | undefined;
  /** At most 123 bytes of UTF-8. @defaultValue '' */
  readonly reason?: string | undefined;
  /**
   * Whether to send first what is queued, reconnecting if need be. Meanwhile `send` drops.
   *
   * @defaultValue false
   */
  readonly flush?: boolean | undefined;
  /** How long flushing and the close handshake may take, each, in milliseconds. @defaultValue 5_000 */
  readonly timeout?: number | undefined;
}

/**
 * {@link CloseOptions}, checked.
 *
 * @throws {@link SocketError} `options`
 * @see https://websockets.spec.whatwg.org/#dom-websocket-close
 */
export function settleClose(options: CloseOptions): Settled<CloseOptions> {
  return merge<Settled<CloseOptions>>('', options, {
    code: [1000, isCloseCode, '1000 or from 3000 to 4999'],
    reason: ['', isReason, 'a string of at most 123 bytes'],
    flush: oneOf(false, true),
    timeout: duration(5_000, 0),
  });
}

function isCloseCode(value: unknown): boolean {
  return (
    value === 1000 || (Number.isInteger(value) && Number(value) >= 3000 && Number(value) <= 4999)
  );
}

function isReason(value: unknown): boolean {
  return typeof value === 'string' && sizeOf(value) <= 123;
}
