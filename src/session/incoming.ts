import type { Clock, Timer } from '../platform/clock.js';
import { WireError } from './wire/read.js';

/** After so many messages, or bytes, an acknowledgement does not wait. */
const MOST_MESSAGES = 32;
const MOST_BYTES = 32_768;

/**
 * What the other side says, by its numbers: each is taken in once and in order, and acknowledged once it is settled.
 * It lives across connections: what was taken in before is not taken in again after a reconnect.
 */
export class Incoming {
  readonly #clock: Clock;
  readonly #patience: number;
  readonly #acknowledge: (a: number) => void;
  /** The highest number that was taken in, and the highest that is settled. */
  #taken: number;
  #settled: number;
  /** What the other side was told. */
  #told: number;
  /** How much is settled and was not told. */
  #bytes = 0;
  #timer: Timer;

  /**
   * @param patience - how long an acknowledgement may wait for a frame that goes out anyway, in milliseconds
   * @param acknowledge - sends one, if there is a connection
   * @param settled - up to which number everything is settled already
   */
  constructor(clock: Clock, patience: number, acknowledge: (a: number) => void, settled = 0) {
    this.#clock = clock;
    this.#patience = patience;
    this.#acknowledge = acknowledge;
    this.#taken = this.#settled = this.#told = settled;
  }

  /** The highest number that was taken in. */
  get taken(): number {
    return this.#taken;
  }

  get settled(): number {
    return this.#settled;
  }

  /**
   * A message has arrived.
   *
   * @returns whether it is new: one that is not is to be dropped, and was acknowledged again
   * @throws {@link WireError} 1002 where one before it is missing
   */
  take(s: number): boolean {
    if (s > this.#taken + 1) throw new WireError(1002, 'a message is missing');
    if (s === this.#taken + 1) {
      this.#taken = s;
      return true;
    }
    // The other side does not know yet.
    if (s <= this.#settled) this.#tell();
    return false;
  }

  /**
   * Everything up to `s` is settled.
   *
   * @param bytes - how large that is which was not settled before
   */
  settle(s: number, bytes: number): void {
    if (s > this.#taken) throw new RangeError('what was not taken in cannot be settled');
    if (s <= this.#settled) return;
    this.#settled = s;
    this.#bytes += bytes;
    const isMuch = this.#settled - this.#told >= MOST_MESSAGES || this.#bytes >= MOST_BYTES;
    if (isMuch) this.#tell();
    else this.#timer ??= this.#clock.after(this.#patience, () => this.#tell());
  }

  /** The acknowledgement for a frame that goes out anyway; `undefined` where there is nothing new to say. */
  piggyback(): number | undefined {
    if (this.#told === this.#settled) return undefined;
    this.#saidSo();
    return this.#settled;
  }

  /** The other side knows that everything up to `s` is settled, though this one has lost track of it. */
  raise(s: number): void {
    if (s <= this.#settled) return;
    this.#taken = Math.max(this.#taken, s);
    this.#settled = s;
    this.#saidSo();
  }

  /** @returns up to which number everything is settled, for a frame that says so in any case */
  report(): number {
    this.#saidSo();
    return this.#settled;
  }

  /** A connection is over: what was told may not have arrived, and the next one begins with all of it. */
  disconnect(): void {
    this.#saidSo();
  }

  #tell(): void {
    this.#saidSo();
    this.#acknowledge(this.#settled);
  }

  #saidSo(): void {
    this.#clock.cancel(this.#timer);
    this.#timer = undefined;
    this.#told = this.#settled;
    this.#bytes = 0;
  }
}
