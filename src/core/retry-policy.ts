import type { Platform } from '../platform/platform.js';
import { retryDelay } from './backoff.js';
import {
  CloseCode,
  type ConnectionClose,
  isServerLeaving,
  isWorthRetrying,
} from './close-codes.js';
import { SocketError } from './errors.js';
import { type ErrorSink, guarded } from './guarded.js';
import type { ReconnectSettings } from './options.js';
import { LONGEST_DELAY } from './rules.js';

/** How long after a wake-up a loss is still put down to it, in milliseconds. */
const WAKE_GRACE = 5_000;

/** Decides whether and when to try again. */
export class RetryPolicy {
  /** How many retries in a row there have been. */
  retries = 0;
  #wokeAt = -Infinity;
  readonly #settings: ReconnectSettings;
  /** Whether the next attempt may bring another token than this one. */
  readonly #hasProvider: boolean;
  readonly #platform: Platform;
  readonly #errors: ErrorSink;

  constructor(
    settings: ReconnectSettings,
    hasProvider: boolean,
    platform: Platform,
    errors: ErrorSink,
  ) {
    this.#settings = settings;
    this.#hasProvider = hasProvider;
    this.#platform = platform;
    this.#errors = errors;
  }

  /** A connection that stayed open for `uptime` milliseconds may have been a success. */
  survived(uptime: number): void {
    if (uptime >= this.#settings.minUptime) this.retries = 0;
  }

  /** The page or the machine was away: a loss that comes now is no fault of the server's. */
  woke(): void {
    this.#wokeAt = this.#platform.clock.now();
  }

  shouldRetry(close: ConnectionClose): boolean {
    const { maxAttempts, shouldReconnect } = this.#settings;
    if (this.retries >= maxAttempts) return false;
    const byDefault = isWorthRetrying(close.code, this.#hasProvider);
    if (!shouldReconnect) return byDefault;
    return guarded(this.#errors, 'shouldReconnect', () => shouldReconnect(close), byDefault);
  }

  /** Counts one more retry; how long to wait for it, in milliseconds. */
  nextDelay(lastClose: ConnectionClose): number {
    const attempt = ++this.retries;
    const { lifecycle, random } = this.#platform;
    const setback = { attempt, origin: this.#originOf(lastClose), offline: !lifecycle.isOnline() };
    const delay = retryDelay(setback, this.#settings, random);
    const override = this.#settings.delay;
    if (!override) return delay;
    const ask = (): number => {
      const given = override({ attempt, cause: lastClose.cause, lastClose, delay }) ?? delay;
      if (given >= 0) return Math.min(given, LONGEST_DELAY);
      throw new SocketError('options', `it must give a number from 0, got ${given}`);
    };
    return guarded(this.#errors, 'delay', ask, delay);
  }

  #originOf({ code }: ConnectionClose): 'ours' | 'server' | 'unclear' {
    const hasJustWoken = this.#platform.clock.now() - this.#wokeAt < WAKE_GRACE;
    // Once for each wake-up, or a server that accepts and kills would be hammered.
    this.#wokeAt = -Infinity;
    if (isServerLeaving(code)) return 'server';
    return hasJustWoken && code === CloseCode.AbnormalClosure ? 'ours' : 'unclear';
  }
}
