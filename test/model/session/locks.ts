import type { Clock } from '../../../src/platform/clock.js';

/** A page, as far as locks are concerned. */
export interface Holder {
  readonly clock: Clock;
}

interface Waiter {
  readonly holder: Holder;
  readonly granted: () => void;
}

/** Web Locks: one holder for each name, the others in a row, and a page that is gone holds none. */
export class Locks {
  readonly #rows = new Map<string, Waiter[]>();

  lock(holder: Holder, name: string, patience: number): Promise<(() => void) | undefined> {
    return new Promise((resolve) => {
      const row = this.#rows.get(name) ?? [];
      this.#rows.set(name, row);
      const leave = (): void => {
        const at = row.indexOf(waiter);
        if (at < 0) return;
        row.splice(at, 1);
        if (at === 0) row[0]?.granted();
      };
      const timer = holder.clock.after(patience, () => {
        if (row[0] === waiter) return;
        leave();
        resolve(undefined);
      });
      const waiter: Waiter = {
        holder,
        granted() {
          holder.clock.cancel(timer);
          resolve(leave);
        },
      };
      if (row.push(waiter) === 1) waiter.granted();
    });
  }

  /** A page is no more. */
  die(holder: Holder): void {
    for (const row of this.#rows.values()) {
      const before = row[0];
      const left = row.filter((waiter) => waiter.holder !== holder);
      row.splice(0, row.length, ...left);
      if (row[0] !== before) row[0]?.granted();
    }
  }
}
