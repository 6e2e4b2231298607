import type { Encoded } from '../../outbox/payload.js';
import type { Reading, TopicReader } from './topic-reader.js';

/** Where a client has got to in a topic: in which life of its log, and behind what. */
export interface Cursor {
  readonly epoch: string | undefined;
  readonly o: number;
}

/** What is told of a topic. None of it may throw. */
export interface FollowerOwner {
  /** Whether so much waits to be sent that nothing is to be added. */
  readonly isSlow: boolean;
  /** Everything behind `o` follows; with a `gap`, something before it is missing. */
  subscribed(epoch: string, o: number, gap: boolean): void;
  entry(o: number, payload: Encoded): void;
}

/**
 * One subscription's way along the log of its topic. It is given what the topic's reader reads; where that is not what
 * comes next, it reads the log itself.
 */
export class Follower {
  readonly reader: TopicReader;
  readonly #owner: FollowerOwner;
  /** In which life of the log it is, and up to where everything was sent or is known to the client. */
  #epoch: string | undefined;
  #cursor: number;
  /** Without a cursor of the client's, nothing can be missing at the beginning. */
  #isFresh: boolean;
  #isSubscribed = false;
  #isReading = false;
  #isOver = false;
  /** When that was asked for which it knows the log by. */
  #turn = 0;

  /** @param cursor - `undefined` where everything from now on is wanted */
  constructor(reader: TopicReader, cursor: Cursor | undefined, owner: FollowerOwner) {
    this.reader = reader;
    this.#owner = owner;
    this.#epoch = cursor?.epoch;
    this.#cursor = cursor?.o ?? 0;
    this.#isFresh = !cursor;
    reader.followers.add(this);
    void this.#catchUp();
  }

  /** What the topic's reader has read; there need not be anything new in it. */
  receive(reading: Reading): void {
    // What it reads itself comes, and then it looks whether that was all.
    if (this.#isReading) return;
    if (this.#isSubscribed) this.#take(reading);
    if (!this.#isSubscribed || this.#isBehind(reading)) void this.#catchUp();
  }

  stop(): void {
    this.#isOver = true;
    this.reader.followers.delete(this);
  }

  async #catchUp(): Promise<void> {
    this.#isReading = true;
    try {
      let isMore = true;
      while (isMore && this.#canBeTold()) {
        const from = this.#cursor;
        const reading = await this.reader.read(this.#isFresh ? undefined : from);
        this.#take(reading);
        // Whoever reads the same twice would do so for ever.
        isMore = this.#cursor > from && this.#isBehind(reading);
        isMore ||= this.reader.knowsMore(this.#epoch, this.#cursor, reading.turn);
      }
    } catch {
      // The reader reports it, and calls again once it has read something.
    }
    this.#isReading = false;
  }

  #take(reading: Reading): void {
    // Who is slow is left there, and the log is read from there later.
    if (!this.#canBeTold() || this.#isOutdated(reading)) return;
    const isGap = !this.#isFresh && this.#isGap(reading);
    this.#turn = Math.max(this.#turn, reading.turn);
    if (isGap || !this.#isSubscribed) this.#begin(reading, isGap);
    for (const { o, payload } of reading.entries) {
      if (o <= this.#cursor) continue;
      // What is missing in between is read from the log.
      if (o > this.#cursor + 1 || !this.#canBeTold()) return;
      this.#cursor = o;
      this.#owner.entry(o, payload);
    }
  }

  #canBeTold(): boolean {
    return !this.#isOver && !this.#owner.isSlow;
  }

  /** What was asked for earlier says nothing of the log's life now. */
  #isOutdated({ epoch, turn }: Reading): boolean {
    return turn < this.#turn && epoch !== this.#epoch;
  }

  #isGap({ epoch, trimmed, end, turn }: Reading): boolean {
    if (epoch !== this.#epoch) return true;
    if (trimmed > this.#cursor) return true;
    return end < this.#cursor && turn > this.#turn;
  }

  #begin({ epoch, end }: Reading, isGap: boolean): void {
    if (isGap || this.#isFresh) {
      this.#epoch = epoch;
      this.#cursor = end;
    }
    this.#isFresh = false;
    this.#isSubscribed = true;
    this.#owner.subscribed(epoch, this.#cursor, isGap);
  }

  #isBehind({ epoch, end }: Reading): boolean {
    return epoch === this.#epoch && this.#cursor < end;
  }
}
