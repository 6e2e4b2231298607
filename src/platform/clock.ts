/** What {@link Clock.after} gives back, to cancel the timer with. */
export type Timer = unknown;

/** Time, so that tests can turn it by hand. */
export interface Clock {
  /**
   * Milliseconds of wall-clock time. Wall-clock and not monotonic on purpose: some engines stop the
   * monotonic clock while the machine sleeps, and then a timer that slept would not look late.
   */
  now(): number;
  /** Calls `callback` once, `delay` milliseconds from now; where that is `Infinity`, never. */
  after(delay: number, callback: () => void): Timer;
  cancel(timer: Timer): void;
}

/** 24.8 days, in milliseconds: what is longer fires at once in every engine. */
const LONGEST_DELAY = 2_147_483_647;

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delay, callback) =>
    delay < Infinity ? setTimeout(callback, Math.min(delay, LONGEST_DELAY)) : undefined,
  cancel: (timer) => clearTimeout(timer as number),
};
