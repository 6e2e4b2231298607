import { number, section, type Settled } from '../../base/rules.js';
import type { Encoded } from '../../outbox/payload.js';
import { TopicLog } from './topic-log.js';
import type { PageSize, TopicPage, TopicStore } from './topic-store.js';

/** How much of the topics is kept in memory. */
export interface MemoryTopicOptions {
  /**
   * How many logs are kept. Of those to which nobody listens, the one that was not used for longest goes first; where
   * somebody listens to so many, all of these stay.
   *
   * @defaultValue 10000
   */
  readonly maxTopics?: number | undefined;
  /** How many entries a log keeps. @defaultValue 1000 */
  readonly maxEntries?: number | undefined;
  /** How large the entries of a log may be together, in bytes; the last one stays. @defaultValue 262144 */
  readonly maxBytes?: number | undefined;
  /** How large all logs may be together, in bytes, before those go to which nobody listens. @defaultValue 67108864 */
  readonly maxTotalBytes?: number | undefined;
}

const settle = /* @__PURE__ */ section<Settled<MemoryTopicOptions>>(() => ({
  maxTopics: number(10_000),
  maxEntries: number(1_000),
  maxBytes: number(262_144),
  maxTotalBytes: number(67_108_864),
}));

/** The logs of topics in this process: with it they go. */
export class MemoryTopicStore implements TopicStore {
  readonly #options: Settled<MemoryTopicOptions>;
  readonly #random: () => number;
  readonly #logs = new Map<string, TopicLog>();
  /** Those to which nobody listens; the one that was not used for longest comes first. */
  readonly #idle = new Set<string>();
  #bytes = 0;

  /**
   * @param random - anywhere in `[0, 1)`: an epoch must not come twice
   * @throws {@link SocketError} `options`
   */
  constructor(random: () => number, options?: MemoryTopicOptions) {
    this.#random = random;
    this.#options = settle(options, 'topics');
  }

  // Steps of a store are asynchronous, though this one has its answers at once.
  // eslint-disable-next-line @typescript-eslint/require-await
  async publish(
    topic: string,
    node: string,
    first: number,
    payloads: readonly Encoded[],
  ): Promise<void> {
    const log = this.#open(topic);
    const before = log.bytes;
    log.append(node, first, payloads);
    log.trim(this.#options.maxEntries, this.#options.maxBytes);
    this.#bytes += log.bytes - before;
    this.#makeRoom(topic);
    log.wake();
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- likewise
  async read(topic: string, after: number, size: PageSize): Promise<TopicPage> {
    const page = this.#open(topic).read(after, size);
    this.#makeRoom(topic);
    return page;
  }

  watch(topic: string, wake: () => void): () => void {
    const log = this.#open(topic);
    this.#idle.delete(topic);
    log.watchers.add(wake);
    this.#makeRoom(topic);
    return () => {
      if (log.watchers.delete(wake) && log.watchers.size === 0) this.#idle.add(topic);
    };
  }

  /** The log of a topic, as the one that was used last. */
  #open(topic: string): TopicLog {
    let log = this.#logs.get(topic);
    if (!log) this.#logs.set(topic, (log = new TopicLog(this.#newEpoch())));
    this.#idle.delete(topic);
    if (log.watchers.size === 0) this.#idle.add(topic);
    return log;
  }

  /** Logs without listeners go until the rest fits; the one in use stays. */
  #makeRoom(inUse: string): void {
    const { maxTopics, maxTotalBytes } = this.#options;
    for (const topic of this.#idle) {
      if (this.#logs.size <= maxTopics && this.#bytes <= maxTotalBytes) return;
      if (topic === inUse) return;
      this.#bytes -= this.#logs.get(topic)?.bytes ?? 0;
      this.#logs.delete(topic);
      this.#idle.delete(topic);
    }
  }

  /** Twice, since one draw has no more than 52 bits. */
  #newEpoch(): string {
    const draw = (): string => this.#random().toString(36).slice(2, 10);
    return draw() + draw();
  }
}
