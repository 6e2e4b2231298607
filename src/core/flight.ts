import type { Parcel } from './outbox.js';
import type { Encoded } from './payload.js';
import type { Terms } from './send-options.js';

/**
 * What was handed to one native socket and may still be in its buffer. `bufferedAmount` rises by a
 * message's size within the same task and falls as bytes leave, so what it still counts when the
 * connection has died never left the machine.
 *
 * Four arrays side by side instead of objects: this is on the path of every sent message.
 */
export class Flight<Out> {
  readonly #messages: Out[] = [];
  readonly #data: Encoded[] = [];
  readonly #terms: (Terms | undefined)[] = [];
  /** Where each message ends in the stream of all bytes handed over. */
  readonly #ends: number[] = [];
  /** Everything before this index has left. */
  #head = 0;
  #handed = 0;

  /** Remembers a message that raised `bufferedAmount` from `before` to `after`. */
  add(message: Out, data: Encoded, terms: Terms | undefined, before: number, after: number): void {
    this.pass(before, after);
    // Gone at once, or of no size: nothing will ever tell whether it left.
    if (after <= before) return;
    this.#messages.push(message);
    this.#data.push(data);
    this.#terms.push(terms);
    this.#ends.push(this.#handed);
  }

  /** Counts bytes that are nobody's message (a ping), and forgets what has left. */
  pass(before: number, after: number): void {
    const left = this.#handed - before;
    const ends = this.#ends;
    let head = this.#head;
    while (head < ends.length && (ends[head] as number) <= left) head += 1;
    if (head === ends.length) {
      // Counting starts over, so that the numbers stay small.
      this.#handed = before;
      if (head > 0) this.#forget(head);
    } else if (head > 1_000 && head * 2 > ends.length) {
      this.#forget(head);
    } else {
      this.#head = head;
    }
    this.#handed += after - before;
  }

  #forget(count: number): void {
    for (const list of [this.#messages, this.#data, this.#terms, this.#ends]) list.splice(0, count);
    this.#head = 0;
  }

  /** What a connection that died with `buffered` bytes left to send never delivered whole. */
  recover(buffered: number): Parcel<Out>[] {
    this.pass(buffered, buffered);
    const parcels: Parcel<Out>[] = [];
    for (let index = this.#head; index < this.#ends.length; index++) {
      parcels.push({
        message: this.#messages[index] as Out,
        data: this.#data[index] as Encoded,
        terms: this.#terms[index],
      });
    }
    return parcels;
  }
}
