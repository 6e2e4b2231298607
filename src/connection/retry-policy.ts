import { retryDelay } from './backoff.js';
import { ABNORMAL, type ConnectionClose, isServerLeaving, isWorthRetrying } from './close-codes.js';
import { ask } from '../events/emitter.js';
import type { Line } from '../socket/line.js';
import { isFunction, number } from '../base/rules.js';

/** How long after a wake-up a loss is still put down to it, in milliseconds. */
const WAKE_GRACE = 5_000;

/**
 * Decides whether and when to try again, after a connection, or an attempt at one, that ended as
 * `lastClose` says.
 *
 * @returns how long to wait, in milliseconds, or `undefined` for no more retries
 */
export function nextDelay(line: Line, lastClose: ConnectionClose): number | undefined {
  const { url, protocols, reconnect } = line.settings;
  const { lifecycle, random } = line.platform;
  const { code, cause } = lastClose;
  const attempt = line.attempt + 1;
  // A provider may bring another token than this one.
  const isWorthIt = isWorthRetrying(code, isFunction(url) || isFunction(protocols));
  const isWanted =
    attempt <= reconnect.maxAttempts &&
    ask(line, 'shouldReconnect', () => reconnect.shouldReconnect?.(lastClose), isWorthIt);
  if (!isWanted) return undefined;

  const hasJustWoken = line.clock.now() - line.wokeAt < WAKE_GRACE && code === ABNORMAL;
  // Once for each wake-up, or a server that accepts and kills would be hammered.
  line.wokeAt = -Infinity;
  const origin = isServerLeaving(code) ? 'server' : hasJustWoken ? 'ours' : 'unclear';
  const delay = retryDelay({ attempt, origin, offline: !lifecycle.isOnline() }, reconnect, random);
  const context = { attempt, cause, lastClose, delay };
  const override = (): number => number(delay, 0)(reconnect.delay?.(context), 'delay');
  return ask(line, 'delay', override, delay);
}
