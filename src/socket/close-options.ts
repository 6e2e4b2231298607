import { sizeOf } from '../outbox/payload.js';
import { number, oneOf, rule, section } from '../base/rules.js';

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

/** Whether an application may close with this code. */
function isOurs(given: unknown): boolean {
  const code = Number.isInteger(given) ? (given as number) : 0;
  return code === 1000 || (code >= 3000 && code <= 4999);
}

/**
 * {@link CloseOptions}, checked.
 *
 * @throws {@link SocketError} `options`
 * @see https://websockets.spec.whatwg.org/#dom-websocket-close
 */
export const settleClose = /* @__PURE__ */ section(() => ({
  code: rule<number>(isOurs, 1000),
  reason: rule<string>((reason) => typeof reason === 'string' && sizeOf(reason) <= 123, ''),
  flush: oneOf(false, true),
  timeout: number(5_000, 0),
}));
