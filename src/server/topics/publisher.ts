import { SocketError } from '../../base/errors.js';
import type { Encoded } from '../../outbox/payload.js';
import type { Clock, Timer } from '../../platform/clock.js';
import type { TopicStore } from './topic-store.js';

/** How many messages may wait for the store in a topic, and how many go there at once. */
const MOST_WAITING = 10_000;
const MOST_AT_ONCE = 256;
/** When the store fails, how often it is tried again, and after how many milliseconds. */
const RETRIES = 3;
const PAUSE = 1_000;

interface Waiting {
  readonly payload: Encoded;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** Messages that are on their way into the log of one topic, in their order. */
interface Queue {
  readonly topic: string;
  readonly waiting: Waiting[];
  /** Those that the store was given, and how the first is counted: what is sent again keeps its count. */
  underWay: readonly Waiting[];
  first: number;
  tries: number;
  timer: Timer;
}

/**
 * Puts messages into the logs of topics, from one node. Each has a count, by which the store knows it again when its
 * answer was lost; so that counts arrive in their order, a topic has one step under way, with all that has come meanwhile
 * in the next.
 */
export class Publisher {
  readonly #clock: Clock;
  readonly #store: TopicStore;
  readonly #node: string;
  readonly #queues = new Map<string, Queue>();
  #count = 0;
  #isOver = false;

  /** @param node - another name at each start: its counts begin anew */
  constructor(clock: Clock, store: TopicStore, node: string) {
    this.#clock = clock;
    this.#store = store;
    this.#node = node;
  }

  /**
   * @returns settles once the log has it; after a rejection, it may have it or not
   * @throws {@link SocketError} `queue-full`, `closed`; or what the store throws
   */
  publish(topic: string, payload: Encoded): Promise<void> {
    return new Promise((done, failed) => {
      if (this.#isOver) throw new SocketError('closed', 'the server is closed');
      const queue = this.#queueOf(topic);
      if (queue.waiting.length >= MOST_WAITING) {
        throw new SocketError('queue-full', 'too many messages wait for the store of topics');
      }
      queue.waiting.push({ payload, done, failed });
      if (queue.underWay.length === 0) this.#next(queue);
    });
  }

  /** What is not yet in a log is given up. */
  close(): void {
    this.#isOver = true;
    for (const queue of this.#queues.values()) {
      this.#clock.cancel(queue.timer);
      this.#fail(queue, new SocketError('closed', 'the server is closed'));
      for (const { failed } of queue.waiting) {
        failed(new SocketError('closed', 'the server is closed'));
      }
    }
    this.#queues.clear();
  }

  #queueOf(topic: string): Queue {
    let queue = this.#queues.get(topic);
    if (!queue) {
      queue = { topic, waiting: [], underWay: [], first: 0, tries: 0, timer: undefined };
      this.#queues.set(topic, queue);
    }
    return queue;
  }

  #next(queue: Queue): void {
    if (this.#isOver) return;
    queue.underWay = queue.waiting.splice(0, MOST_AT_ONCE);
    if (queue.underWay.length === 0) {
      this.#queues.delete(queue.topic);
      return;
    }
    queue.first = this.#count + 1;
    this.#count += queue.underWay.length;
    queue.tries = 0;
    void this.#send(queue);
  }

  async #send(queue: Queue): Promise<void> {
    const { topic, first, underWay } = queue;
    try {
      const payloads = underWay.map(({ payload }) => payload);
      await this.#store.publish(topic, this.#node, first, payloads);
      for (const { done } of underWay) done();
    } catch (error) {
      if (this.#isOver) return;
      if (queue.tries++ < RETRIES) {
        queue.timer = this.#clock.after(PAUSE, () => void this.#send(queue));
        return;
      }
      this.#fail(queue, error);
    }
    this.#next(queue);
  }

  #fail(queue: Queue, error: unknown): void {
    for (const { failed } of queue.underWay) failed(error);
  }
}
