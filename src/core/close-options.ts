import type { Settled } from './options.js';
import { sizeOf } from './payload.js';
import { isNumber, isOneOf, LONGEST_DELAY, merge } from './rules.js';

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
    code: [1000, (code) => code === 1000 || (Number.isInteger(code) && isNumber(3000, 4999)(code))],
    reason: ['', (reason) => typeof reason === 'string' && sizeOf(reason) <= 123],
    flush: [false, isOneOf(true, false)],
    timeout: [5_000, isNumber(0, LONGEST_DELAY)],
  });
}
