/**
 * How many answers may wait behind more than so many bytes. To ask costs a client next to nothing: one that does not read
 * could have us keep answers without end. One that is merely slow has a window full of messages, twice at the most.
 */
const MOST = 1_024;
const BYTES = 65_536;

/** The answers to one client that were sent since too much waits to be read. */
export class Unread {
  #count = 0;

  /**
   * There is another one.
   *
   * @param bufferedAmount - how much waits before it, in bytes
   * @returns whether it may be sent
   */
  add(bufferedAmount: number): boolean {
    this.#count = bufferedAmount > BYTES ? this.#count + 1 : 0;
    return this.#count <= MOST;
  }
}
