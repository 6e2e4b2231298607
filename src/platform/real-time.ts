import { LONGEST_DELAY } from './clock.js';

/** As they are when this file is loaded: the fake ones that a test installs later do not change them. */
const { setTimeout: start, clearTimeout: stop, MessageChannel: Channel } = globalThis;

/**
 * Where the clock was fake already: @sinonjs/fake-timers, which Vitest and Jest use, leaves its mark, and the mock of
 * node:test is bound.
 */
const isFake = 'clock' in start || start.name.startsWith('bound ');

/**
 * Calls `callback` once, `delay` milliseconds of true time from now, whatever a test makes of the clock; where that is
 * `Infinity`, or no true clock is to be had, never.
 *
 * @returns what stops that
 */
export function afterRealTime(delay: number, callback: () => void): () => void {
  const isNever = isFake || delay === Infinity;
  const timer = isNever ? undefined : start(callback, Math.min(delay, LONGEST_DELAY));
  return () => stop(timer);
}

/** Lets the event loop turn: by a message, which no test fakes, where there are messages. */
export function nextRealTask(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof Channel !== 'function') return isFake ? resolve() : void start(resolve);
    const { port1, port2 } = new Channel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
