/** How retries are spread over time; all in milliseconds but `factor`. */
export interface BackoffSettings {
  readonly baseDelay: number;
  readonly factor: number;
  readonly maxDelay: number;
  readonly spread: number;
}

/** What decides one delay. */
export interface Setback {
  /** How many retries in a row, this one included; 1 is the first. */
  readonly attempt: number;
  /**
   * Who caused it: `ours` is a wake-up, known to be over; `server` told all its clients at once;
   * anything else is `unclear`.
   */
  readonly origin: 'ours' | 'server' | 'unclear';
  /** The browser is sure that there is no network. */
  readonly offline: boolean;
}

/**
 * The next delay, in whole milliseconds. The first one is anywhere below its ceiling, so that a lone
 * client is back soon; later ones are anywhere in the upper half, so that a fleet that finds the door
 * closed does not come back before the crowd has thinned. Jitter comes after the cap, so that it is
 * never capped away.
 */
export function retryDelay(
  { attempt, origin, offline }: Setback,
  { baseDelay, factor, maxDelay, spread }: BackoffSettings,
  random: () => number,
): number {
  if (origin === 'ours' && !offline) return 0;
  const grown = offline ? maxDelay : Math.min(maxDelay, baseDelay * factor ** (attempt - 1));
  const widest =
    origin === 'server' && !offline ? Math.max(spread, attempt > 1 ? grown : 0) : grown;
  // Nothing can be drawn from an infinite range.
  const ceiling = Math.min(widest, Number.MAX_SAFE_INTEGER);
  const floor = attempt > 1 || offline ? ceiling / 2 : 0;
  return Math.floor(floor + random() * (ceiling - floor));
}
