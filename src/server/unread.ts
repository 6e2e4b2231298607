/**
 * How many answers may go out while what waited before them is not read yet. To ask costs a client next to nothing: one
 * that does not read could have us keep answers without end. One that reads, slow as it may be, is answered at most some
 * fifty times a second.
 */
const MOST = 8_192;

/**
 * The answers to one client that it may not have read. They are counted in turns: a turn is over once all that waited
 * when it began has left, so never more than those of two turns wait.
 */
export class Unread {
  /** How many were sent in this turn, and how much of what waited when it began is still there, in bytes. */
  #count = 0;
  #left = 0;
  /** How much waited at the last look, and how much was sent since. */
  #seen = 0;
  #sent = 0;

  /** Something is sent, of `length` bytes at the least. */
  sent(length: number): void {
    this.#sent += length;
  }

  /**
   * There is another answer.
   *
   * @param bufferedAmount - how much waits before it, in bytes
   * @returns whether it may be sent
   */
  add(bufferedAmount: number): boolean {
    this.#left -= Math.max(0, this.#seen + this.#sent - bufferedAmount);
    this.#seen = bufferedAmount;
    this.#sent = 0;
    if (this.#left <= 0) {
      this.#count = 0;
      this.#left = bufferedAmount;
    }
    return ++this.#count <= MOST;
  }
}
