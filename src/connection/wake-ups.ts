import type { Clock } from '../platform/clock.js';
import type { LifecycleEvent } from '../platform/lifecycle.js';

/** How long one wake-up counts for all that follow, in milliseconds: some networks come and go. */
const ANEW_EVERY = 30_000;
/** How often at the most a wait is ended, in milliseconds: people click to and fro. */
const SOONER_EVERY = 1_000;

/**
 * What being back is worth to a connection that is down: `anew` forgets the retries and replaces an attempt
 * that is stalled; `sooner` only ends a wait. The network or the machine that is back has changed
 * something, and a tab in front has not.
 */
export type WakeUp = 'anew' | 'sooner' | undefined;

/** Says what each wake-up is worth, and whether there is an attempt that it can begin; none may make a herd, or a server's load. */
export function createWakeUps(clock: Clock): (event: LifecycleEvent, canBegin: boolean) => WakeUp {
  let anewAt = -Infinity;
  let soonerAt = -Infinity;
  return (event, canBegin) => {
    const now = clock.now();
    const isBack = event === 'online' || event === 'awake';
    if (!isBack && event !== 'shown') return undefined;
    if (isBack && canBegin && now - anewAt >= ANEW_EVERY) {
      anewAt = soonerAt = now;
      return 'anew';
    }
    if (now - soonerAt < SOONER_EVERY) return undefined;
    soonerAt = now;
    return 'sooner';
  };
}
