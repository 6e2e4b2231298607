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

/** A time as the log of a server writes it. */
export const timestamp = (time: number): string => new Date(time).toISOString();

/** 24.8 days, in milliseconds: what is longer fires at once in every engine. */
export const LONGEST_DELAY = 2_147_483_647;

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delay, callback) =>
    delay < Infinity ? setTimeout(callback, Math.min(delay, LONGEST_DELAY)) : undefined,
  cancel: (timer) => clearTimeout(timer as number),
};

/** One timer that is set anew each time, and knows when it is due: whoever hears it late can tell. */
export interface Alarm {
  /** When it was to go off, as last set. */
  readonly dueAt: number;
  /** Calls `action` once, `delay` milliseconds from now, in place of what it was set to before. */
  readonly set: (delay: number, action: () => void) => void;
  readonly cancel: () => void;
}

export function createAlarm(clock: Clock): Alarm {
  let timer: Timer;
  let dueAt = 0;

  function cancel(): void {
    clock.cancel(timer);
    timer = undefined;
  }

  return {
    get dueAt() {
      return dueAt;
    },
    set(delay, action) {
      cancel();
      dueAt = clock.now() + delay;
      timer = clock.after(delay, action);
    },
    cancel,
  };
}
