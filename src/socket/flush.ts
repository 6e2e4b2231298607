import type { Clock } from '../platform/clock.js';

/** A `close({ flush: true })` under way: first what waits goes out, as far as there is time. */
export interface Flush {
  /** Somebody else has the last word: a later call, or the end. */
  readonly callOff: () => void;
}

/**
 * @param drained - settles when nothing is left to wait for
 * @param close - called once, when the flush is over; never, once it is called off
 */
export function startFlush(
  clock: Clock,
  timeout: number,
  drained: Promise<void>,
  close: () => void,
): Flush {
  let isOver = false;
  const callOff = (): void => {
    isOver = true;
    clock.cancel(timer);
  };
  const end = (): void => {
    if (isOver) return;
    callOff();
    close();
  };
  const timer = clock.after(timeout, end);
  drained.then(end, end);
  return { callOff };
}
