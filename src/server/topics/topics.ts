import type { Encoded } from '../../outbox/payload.js';
import type { Clock, Timer } from '../../platform/clock.js';
import { type Cursor, Follower, type FollowerOwner } from './follower.js';
import { Publisher } from './publisher.js';
import { TopicReader } from './topic-reader.js';
import type { TopicStore } from './topic-store.js';

/** How often each topic is read though nothing was heard of it, in milliseconds: a wake-up is a hint. */
const INTERVAL = 1_000;
/** How many topics may be followed on a node at once, whoever follows them. */
const MOST_TOPICS = 10_000;

/** What the topics of a node need of it. */
export interface TopicsHost {
  readonly clock: Clock;
  readonly store: TopicStore;
  /** The name of this node: another one at each start. */
  readonly node: string;
  /** Told when the store fails. */
  readonly report: (error: unknown) => void;
  /** How many topics may be followed here at once. @defaultValue 10000 */
  readonly mostTopics?: number;
}

/** The topics of one node: those that are followed here, and what is published from here. */
export class Topics {
  readonly #host: TopicsHost;
  readonly #publisher: Publisher;
  readonly #readers = new Map<string, TopicReader>();
  #timer: Timer;

  constructor(host: TopicsHost) {
    this.#host = host;
    this.#publisher = new Publisher(host.clock, host.store, host.node);
  }

  /** How many topics are followed here. */
  get size(): number {
    return this.#readers.size;
  }

  /**
   * @returns settles once the log has it; after a rejection, it may have it or not
   * @throws {@link SocketError} `queue-full`, `closed`; or what the store throws
   */
  publish(topic: string, payload: Encoded): Promise<void> {
    return this.#publisher.publish(topic, payload);
  }

  /**
   * @param cursor - `undefined` where everything from now on is wanted
   * @returns `undefined` where too many topics are followed
   */
  follow(topic: string, cursor: Cursor | undefined, owner: FollowerOwner): Follower | undefined {
    const reader = this.#readerOf(topic);
    return reader && new Follower(reader, cursor, owner);
  }

  unfollow(follower: Follower): void {
    const { reader } = follower;
    follower.stop();
    if (reader.followers.size > 0 || this.#readers.get(reader.topic) !== reader) return;
    this.#readers.delete(reader.topic);
    reader.stop();
    if (this.#readers.size === 0) this.#rest();
  }

  /** Nothing is read any more, and what is not yet in a log is given up. */
  close(): void {
    for (const reader of this.#readers.values()) reader.stop();
    this.#readers.clear();
    this.#rest();
    this.#publisher.close();
  }

  #readerOf(topic: string): TopicReader | undefined {
    let reader = this.#readers.get(topic);
    if (!reader && this.#readers.size < (this.#host.mostTopics ?? MOST_TOPICS)) {
      const { store, report } = this.#host;
      this.#readers.set(topic, (reader = new TopicReader(topic, store, report)));
      if (this.#readers.size === 1) this.#wait();
    }
    return reader;
  }

  #wait(): void {
    this.#timer = this.#host.clock.after(INTERVAL, () => {
      this.#wait();
      for (const reader of this.#readers.values()) reader.wake();
    });
  }

  #rest(): void {
    this.#host.clock.cancel(this.#timer);
  }
}
