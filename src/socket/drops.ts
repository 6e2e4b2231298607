import type { Delivery } from '../events/delivery.js';

/** How many drops may each be caused by a listener to the one before. */
const MAX_CASCADE = 100;
/** And how many these may be in all, but for the first to be caused: a `close()` may cause many. */
const MAX_BRANCHES = 1_000;

/**
 * Tells drops. One that was caused by telling of another, by sending again, is told as well; but not in circles.
 * Who waits for what becomes of his message is told for longer: that it was dropped is the end of most circles.
 *
 * @returns what tells a drop, and calls back whoever has sent the message
 */
export function cascading<Drop>(
  emit: (drop: Drop) => void,
  { batch, later }: Delivery,
): (drop: Drop, tell?: () => void) => void {
  /** How many drops have led to the one that is being told. */
  let dropDepth = 0;
  let cascade = 0;
  return (drop, tell) => {
    const depth = dropDepth + 1;
    // Two that send again make four, and eight: these are counted one by one.
    cascade = depth > 2 ? cascade + 1 : 0;
    const strain = Math.max(depth / MAX_CASCADE, cascade / MAX_BRANCHES);
    if (strain > 2) return;
    batch(() => {
      later(() => (dropDepth = depth));
      if (tell) later(tell);
      if (strain <= 1) emit(drop);
      later(() => (dropDepth = 0));
    });
  };
}
