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

/** The next delay, in milliseconds. Jitter comes after the cap, so that it is never capped away. */
export function retryDelay(
  { attempt, origin, offline }: Setback,
  { baseDelay, factor, maxDelay, spread }: BackoffSettings,
  random: () => number,
): number {
  if (offline) return maxDelay / 2 + jittered(maxDelay / 2, random);
  if (origin === 'ours') return 0;
  const ceiling = Math.min(maxDelay, baseDelay * factor ** (attempt - 1));
  return jittered(origin === 'server' ? Math.max(spread, ceiling) : ceiling, random);
}

/** Anywhere in `[0, ceiling)`, so that a fleet does not return in step. */
export function jittered(ceiling: number, random: () => number): number {
  return Math.floor(random() * ceiling);
}
