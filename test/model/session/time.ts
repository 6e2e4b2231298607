import type { Clock, Timer } from '../../../src/platform/clock.js';

interface Pending {
  readonly at: number;
  readonly order: number;
  readonly clock: ProcessClock;
  readonly callback: () => void;
  isOver: boolean;
}

/** Lets every promise that can settle do so. */
export const drained = (): Promise<void> => new Promise(setImmediate);

/** One time for the whole world, and a clock for each process in it: a page, or a node. */
export class Time {
  #now = 1_700_000_000_000;
  #order = 0;
  /** A heap: the next one first. */
  readonly #heap: Pending[] = [];

  get now(): number {
    return this.#now;
  }

  clock(): ProcessClock {
    return new ProcessClock(this);
  }

  /** For {@link ProcessClock} only. */
  add(clock: ProcessClock, delay: number, callback: () => void): Pending {
    const at = this.#now + Math.max(0, delay);
    const pending = { at, order: this.#order++, clock, callback, isOver: false };
    const heap = this.#heap;
    let place = heap.push(pending) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (!isBefore(pending, heap[above] as Pending)) break;
      heap[place] = heap[above] as Pending;
      place = above;
    }
    heap[place] = pending;
    return pending;
  }

  /** When the next timer is due; `undefined` where there is none. */
  get next(): number | undefined {
    while (this.#heap[0]?.isOver) this.#pop();
    return this.#heap[0]?.at;
  }

  /** Lets time pass; timers go off when they are due, in order, and what they began settles before the next. */
  async advance(milliseconds: number): Promise<void> {
    const until = this.#now + milliseconds;
    for (let next; (next = this.next) !== undefined && next <= until;) {
      this.#now = Math.max(this.#now, next);
      for (; this.next !== undefined && this.next <= this.#now;) {
        const pending = this.#pop();
        pending.clock.due(pending);
      }
      await drained();
    }
    this.#now = until;
  }

  #pop(): Pending {
    const heap = this.#heap;
    const first = heap[0] as Pending;
    const last = heap.pop() as Pending;
    if (heap.length === 0) return first;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= heap.length) break;
      const right = heap[below + 1];
      if (right && isBefore(right, heap[below] as Pending)) below++;
      if (!isBefore(heap[below] as Pending, last)) break;
      heap[place] = heap[below] as Pending;
      place = below;
    }
    heap[place] = last;
    return first;
  }
}

const isBefore = (one: Pending, other: Pending): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order);

/** The clock of one process. Its timers are late while it is stopped, and never go off once it is dead. */
export class ProcessClock implements Clock {
  readonly #time: Time;
  readonly #timers = new Set<Pending>();
  /** What came due while it was stopped. */
  #late: Pending[] | undefined;
  #isDead = false;

  constructor(time: Time) {
    this.#time = time;
  }

  now(): number {
    return this.#time.now;
  }

  after(delay: number, callback: () => void): Timer {
    if (delay === Infinity || this.#isDead) return undefined;
    const timer = this.#time.add(this, delay, callback);
    this.#timers.add(timer);
    return timer;
  }

  cancel(timer: Timer): void {
    const pending = timer as Pending | undefined;
    if (!pending) return;
    pending.isOver = true;
    this.#timers.delete(pending);
  }

  /** For {@link Time} only. */
  due(pending: Pending): void {
    if (this.#late) {
      this.#late.push(pending);
      return;
    }
    this.cancel(pending);
    pending.callback();
  }

  /** How many timers are set. */
  get pending(): number {
    return this.#timers.size;
  }

  get isStopped(): boolean {
    return this.#late !== undefined;
  }

  stop(): void {
    this.#late ??= [];
  }

  resume(): void {
    const late = this.#late ?? [];
    this.#late = undefined;
    for (const pending of late) if (!pending.isOver) this.due(pending);
  }

  die(): void {
    this.#isDead = true;
    this.#late = undefined;
    for (const timer of this.#timers) timer.isOver = true;
    this.#timers.clear();
  }
}
