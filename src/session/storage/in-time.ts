import type { Clock, Timer } from '../../platform/clock.js';

/** How long, in milliseconds, a storage may take: some never answer. */
const TIMEOUT = 5_000;
/** How much of that one timer counts for, in milliseconds, however late it is: machines sleep, and pages are frozen. */
const TICK = 1_000;

/**
 * What a storage answers, unless it takes too long.
 *
 * @param isAway - whether the page is put away: it hears nothing then, and that is not the storage's fault
 * @throws where the storage does
 */
export function inTime<T>(clock: Clock, isAway: () => boolean, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: Timer;
    let left = TIMEOUT;
    const tick = (): void => {
      timer = clock.after(TICK, () => {
        if (!isAway()) left -= TICK;
        if (left > 0) tick();
        else reject(new Error('the storage is stuck'));
      });
    };
    tick();
    const done = (): void => clock.cancel(timer);
    answer.then(resolve, reject).then(done, done);
  });
}
