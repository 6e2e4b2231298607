/** What {@link Clock.after} gives back, to cancel the timer with. */
export type Timer = unknown;

/** Time, so that tests can turn it by hand. */
export interface Clock {
  /**
   * Milliseconds of wall-clock time. Wall-clock and not monotonic on purpose: some engines stop the
   * monotonic clock while the machine sleeps, and then a timer that slept would not look late.
   */
  now(): number;
  /** Calls `callback` once, `delay` milliseconds from now. */
  after(delay: number, callback: () => void): Timer;
  cancel(timer: Timer): void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delay, callback) => setTimeout(callback, delay),
  cancel: (timer) => clearTimeout(timer as number),
};
