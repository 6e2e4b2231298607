import { sizeOf } from '../outbox/payload.js';
import { type SocketError, wrapped } from '../base/errors.js';
import { number, oneOf, refuse, rule, section } from '../base/rules.js';

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

const isCloseCode = (given: unknown): given is number =>
  Number.isInteger(given) && (given as number) >= 1000 && (given as number) <= 4999;

/** Whether an application may close with this code. */
const isOurs = (given: unknown): boolean => isCloseCode(given) && (given === 1000 || given >= 3000);

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

/** Options of `fail`. */
export interface FailOptions {
  /**
   * What the loss counts as, 1000–4999: 1001, 1012 and 1013 spread the clients of a server that is leaving, and
   * `shouldReconnect` goes by it.
   *
   * @defaultValue 1006
   */
  readonly code?: number | undefined;
}

/** @throws {@link SocketError} `options` */
export const settleFail = /* @__PURE__ */ section(() => ({
  code: rule<number | undefined>(isCloseCode),
}));

/** @throws {@link SocketError} `options` where `error` is none */
export function verdictOf(error: unknown): SocketError {
  if (!(error instanceof Error)) refuse('error', error);
  return wrapped('failed', 'the application has given the connection up', error);
}
