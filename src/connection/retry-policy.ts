import { ask } from '../base/ask.js';
import type { SocketError } from '../base/errors.js';
import { isFunction, number } from '../base/rules.js';
import type { Platform } from '../platform/platform.js';
import type { AddressSource, UrlSource } from './address.js';
import { retryDelay } from './backoff.js';
import type { ConnectionClose } from './close.js';
import { isServerLeaving, isWorthRetrying } from './close-codes.js';
import type { ReconnectSettings } from './reconnect-options.js';

/** What the policy goes by. */
export interface RetrySettings {
  readonly url: UrlSource;
  readonly protocols: AddressSource<string | readonly string[]>;
  readonly reconnect: ReconnectSettings;
}

/** A connection, or an attempt at one, that has ended. */
export interface Loss {
  readonly lastClose: ConnectionClose;
  /** Which retry in a row the next attempt would be; 1 is the first. */
  readonly attempt: number;
  /** The page, the network or the machine was away, and is back only now. */
  readonly hasJustWoken: boolean;
}

/**
 * Decides whether and when to try again.
 *
 * @param failed - told what the application's own functions throw
 * @returns how long to wait, in milliseconds, or `undefined` for no more retries
 */
export function nextDelay(
  { lastClose, attempt, hasJustWoken }: Loss,
  { url, protocols, reconnect }: RetrySettings,
  { lifecycle, random }: Pick<Platform, 'lifecycle' | 'random'>,
  failed: (error: SocketError) => void,
): number | undefined {
  const { code, cause } = lastClose;
  const { maxAttempts, shouldReconnect } = reconnect;
  // A provider may bring another token than this one.
  const isWorthIt = isWorthRetrying(code, isFunction(url) || isFunction(protocols));
  const isWanted =
    attempt <= maxAttempts &&
    ask('shouldReconnect', () => shouldReconnect?.(lastClose), isWorthIt, failed);
  if (!isWanted) return undefined;

  const origin = isServerLeaving(code) ? 'server' : hasJustWoken ? 'ours' : 'unclear';
  const delay = retryDelay({ attempt, origin, offline: !lifecycle.isOnline() }, reconnect, random);
  const context = { attempt, cause, lastClose, delay };
  const override = (): number => number(delay, 0)(reconnect.delay?.(context), 'delay');
  return ask('delay', override, delay, failed);
}
