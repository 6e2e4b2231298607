import type { PageSize, TopicPage, TopicStore } from './topic-store.js';

/** A page, and when it was asked for: what was asked for later knows better. */
export interface Reading extends TopicPage {
  readonly turn: number;
}

/** What the reader hands its pages to. */
interface Follower {
  receive(reading: Reading): void;
}

const PAGE: PageSize = { entries: 256, bytes: 262_144 };
const STATE: PageSize = { entries: 0, bytes: 0 };

/** Reads one topic's log, once for all who follow it on this node. */
export class TopicReader {
  readonly topic: string;
  readonly followers = new Set<Follower>();
  readonly #store: TopicStore;
  readonly #report: (error: unknown) => void;
  readonly #stopWatching: () => void;
  /** How far it has read, in which life of the log. */
  #epoch: string | undefined;
  #position = 0;
  /** When that was asked for. */
  #turn = 0;
  #turns = 0;
  #isReading = false;
  /** Something may have come since the read that is under way was asked for. */
  #isBehind = false;
  /** Whether the store failed last: it is told once, not for everybody who reads. */
  #hasFailed = false;
  /** Reads that are under way, by what they are behind: many come back at once, and from the same place. */
  readonly #underWay = new Map<number | undefined, Promise<Reading>>();

  /** @param report - told when the store fails, until it works again */
  constructor(topic: string, store: TopicStore, report: (error: unknown) => void) {
    this.topic = topic;
    this.#store = store;
    this.#report = report;
    this.#stopWatching = this.#watch();
    this.wake();
  }

  /** A wake-up is a hint: where the store has none to give, it is read every second all the same. */
  #watch(): () => void {
    try {
      return this.#store.watch(this.topic, () => this.wake());
    } catch (error) {
      this.#report(error);
      return () => undefined;
    }
  }

  /** There may be something new. */
  wake(): void {
    if (this.#isReading) this.#isBehind = true;
    else void this.#readOn();
  }

  /** Whether there is something behind `cursor` that was read with a later turn. */
  knowsMore(epoch: string | undefined, cursor: number, turn: number): boolean {
    return this.#turn > turn && this.#epoch === epoch && this.#position > cursor;
  }

  /**
   * Reads behind `after`; without it, how the log stands.
   *
   * @throws what the store throws
   */
  read(after?: number): Promise<Reading> {
    const underWay = this.#underWay.get(after);
    if (underWay) return underWay;
    const reading = this.#ask(after, ++this.#turns).finally(() => this.#underWay.delete(after));
    this.#underWay.set(after, reading);
    return reading;
  }

  stop(): void {
    this.#stopWatching();
    this.followers.clear();
  }

  async #ask(after: number | undefined, turn: number): Promise<Reading> {
    try {
      const size = after === undefined ? STATE : PAGE;
      const { epoch, trimmed, end, entries } = await this.#store.read(this.topic, after ?? 0, size);
      this.#hasFailed = false;
      return { epoch, trimmed, end, entries, turn };
    } catch (error) {
      if (!this.#hasFailed) this.#report(error);
      this.#hasFailed = true;
      throw error;
    }
  }

  async #readOn(): Promise<void> {
    this.#isReading = true;
    try {
      do {
        this.#isBehind = false;
        this.#hasRead(await this.read(this.#epoch === undefined ? undefined : this.#position));
      } while (this.#mustReadOn());
    } catch {
      // Reported; it is read again with the next wake-up, or after a while.
    }
    this.#isReading = false;
  }

  #mustReadOn(): boolean {
    return this.#isBehind && this.followers.size > 0;
  }

  #hasRead(reading: Reading): void {
    const { epoch, end, entries, turn } = reading;
    const isContinued = epoch === this.#epoch && entries.length > 0;
    this.#position = isContinued ? (entries.at(-1)?.o as number) : end;
    this.#epoch = epoch;
    this.#turn = turn;
    if (this.#position < end) this.#isBehind = true;
    for (const follower of this.followers) follower.receive(reading);
  }
}
