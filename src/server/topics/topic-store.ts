import type { Encoded } from '../../outbox/payload.js';

/** One message of a topic. */
export interface TopicEntry {
  /** Its number: they count from 1 in each life of a log. */
  readonly o: number;
  /** As it goes over the line. */
  readonly payload: Encoded;
}

/** A piece of a topic's log, and how the log stood when it was read. */
export interface TopicPage {
  /** Another one for each life of the log: where that begins anew, numbers mean something else. */
  readonly epoch: string;
  /** Up to which number everything is gone, for want of room; 0 as long as nothing is. */
  readonly trimmed: number;
  /** The number of the last entry; 0 where there is none. */
  readonly end: number;
  /** In order and without a hole: they begin with the first one that there is after what was asked for. */
  readonly entries: readonly TopicEntry[];
}

/** How much of a log is read at a time. */
export interface PageSize {
  /** How many entries; with 0, it is told how the log stands. */
  readonly entries: number;
  /** How large they are together; the first may be larger. */
  readonly bytes: number;
}

/**
 * Where the logs of topics are: one bounded log for each, whoever listens and however many do. Each step is atomic, and
 * may be repeated when its answer was lost.
 */
export interface TopicStore {
  /**
   * Puts messages at the end of a topic's log, which begins its life with that if there was none. A node counts what
   * it publishes, and has one step under way for each topic: of what is sent again, the log takes what it does not
   * have yet.
   *
   * @param node - who publishes: another name at each start
   * @param first - the count of the first of them; that of each other one is one higher than the one before
   */
  publish(topic: string, node: string, first: number, payloads: readonly Encoded[]): Promise<void>;

  /**
   * Reads on behind `after`. A topic in which nobody has spoken yet has an empty log, and its life begins with this: who
   * has read that hears all of it.
   */
  read(topic: string, after: number, size: PageSize): Promise<TopicPage>;

  /**
   * Calls `wake` when there may be something new to read. It is a hint: it may come late, for nothing, or not at all.
   * For as long as somebody watches, the log's life goes on, as far as that is in the store's power.
   *
   * @returns what stops that
   */
  watch(topic: string, wake: () => void): () => void;
}
