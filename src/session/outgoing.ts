import type { Encoded } from '../outbox/payload.js';
import { WireError } from './wire/read.js';

/** A message that has its number, until the other side has settled it. */
export interface Numbered<Item> {
  readonly s: number;
  readonly payload: Encoded;
  readonly bytes: number;
  /** Its own name, where it is idempotent. */
  readonly id: string | undefined;
  /** What the owner knows it by. */
  readonly item: Item;
}

/** How much may be on its way. */
interface Window {
  readonly messages: number;
  readonly bytes: number;
}

/**
 * What this side says, by its numbers: kept, as it was encoded, until it is settled, and said again on each connection.
 * It lives across connections; what has no number yet is not here.
 */
export class Outgoing<Item> {
  window: Window;
  /** In order, from `#first` on; what is settled is passed over. */
  #open: (Numbered<Item> | undefined)[] = [];
  #first = 0;
  #last: number;
  #settled: number;
  #bytes = 0;

  /** @param settled - up to which number everything is settled already: the next is the one after that */
  constructor(window: Window, settled = 0) {
    this.window = window;
    this.#last = this.#settled = settled;
  }

  /** How large those together are that are not settled. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The highest number that was given, and the highest that is settled. */
  get last(): number {
    return this.#last;
  }

  get settled(): number {
    return this.#settled;
  }

  /** Whether another message may have its number now. The first may be of any size. */
  hasRoom(bytes: number): boolean {
    const { messages, bytes: mostBytes } = this.window;
    const count = this.#last - this.#settled;
    return count === 0 || (count < messages && this.#bytes + bytes <= mostBytes);
  }

  /** Gives a message its number: from now on it is never dropped, nor given another. */
  number(item: Item, payload: Encoded, bytes: number, id?: string): Numbered<Item> {
    const numbered = { s: ++this.#last, payload, bytes, id, item };
    this.#open.push(numbered);
    this.#bytes += bytes;
    return numbered;
  }

  /**
   * The other side has settled everything up to `a`.
   *
   * @returns those that are settled by that, in order
   * @throws {@link WireError} 1002 where it was never sent so much
   */
  settle(a: number): Numbered<Item>[] {
    if (a > this.#last) throw new WireError(1002, 'more is acknowledged than was sent');
    const settled: Numbered<Item>[] = [];
    for (; this.#settled < a; this.#settled++) {
      const numbered = this.#open[this.#first] as Numbered<Item>;
      this.#open[this.#first++] = undefined;
      this.#bytes -= numbered.bytes;
      settled.push(numbered);
    }
    // To shift a long array would move all of it each time.
    if (this.#first * 2 > this.#open.length) {
      this.#open = this.#open.slice(this.#first);
      this.#first = 0;
    }
    return settled;
  }

  /** One that is not settled; `undefined` where it is, or is yet to come. */
  at(s: number): Numbered<Item> | undefined {
    return s > this.#settled ? this.#open[this.#first + s - this.#settled - 1] : undefined;
  }

  /** The last one was refused, and never left: its number is given to the next. */
  withdraw(): void {
    const numbered = this.#open.pop();
    this.#last--;
    this.#bytes -= numbered?.bytes ?? 0;
  }

  /** What is to be said again on a new connection, in order. */
  get open(): readonly Numbered<Item>[] {
    return this.#open.slice(this.#first) as Numbered<Item>[];
  }
}
