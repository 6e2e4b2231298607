import type { Platform } from '../platform/platform.js';
import { retryDelay } from './backoff.js';
import { ABNORMAL, type ConnectionClose, isServerLeaving, isWorthRetrying } from './close-codes.js';
import type { Emitter } from './emitter.js';
import { SocketError } from './errors.js';
import type { ReconnectSettings } from './options.js';
import { isNumber, LONGEST_DELAY } from './rules.js';

/** How long after a wake-up a loss is still put down to it, in milliseconds. */
const WAKE_GRACE = 5_000;

/** Decides whether and when to try again. */
export class RetryPolicy {
  /** How many retries in a row there have been. */
  retries = 0;
  /** When the page, the network or the machine was last back. */
  wokeAt = -Infinity;
  readonly #settings: ReconnectSettings;
  /** Whether the next attempt may bring another token than this one. */
  readonly #hasProvider: boolean;
  readonly #platform: Platform;
  readonly #emitter: Pick<Emitter<{ error: SocketError }>, 'emit'>;

  constructor(
    settings: ReconnectSettings,
    hasProvider: boolean,
    platform: Platform,
    emitter: Pick<Emitter<{ error: SocketError }>, 'emit'>,
  ) {
    this.#settings = settings;
    this.#hasProvider = hasProvider;
    this.#platform = platform;
    this.#emitter = emitter;
  }

  /**
   * After a connection that was open for `uptime` milliseconds, or never: how long to wait, in
   * milliseconds, or `undefined` for no more retries.
   */
  next(lastClose: ConnectionClose, uptime: number): number | undefined {
    const { minUptime, maxAttempts, shouldReconnect, delay } = this.#settings;
    const { clock, lifecycle, random } = this.#platform;
    const { code, cause } = lastClose;
    if (uptime >= minUptime) this.retries = 0;
    if (this.retries >= maxAttempts) return undefined;
    const isWorthIt = isWorthRetrying(code, this.#hasProvider);
    if (!this.#ask('shouldReconnect', () => shouldReconnect?.(lastClose), isWorthIt)) {
      return undefined;
    }

    const hasJustWoken = clock.now() - this.wokeAt < WAKE_GRACE && code === ABNORMAL;
    // Once for each wake-up, or a server that accepts and kills would be hammered.
    this.wokeAt = -Infinity;
    const attempt = ++this.retries;
    const origin = isServerLeaving(code) ? 'server' : hasJustWoken ? 'ours' : 'unclear';
    const offline = !lifecycle.isOnline();
    const backoff = retryDelay({ attempt, origin, offline }, this.#settings, random);
    const context = { attempt, cause, lastClose, delay: backoff };
    const override = (): number | undefined => {
      const given = delay?.(context);
      if (given === undefined || isNumber(0)(given)) return given;
      throw new RangeError(`not a delay: ${String(given)}`);
    };
    return Math.min(this.#ask('delay', override, backoff), LONGEST_DELAY);
  }

  /** Asks one of the application's functions; what it throws is an event. */
  #ask<T>(name: string, question: () => T | undefined, fallback: T): T {
    try {
      return question() ?? fallback;
    } catch (cause) {
      this.#emitter.emit(
        'error',
        new SocketError('callback', `reconnect.${name} failed`, { cause }),
      );
      return fallback;
    }
  }
}
