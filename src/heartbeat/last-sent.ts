import type { Clock } from '../platform/clock.js';

/**
 * When anything was sent last: servers and proxies may count only what the client sends. No message reads
 * the clock for that, so it is known at each look only whether there was one since the look before.
 */
export interface LastSent {
  /** @returns when anything was sent last, at the earliest */
  readonly look: () => number;
  /** Something was sent just now, or the connection is new. */
  readonly begin: () => void;
  /** Whether the clock was set back since the last look: then what was noted lies in the future. */
  readonly isAhead: () => boolean;
}

/** @param transmissions - how often anything was sent */
export function createLastSent(clock: Clock, transmissions: () => number): LastSent {
  let at = 0;
  let lookedAt = 0;
  let count = 0;
  return {
    look() {
      const latest = transmissions();
      if (latest !== count) at = lookedAt;
      count = latest;
      lookedAt = clock.now();
      return at;
    },
    begin() {
      at = lookedAt = clock.now();
      count = transmissions();
    },
    isAhead: () => clock.now() < lookedAt,
  };
}
