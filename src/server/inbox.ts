import type { Frame } from '../platform/websocket.js';
import { Incoming } from '../session/incoming.js';
import type { Failure } from '../session/wire/frames.js';
import { WireError } from '../session/wire/read.js';
import type { Timer } from '../platform/clock.js';
import type { Hold } from './hold.js';
import { type Outcomes, Settlements, type SettlementsOwner } from './settlements.js';
import { WINDOW, WINDOW_BYTES } from '../session/wire/bounds.js';

/** How long an acknowledgement waits for a frame that goes out anyway: somebody awaits it. */
const PATIENCE = 20;

/** For how long what was claimed may begin, in milliseconds from when it was asked for. */
const CLAIM = 2_000;

/** A message of the client's, as it has arrived. */
export interface Taken {
  readonly s: number;
  readonly payload: Frame | readonly Frame[];
  readonly bytes: number;
  /** Its own name, where it is idempotent. */
  readonly id: string | undefined;
}

/** What the messages of a client need of their session. */
export interface InboxOwner extends SettlementsOwner {
  /** Whether there is somebody to handle messages. */
  readonly isListening: boolean;
  /** Handles one. @returns when that is done */
  handle(message: Taken, redelivered: boolean): unknown;
  /** The client is to hear up to where everything is settled. */
  acknowledge(a: number): void;
  /** A message was not handled. @param cause - what its handler threw */
  failed(cause: unknown): void;
}

/** How the session stands in the store. */
export interface Marks extends Outcomes {
  readonly claimed: number;
  /** For how long others may still settle what is claimed, in milliseconds. */
  readonly doubt: number;
}

/**
 * The messages of one client, from their arrival to their acknowledgement: each is claimed in the store before its
 * handler begins, and acknowledged once that is done and the store has it. It lives across connections.
 */
export class Inbox {
  readonly #owner: InboxOwner;
  readonly #hold: Hold;
  readonly #settlements: Settlements;
  readonly incoming: Incoming;
  /** What has arrived and was not begun. */
  #queue: Taken[] = [];
  #queuedBytes = 0;
  /** The last whose handler has begun. */
  #begun: number;
  /** Up to where they are claimed, and since when. */
  #claimed: number;
  #claimedAt = -Infinity;
  /** Up to where they may have begun at another node. */
  #doubted = 0;
  /** The time is not over in which other nodes may settle them. */
  #isInDoubt = false;
  /** A message is being claimed, or handled. */
  #isBusy = false;
  /** Nothing more is to begin. */
  #isStopped = false;
  #timer: Timer;

  constructor(owner: InboxOwner, hold: Hold, marks: Marks) {
    const { done, claimed, doubt } = marks;
    this.#owner = owner;
    this.#hold = hold;
    this.incoming = new Incoming(hold.clock, PATIENCE, (a) => owner.acknowledge(a), done);
    this.#settlements = new Settlements(owner, hold, this.incoming, marks);
    this.#begun = done;
    this.#claimed = claimed;
    if (doubt > 0) this.#awaitResolution(doubt);
  }

  /** Whether everything that has arrived is settled. */
  get isResting(): boolean {
    return this.isQuiet && this.#queue.length === 0;
  }

  /** Whether everything that has begun is settled. */
  get isQuiet(): boolean {
    return !this.#isBusy && this.#settlements.isRecorded;
  }

  /**
   * A message has arrived.
   *
   * @returns whether it is new
   * @throws {@link WireError} 1002
   */
  take(message: Taken): boolean {
    const { s, bytes } = message;
    const isTooMany = s > this.incoming.settled + WINDOW;
    if (isTooMany) throw new WireError(1002, 'more messages are on their way than may be');
    // What is said again waits here already: one message may be larger than all others together.
    const isMore = s > this.incoming.taken && this.#queue.length > 0;
    const isTooMuch = isMore && this.#queuedBytes + bytes > 2 * WINDOW_BYTES;
    if (isTooMuch) throw new WireError(1002, 'more bytes are on their way than may be');
    if (!this.incoming.take(s)) return false;
    this.#queue.push(message);
    this.#queuedBytes += bytes;
    this.next();
    return true;
  }

