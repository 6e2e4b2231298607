import { type Encoded, sizeOf } from '../outbox/payload.js';
import { type Numbered, Outgoing } from '../session/outgoing.js';
import { WireError } from '../session/wire/read.js';
import type { Hold } from './hold.js';
import type { LogEntry } from './store.js';

/** What keeping a message costs beside its bytes: many small ones are a lot, too. */
const OVERHEAD = 64;

/** What the messages to a client need of their session. */
export interface LogOwner {
  /** Sends one, if there is a connection. @returns whether there is */
  transmit(s: number, payload: Encoded): boolean;
  /** The store says that another has the session. */
  fenced(): void;
}

/**
 * The messages to one client: each is in the store before it is on the wire, and kept until the client has
 * acknowledged it. It lives across connections.
 */
export class Log {
  readonly #owner: LogOwner;
  readonly #hold: Hold;
  readonly #outgoing: Outgoing<undefined>;
  /** What the store is to have next. */
  #next: Numbered<undefined>[] = [];
  /** The last that the store has, and the last that was ever transmitted. */
  #stored: number;
  #sent: number;
  #isAppending = false;
  #most: number;

  /**
   * @param maxBytes - how much may wait for an acknowledgement
   * @param tx - the number of the last one
   * @param log - those that are not acknowledged
   */
  constructor(owner: LogOwner, hold: Hold, maxBytes: number, tx: number, log: readonly LogEntry[]) {
    this.#owner = owner;
    this.#hold = hold;
    this.#outgoing = new Outgoing({ messages: Infinity, bytes: maxBytes }, tx - log.length);
    for (const { payload } of log) {
      this.#outgoing.number(undefined, payload, sizeOf(payload) + OVERHEAD);
    }
    this.#most = this.#outgoing.bytes;
    // Another node may have sent them.
    this.#stored = this.#sent = tx;
  }

  /** Up to where the client has acknowledged them. */
  get settled(): number {
    return this.#outgoing.settled;
  }

  /** How many are not, and how large these are together. */
  get messages(): number {
    return this.#outgoing.last - this.#outgoing.settled;
  }

  get bytes(): number {
    return this.#outgoing.bytes - OVERHEAD * this.messages;
  }

  /** The most that they have cost together at any time: more than what was sent of them. */
  get most(): number {
    return this.#most;
  }

  /** @returns whether there was room for it */
  add(payload: Encoded): boolean {
    const bytes = sizeOf(payload) + OVERHEAD;
    if (!this.#outgoing.hasRoom(bytes)) return false;
    this.#next.push(this.#outgoing.number(undefined, payload, bytes));
    this.#most = Math.max(this.#most, this.#outgoing.bytes);
    void this.#append();
    return true;
  }

  /**
   * The client has them up to `a`.
   *
   * @returns how many it has told of
   * @throws {@link WireError} 1002 where it was never sent so much
   */
  acknowledge(a: number): number {
    if (a <= this.#outgoing.settled) return 0;
    if (a > this.#sent) throw new WireError(1002, 'more is acknowledged than was sent');
    return this.#outgoing.settle(a).length;
  }

  /** The session ends: what the store does not have yet goes out all the same, as nobody is to resume it. */
  hurry(): void {
    for (const { s, payload } of this.#outgoing.open) {
      if (s > this.#stored) this.#transmit(s, payload);
    }
  }

  /** Says everything again that the client does not have, and the store has. */
  replay(): void {
    for (const { s, payload } of this.#outgoing.open) {
      if (s > this.#stored) return;
      this.#transmit(s, payload);
    }
  }

  /** A batch at a time: what comes meanwhile is the next one. */
  async #append(): Promise<void> {
    if (this.#isAppending) return;
    this.#isAppending = true;
    while (this.#next.length > 0) {
      const batch = this.#next;
      this.#next = [];
      const { s: last } = batch.at(-1) as Numbered<undefined>;
      let answer = await this.#write(batch);
      // The store has lost some: it gets everything that the client may still need.
      if (answer === 'hole') answer = await this.#write(this.#outgoing.open, last);
      if (answer !== 'done') {
        if (answer) this.#owner.fenced();
        break;
      }
      this.#stored = last;
      for (const { s, payload } of batch) this.#transmit(s, payload);
    }
    this.#isAppending = false;
  }

  #write(entries: readonly LogEntry[], last = Infinity) {
    const appended = {
      a: this.#outgoing.settled,
      entries: last < Infinity ? entries.filter(({ s }) => s <= last) : entries,
    };
    return this.#hold.step((store, sid, owner) => store.append(sid, owner, appended));
  }

  #transmit(s: number, payload: Encoded): void {
    const before = this.#sent;
    // It may be acknowledged before this returns.
    this.#sent = Math.max(before, s);
    if (!this.#owner.transmit(s, payload)) this.#sent = before;
  }
}
