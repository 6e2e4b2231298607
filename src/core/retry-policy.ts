import { retryDelay } from './backoff.js';
import { ABNORMAL, type ConnectionClose, isServerLeaving, isWorthRetrying } from './close-codes.js';
import type { Line } from './line.js';
import { isFunction, number } from './rules.js';

/** How long after a wake-up a loss is still put down to it, in milliseconds. */
const WAKE_GRACE = 5_000;

/**
 * Decides whether and when to try again, after `retries` retries in a row and a connection, or an
 * attempt at one, that ended as `lastClose` says.
 *
 * @returns how long to wait, in milliseconds, or `undefined` for no more retries
 */
export function nextDelay<In, Out>(
  line: Line<In, Out>,
  retries: number,
  lastClose: ConnectionClose,
): number | undefined {
  const { url, protocols, reconnect } = line.settings;
  const { clock, lifecycle, random } = line.platform;
  const { code, cause } = lastClose;
  // A provider may bring another token than this one.
  const isWorthIt = isWorthRetrying(code, isFunction(url) || isFunction(protocols));
  const isWanted =
    retries < reconnect.maxAttempts &&
    line.emitter.ask('shouldReconnect', () => reconnect.shouldReconnect?.(lastClose), isWorthIt);
  if (!isWanted) return undefined;

  const hasJustWoken = clock.now() - line.wokeAt < WAKE_GRACE && code === ABNORMAL;
  // Once for each wake-up, or a server that accepts and kills would be hammered.
  line.wokeAt = -Infinity;
  const attempt = retries + 1;
  const origin = isServerLeaving(code) ? 'server' : hasJustWoken ? 'ours' : 'unclear';
  const backoff = retryDelay(
    { attempt, origin, offline: !lifecycle.isOnline() },
    reconnect,
    random,
  );
  const context = { attempt, cause, lastClose, delay: backoff };
  const override = (): number => number(backoff, 0)(reconnect.delay?.(context), 'delay');
  return line.emitter.ask('delay', override, backoff);
}