  /** What the client is to be told with a welcome. @param acked - up to where it knows */
  resume(stored: Outcomes, acked: number): Outcomes {
    const outcomes = this.#settlements.resume(stored, acked);
    this.#pass(outcomes.done);
    return outcomes;
  }

  /** The connection is over. */
  disconnect(): void {
    this.incoming.disconnect();
    // A list that was long stays so, though it be empty: sessions that wait are to be small.
    if (this.#queue.length === 0) this.#queue = [];
  }

  /** Begins the next message, if it may. */
  next(): void {
    if (this.#isBusy || this.#isInDoubt || this.#isStopped) return;
    const message = this.#queue[0];
    if (!message) return;
    // It may have run, and may not run twice.
    const isLost = message.s <= this.#doubted && message.id === undefined;
    if (isLost) {
      this.#shift();
      this.#finish(message, 'lost');
    } else if (this.#owner.isListening) {
      if (this.#isClaimed(message.s)) void this.#run(message);
      else void this.#claim();
    }
  }

  /** Begins nothing more, and gives back what was claimed and has not begun. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#hold.clock.cancel(this.#timer);
    this.#queue = [];
    this.#queuedBytes = 0;
    if (!this.#isInDoubt) this.#release();
  }

  #release(): void {
    const begun = Math.max(this.#begun, this.#doubted);
    if (this.#claimed <= begun) return;
    void this.#hold.try((store, sid, owner) => store.release(sid, owner, begun));
  }

  #isClaimed(s: number): boolean {
    const isFresh = this.#hold.now() - this.#claimedAt < CLAIM;
    return isFresh && s <= this.#claimed;
  }

  async #claim(): Promise<void> {
    this.#isBusy = true;
    const to = (this.#queue.at(-1) as Taken).s;
    let askedAt = 0;
    const answer = await this.#hold.step((store, sid, owner) => {
      askedAt = this.#hold.now();
      return store.claim(sid, owner, to);
    });
    this.#isBusy = false;
    if (answer === undefined) return;
    if (answer !== 'done') {
      this.#owner.fenced();
      return;
    }
    this.#claimed = Math.max(this.#claimed, to);
    this.#claimedAt = askedAt;
    if (this.#isStopped) {
      // Meanwhile it was, and did not know that it had this.
      this.#release();
      this.#owner.rested();
    } else this.next();
  }

  async #run(message: Taken): Promise<void> {
    this.#isBusy = true;
    this.#shift();
    this.#begun = message.s;
    let why: 'failed' | undefined;
    try {
      await this.#owner.handle(message, message.s <= this.#doubted);
    } catch (cause) {
      why = 'failed';
      this.#owner.failed(cause);
    }
    this.#isBusy = false;
    this.#finish(message, why);
  }

  #finish({ s, bytes }: Taken, why: Failure[1] | undefined): void {
    this.#settlements.add(s, bytes, why);
    void this.#settlements.record();
    this.next();
  }

  #awaitResolution(doubt: number): void {
    this.#isInDoubt = true;
    this.#timer = this.#hold.clock.after(doubt, () => void this.#resolve());
  }

  /** Others may not settle any more what they have claimed: it is ours to run again, or to give up. */
  async #resolve(): Promise<void> {
    let askedAt = 0;
    const answer = await this.#hold.step((store, sid, owner) => {
      askedAt = this.#hold.now();
      return store.resolve(sid, owner);
    });
    if (answer === undefined || this.#isStopped) return;
    if (typeof answer === 'number') return this.#awaitResolution(answer);
    if (answer === 'fenced') return this.#owner.fenced();
    this.#isInDoubt = false;
    this.#doubted = this.#claimed = answer.claimed;
    this.#claimedAt = askedAt;
    this.#settlements.learn(answer);
    this.#pass(answer.done);
    this.next();
  }

  /** Everything up to `done` is settled, be it by others. */
  #pass(done: number): void {
    this.#begun = Math.max(this.#begun, done);
    while (this.#queue[0] && this.#queue[0].s <= done) this.#shift();
  }

  #shift(): void {
    this.#queuedBytes -= (this.#queue.shift() as Taken).bytes;
  }
}
