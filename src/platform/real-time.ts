/** As they are when this file is loaded: the fake ones that a test installs later do not change them. */
const { setTimeout: start, clearTimeout: stop } = globalThis;

/** Where the clock was fake already: @sinonjs/fake-timers, which Vitest and Jest use, leaves its mark. */
const isFake = 'clock' in start;

/**
 * Calls `callback` once, `delay` milliseconds of true time from now, whatever a test makes of the clock; where that is
 * `Infinity`, or no true clock is to be had, never.
 *
 * @returns what stops that
 */
export function afterRealTime(delay: number, callback: () => void): () => void {
  const timer = isFake || delay === Infinity ? undefined : start(callback, delay);
  return () => stop(timer);
}

/** Lets the event loop turn, where a true clock is to be had. */
export const nextRealTask = (): Promise<void> =>
  isFake ? Promise.resolve() : new Promise((resolve) => void start(resolve));
