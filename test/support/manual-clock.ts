import type { Clock, Timer } from '../../src/platform/clock.js';

interface Pending {
  readonly at: number;
  readonly nesting: number;
  readonly callback: () => void;
  /** Fired or cancelled. */
  isOver: boolean;
}

/** Time that only passes when told to. */
export class ManualClock implements Clock {
  #now = 1_700_000_000_000;
  /** The next one first; of those due at once, the one that was set first. */
  #pending: Pending[] = [];
  /** How deep in a chain of timers that set timers we are; 0 outside of any. */
  #nesting = 0;

  now(): number {
    return this.#now;
  }

  after(delay: number, callback: () => void): Timer {
    if (delay === Infinity) return undefined;
    const timer: Pending = {
      at: this.#now + delay,
      nesting: this.#nesting,
      callback,
      isOver: false,
    };
    let [low, high] = [0, this.#pending.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#pending[middle] as Pending).at <= timer.at) low = middle + 1;
      else high = middle;
    }
    this.#pending.splice(low, 0, timer);
    return timer;
  }

  cancel(timer: Timer): void {
    const pending = timer as Pending | false | undefined;
    if (!pending || pending.isOver) return;
    pending.isOver = true;
    this.#pending.splice(this.#pending.indexOf(pending), 1);
  }

  /** How long each timer still has to run, the next one first. */
  get pending(): number[] {
    return this.#pending.map(({ at }) => at - this.#now);
  }

  /**
   * How many timers led to the most deeply nested one that is pending, each set by the one before.
   * Browsers throttle such chains in hidden tabs; one set from anywhere else begins a new chain.
   */
  get nesting(): number {
    return Math.max(0, ...this.#pending.map(({ nesting }) => nesting));
  }

  /** Lets time pass; timers fire when they are due, in order. */
  advance(milliseconds: number): void {
    const until = this.#now + milliseconds;
    for (let next; (next = this.#pending[0]) && next.at <= until;) {
      this.#now = Math.max(this.#now, next.at);
      this.#pending.shift();
      next.isOver = true;
      this.#nesting = next.nesting + 1;
      next.callback();
      this.#nesting = 0;
    }
    this.#now = until;
  }

  /** Lets time pass without a timer firing, as when the machine sleeps; they are overdue afterwards. */
  sleep(milliseconds: number): void {
    this.#now += milliseconds;
  }
}
