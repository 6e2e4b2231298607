/**
 * Events in their order. A change is made as a whole: what it tells is heard once it is complete, after
 * everything that was told before. So no listener ever meets a half-made change, whatever it does
 * itself (docs/decisions/002).
 */
export interface Delivery {
  /** Makes a change, and then delivers what it told; within another one, with that. */
  readonly batch: <T>(change: () => T) => T;
  /** Calls back into the application, in its turn. */
  readonly later: (call: () => void) => void;
}

/**
 * @param report - told what a call threw; the others are made all the same
 * @param settled - called after each change, and after each call, which may have made another
 */
export function createDelivery(report: (error: unknown) => void, settled: () => void): Delivery {
  const pending: (() => void)[] = [];
  /** How many changes are under way, one within the other. */
  let depth = 0;

  function batch<T>(change: () => T): T {
    depth++;
    try {
      const result = change();
      if (depth > 1) return result;
      settled();
      // More may be added on the way.
      for (const call of pending) {
        try {
          call();
        } catch (error) {
          report(error);
        }
        settled();
      }
      pending.length = 0;
      return result;
    } finally {
      depth--;
    }
  }

  return { batch, later: (call) => void batch(() => pending.push(call)) };
}
