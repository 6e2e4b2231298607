import type { Delivery } from '../events/delivery.js';

/** How many drops may each be caused by a listener to the one before. */
const MAX_CASCADE = 100;

/** Tells a drop; one that a listener to a drop has caused, by sending again, is told as well, but not in circles. */
export function cascading<Drop>(
  tell: (drop: Drop) => void,
  { later }: Delivery,
): (drop: Drop) => void {
  /** How many drops have led to the one that is being told. */
  let depth = 0;
  return (drop) => {
    const next = depth + 1;
    if (next > MAX_CASCADE) return;
    later(() => (depth = next));
    tell(drop);
    later(() => (depth = 0));
  };
}
