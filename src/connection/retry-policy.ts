import { ask } from '../base/ask.js';
import type { SocketError } from '../base/errors.js';
import { canBeAsked } from '../base/delegate.js';
import { number } from '../base/rules.js';
import type { AddressSource, UrlSource } from './address.js';
import { retryDelay } from './backoff.js';
import type { CloseCause, ConnectionClose } from './close.js';
import { isServerLeaving, isWorthRetrying } from './close-codes.js';
import type { ReconnectSettings } from './reconnect-options.js';

/** What the policy goes by. */
export interface RetrySettings {
  readonly url: UrlSource;
  readonly protocols: AddressSource<string | readonly string[]>;
  /** Whether a token is given, or anything else said, at the gate. */
  readonly hasHandshake: () => boolean;
  readonly reconnect: ReconnectSettings;
}

/** A connection, or an attempt at one, that has ended. */
export interface Loss {
  readonly lastClose: ConnectionClose;
  /** Which retry in a row the next attempt would be; 1 is the first. */
  readonly attempt: number;
  /** How many of them a wake-up has begun: these do not count against `maxAttempts`. */
  readonly uncounted: number;
  /** How often in a row the server has refused us, this time included. */
  readonly refusals: number;
  /** The page, the network or the machine was away, and is back only now. */
  readonly hasJustWoken: boolean;
  /** It is put down to something that will not happen again, whatever the code. */
  readonly isExcused: boolean;
  /** The browser is sure that there is no network. */
  readonly offline: boolean;
}

/** Errors after which the next attempt could only fail in the same way. */
const FINAL: readonly unknown[] = ['url', 'insecure', 'options', 'rejected'];

/** Whether `error` ends it for good. What the application gave to `fail()` may be the error of a slip of its own. */
export const isFinalError = (error: SocketError | undefined, cause: CloseCause): boolean =>
  cause === 'failed' ? error?.code === 'rejected' : FINAL.includes(error?.code);

/**
 * Decides whether and when to try again.
 *
 * @param failed - told what the application's own functions throw
 * @returns how long to wait, in milliseconds, or `undefined` for no more retries
 */
export function nextDelay(
  { lastClose, attempt, uncounted, refusals, hasJustWoken, isExcused, offline }: Loss,
  { url, protocols, hasHandshake, reconnect }: RetrySettings,
  random: () => number,
  failed: (error: SocketError) => void,
): number | undefined {
  const { code, cause } = lastClose;
  const { maxAttempts, shouldReconnect } = reconnect;
  const hasProvider = canBeAsked(url) || canBeAsked(protocols);
  const credentials = { hasProvider, hasHandshake: hasHandshake(), refusals };
  const isWorthIt = isExcused || isWorthRetrying(code, credentials);
  const isWanted =
    attempt - uncounted <= maxAttempts &&
    ask('shouldReconnect', () => shouldReconnect?.(lastClose), isWorthIt, failed);
  if (!isWanted) return undefined;

  const origin = isServerLeaving(code) ? 'server' : hasJustWoken ? 'ours' : 'unclear';
  const delay = retryDelay({ attempt, origin, offline }, reconnect, random);
  const context = { attempt, cause, lastClose, delay };
  const override = (): number => number(delay, 0)(reconnect.delay?.(context), 'delay');
  return ask('delay', override, delay, failed);
}
