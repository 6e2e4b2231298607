import type { Parcel } from './parcel.js';
import type { Encoded } from './payload.js';
import type { Terms } from './send-options.js';

/**
 * What was handed to one native socket and may still be in its buffer. `bufferedAmount` rises by a
 * message's size within the same task and falls as bytes leave, so what it still counts when the
 * connection has died never left the machine.
 */
export class Flight<Out> {
  /** Four places for each message, instead of an object: this is on the path of all that is sent. */
  readonly #parcels: unknown[] = [];
  /** How many bytes have been handed over; each message ends somewhere among them. */
  handed = 0;
  /** What left before `handed` was last counted anew. */
  #forgotten = 0;
  /** Everything before this place has left. */
  #head = 0;

  /** Remembers a message that raised `bufferedAmount` from `before` to `after`. */
  add(message: Out, data: Encoded, terms: Terms | undefined, before: number, after: number): void {
    this.pass(before, after);
    // Gone at once, or of no size: nothing will ever tell whether it left.
    if (after > before) this.#parcels.push(message, data, terms, this.handed);
  }

  /** Counts bytes that are nobody's message, and forgets what has left. */
  pass(before: number, after: number): void {
    const parcels = this.#parcels;
    const left = this.handed - before;
    while ((parcels[this.#head + 3] as number) <= left) this.#head += 4;
    // Often when nothing remains, seldom when much does: so it costs little.
    if (this.#head * 2 >= parcels.length) {
      if (this.#head > 0) parcels.splice(0, this.#head);
      this.#head = 0;
    }
    // Counting from what is buffered now: it may have begun with bytes that were not counted.
    if (parcels.length === 0) {
      this.#forgotten += this.handed - before;
      this.handed = before;
    }
    this.handed += after - before;
  }

  /** How many bytes have left, give or take a constant. */
  left(buffered: number): number {
    return this.#forgotten + this.handed - buffered;
  }

  /** What a connection that died with `buffered` bytes unsent never delivered whole, in order. */
  recover(buffered: number): Parcel<Out>[] {
    this.pass(buffered, buffered);
    const recovered: Parcel<Out>[] = [];
    for (let at = this.#head; at < this.#parcels.length; at += 4) {
      recovered.push({
        message: this.#parcels[at] as Out,
        data: this.#parcels[at + 1] as Encoded,
        terms: this.#parcels[at + 2] as Terms | undefined,
      });
    }
    return recovered;
  }
}
