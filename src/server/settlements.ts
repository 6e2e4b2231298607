import type { Incoming } from '../session/incoming.js';
import type { Failure } from '../session/wire/frames.js';
import type { Hold } from './hold.js';
import { WINDOW } from '../session/wire/bounds.js';

/** What came of messages, as far as the client is to hear of it. */
export interface Outcomes {
  /** Up to where they are settled. */
  readonly done: number;
  /** Those among them that were not handled. */
  readonly fails: readonly Failure[];
}

/** Whom it tells. */
export interface SettlementsOwner {
  /** The client is to hear that a message was not handled. */
  fail(failure: Failure): void;
  /** The store says that another has the session. */
  fenced(): void;
  /** The store has all that is done. */
  rested(): void;
}

/** What has come of a client's messages: the store is told first, all of it at once, and then the client. */
export class Settlements {
  readonly #owner: SettlementsOwner;
  readonly #hold: Hold;
  readonly #incoming: Incoming;
  /** The last that is done, and the last that the store knows to be. */
  #handled: number;
  #recorded: number;
  /** Those that failed and are not recorded, and how large all are that are not. */
  #news: Failure[] = [];
  #bytes = 0;
  /** Those that the store has, as far as the client may not know of them. */
  #failures: readonly Failure[];
  /** Up to where the client knows which have failed: its welcome told. */
  #told = 0;
  #isRecording = false;

  constructor(owner: SettlementsOwner, hold: Hold, incoming: Incoming, { done, fails }: Outcomes) {
    this.#owner = owner;
    this.#hold = hold;
    this.#incoming = incoming;
    this.#handled = this.#recorded = done;
    this.#failures = fails;
  }

  /** Whether the store has all that is done. */
  get isRecorded(): boolean {
    return this.#recorded === this.#handled;
  }

  /** A message is done, or was not handled. */
  add(s: number, bytes: number, why: Failure[1] | undefined): void {
    this.#handled = Math.max(this.#handled, s);
    this.#bytes += bytes;
    if (why) this.#news.push([s, why]);
  }

  async record(): Promise<void> {
    if (this.#isRecording) return;
    this.#isRecording = true;
    while (this.#recorded < this.#handled) {
      const [to, fails, bytes] = [this.#handled, this.#news, this.#bytes];
      this.#news = [];
      this.#bytes = 0;
      let answer = await this.#settle(this.#recorded + 1, to, fails);
      // The store has lost that what comes before is settled.
      if (answer === 'hole') answer = await this.#settle(1, to, [...this.#failures, ...fails]);
      if (answer !== 'done') {
        if (answer) this.#owner.fenced();
        break;
      }
      this.#recorded = Math.max(this.#recorded, to);
      this.#tell(fails);
      this.#incoming.settle(to, bytes);
    }
    this.#isRecording = false;
    if (this.isRecorded) this.#owner.rested();
  }

  /** The store has it from others. */
  learn({ done, fails }: Outcomes): void {
    this.#raise(done);
    this.#tell(fails);
    // What the client has said again by now it waits for; what it says later, it is told then.
    if (done <= this.#incoming.taken) this.#incoming.settle(done, 0);
    else this.#incoming.raise(done);
  }

  /**
   * What the client is to be told with a welcome: what the store has said of it, and what it has said since.
   *
   * @param acked - up to where the client knows
   */
  resume(stored: Outcomes, acked: number): Outcomes {
    const done = Math.max(stored.done, this.#recorded);
    this.#raise(done);
    this.#incoming.raise(done);
    this.#keep(stored.fails);
    this.#failures = this.#failures.filter(([s]) => s > acked);
    this.#told = done;
    return { done, fails: this.#failures };
  }

  #settle(from: number, to: number, fails: readonly Failure[]) {
    return this.#hold.step((store, sid, owner) => store.settle(sid, owner, { from, to, fails }));
  }

  #raise(done: number): void {
    this.#handled = Math.max(this.#handled, done);
    this.#recorded = Math.max(this.#recorded, done);
  }

  #keep(fails: readonly Failure[]): void {
    const last = this.#failures.at(-1)?.[0] ?? 0;
    const news = fails.filter(([s]) => s > last);
    if (news.length > 0) this.#failures = [...this.#failures, ...news].slice(-WINDOW);
  }

  #tell(fails: readonly Failure[]): void {
    this.#keep(fails);
    for (const failure of fails) if (failure[0] > this.#told) this.#owner.fail(failure);
  }
}
