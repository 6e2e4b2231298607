import { callback, number, section, type Settled } from '../base/rules.js';
import type { CloseCause, ConnectionClose } from './close.js';

/** What `delay` is asked with. */
export interface DelayContext {
  /** Which retry in a row this will be; 1 is the first. */
  readonly attempt: number;
  readonly cause: CloseCause;
  readonly lastClose: ConnectionClose;
  /** What the backoff would wait, in milliseconds. */
  readonly delay: number;
}

/** When and whether to try again. */
export interface ReconnectOptions {
  /** The ceiling of the first delay when the cause is unclear, in milliseconds. @defaultValue 1_850 */
  readonly baseDelay?: number | undefined;
  /** What the ceiling is multiplied by at each retry. @defaultValue 1.6 */
  readonly factor?: number | undefined;
  /** The highest ceiling, in milliseconds. @defaultValue 15_000 */
  readonly maxDelay?: number | undefined;
  /** How long, in milliseconds, a connection must have been open to be a success. @defaultValue 5_000 */
  readonly minUptime?: number | undefined;
  /**
   * Over how long, in milliseconds, clients spread when the server says that it is leaving (1001,
   * 1012, 1013). @defaultValue 5_000
   */
  readonly spread?: number | undefined;
  /** How many retries in a row before giving up. @defaultValue Infinity */
  readonly maxAttempts?: number | undefined;
  /**
   * Whether to try again after `close`.
   *
   * @defaultValue always, but after 1002, 1003, 1007–1010 and 4400–4499 except 4408, 4425 and 4429. 1008 and
   * 4401 are retried where `url` or `protocols` is a function, 4401 also where there is a `handshake`, but not
   * a third time in a row
   */
  readonly shouldReconnect?: ((close: ConnectionClose) => boolean) | undefined;
  /** Overrides one delay, in milliseconds: a retry-after sent by the server, say. */
  readonly delay?: ((context: DelayContext) => number | undefined) | undefined;
}

/** {@link ReconnectOptions} with nothing left open but the two functions. */
export type ReconnectSettings = Settled<Omit<ReconnectOptions, 'shouldReconnect' | 'delay'>> &
  Pick<ReconnectOptions, 'shouldReconnect' | 'delay'>;

const settle = /* @__PURE__ */ section<ReconnectSettings>(() => ({
  baseDelay: number(1_850),
  factor: number(1.6),
  maxDelay: number(15_000),
  minUptime: number(5_000, 0),
  spread: number(5_000, 0),
  maxAttempts: number(Infinity, 0),
  shouldReconnect: callback,
  delay: callback,
}));

/**
 * Of `false`, it never reconnects.
 *
 * @throws {@link SocketError} `options`
 */
export const settleReconnect = (given: unknown, path: string): ReconnectSettings =>
  settle(given === false ? { maxAttempts: 0 } : given, path);
