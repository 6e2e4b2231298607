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

/**
 * {@link CloseOptions}, checked.
 *
 * @throws {@link SocketError} `options`
 * @see https://websockets.spec.whatwg.org/#dom-websocket-close
 */
export const settleClose = /* @__PURE__ */ section(() => ({
  code: rule<number>(
    (code) =>
      code === 1000 || (Number.isInteger(code) && Math.abs((code as number) - 3999.5) < 1000),
    1000,
  ),
  reason: rule<string>((reason) => typeof reason === 'string' && sizeOf(reason) <= 123, ''),
  flush: oneOf(false, true),
  timeout: number(5_000, 0),
}));
