import fc from 'fast-check';
import { expect } from 'vitest';
import type { MemoryTopicStore } from '../../src/server/topics/memory-topic-store.js';
import type { Subscriptions } from '../../src/server/topics/subscriptions.js';
import type { Topics } from '../../src/server/topics/topics.js';
import { ManualClock } from './manual-clock.js';
import { TopicClient, type TopicTruth } from './topic-client.js';
import { draws, settled } from './topic-node.js';
import { TopicStoreLine } from './topic-store-line.js';

/** What is tried: the source as it is, or with a guard taken out. */
interface TopicParts {
  readonly MemoryTopicStore: typeof MemoryTopicStore;
  readonly Topics: typeof Topics;
  readonly Subscriptions: typeof Subscriptions;
}

const NODES = 2;
const CLIENTS = 3;
const ALL = { entries: Infinity, bytes: Infinity };
const STATE = { entries: 0, bytes: 0 };

/** Something that happens, to one of the nodes or clients. */
export interface Happening {
  readonly what: keyof typeof weights;
  readonly node: number;
  readonly client: number;
  readonly which: number;
}

/** How often each happens. */
const weights = {
  publish: 12,
  connect: 8,
  'read all': 8,
  serve: 8,
  answer: 8,
  tick: 3,
  cut: 3,
  'subscribe again': 2,
  offend: 1,
  slow: 2,
  drain: 3,
  hold: 2,
  heal: 1,
  break: 2,
  'arrive late': 1,
  deafen: 1,
  restart: 1,
  crowd: 1,
  'look ahead': 1,
  burst: 1,
};

export const happenings: fc.Arbitrary<readonly Happening[]> = fc.array(
  fc.record({
    what: fc.oneof(
      ...Object.entries(weights).map(([what, weight]) => ({
        weight,
        arbitrary: fc.constant(what as keyof typeof weights),
      })),
    ),
    node: fc.nat(NODES - 1),
    client: fc.nat(CLIENTS - 1),
    which: fc.nat(9),
  }),
  { maxLength: 60, size: 'max' },
);

/** One topic, two nodes over one store, and clients that follow it at either. */
export class TopicHistory implements TopicTruth {
  readonly #parts: TopicParts;
  readonly #maxEntries: number;
  readonly #clock = new ManualClock();
  readonly #random = draws();
  readonly #lines: readonly TopicStoreLine[];
  readonly #nodes: readonly Topics[];
  readonly #said = new Map<string, string>();
  /** In which life of the log each message came into it last. */
  readonly #logged = new Map<string, string>();
  /** Those that a log had twice in its life. */
  readonly #twice: string[] = [];
  #noted = { epoch: '', o: 0 };
  readonly clients: readonly TopicClient[];
  mayGap = false;
  #store: MemoryTopicStore;
  #published = 0;
  /** Those of which a node was told that the log has them. */
  readonly #done: string[] = [];

  /**
   * @param maxEntries - how many a log keeps
   * @param ignoresNumbers - whether clients pay no heed to the numbers of subscriptions
   */
  constructor(parts: TopicParts, maxEntries: number, ignoresNumbers = false) {
    this.#parts = parts;
    this.#maxEntries = maxEntries;
    this.#store = this.#newStore();
    const numbers = Array.from({ length: NODES }, (_, n) => n);
    this.#lines = numbers.map(
      () =>
        new TopicStoreLine(
          () => this.#store,
          () => this.#note(),
        ),
    );
    this.#nodes = this.#lines.map((store, n) => {
      const host = { clock: this.#clock, store, node: `n${n}`, report: () => undefined };
      return new parts.Topics(host);
    });
    this.clients = Array.from({ length: CLIENTS }, () => new TopicClient(this, ignoresNumbers));
  }

  said(epoch: string, o: number): string | undefined {
    return this.#said.get(`${epoch} ${o}`);
  }

  async happen({ what, node: n, client: c, which }: Happening): Promise<void> {
    const [line, node, client] = [this.#lines[n], this.#nodes[n], this.clients[c]];
    if (!line || !node || !client) return;
    switch (what) {
      case 'publish':
        this.#publish(node);
        break;
      case 'burst':
        for (let count = 0; count < 300; count++) this.#publish(node);
        break;
      case 'connect':
        this.#connect(client, node);
        break;
      case 'read all':
        client.readAll();
        break;
      case 'cut':
        client.cut();
        break;
      case 'subscribe again':
        // Twice at once: the first is given up while the application is asked.
        for (let count = 0; count <= which % 2; count++) client.subscribeAgain();
        break;
      case 'offend':
        client.offend('news');
        break;
      case 'slow':
      case 'drain':
        client.bufferedAmount = what === 'slow' ? 1 : 0;
        break;
      case 'look ahead':
        if (!client.cursor) break;
        this.mayGap = true;
        client.cursor = { ...client.cursor, o: client.cursor.o + which };
        this.#connect(client, node);
        break;
      case 'tick':
        this.#clock.advance(1_000);
        break;
      case 'hold':
        line.isHeld = true;
        break;
      case 'serve':
        await line.serve();
        break;
      case 'answer':
        line.answer(which);
        break;
      case 'heal':
        await line.heal();
        break;
      case 'break':
        line.break();
        break;
      case 'arrive late':
        await line.arriveLate();
        break;
      case 'deafen':
        line.isDeaf = true;
        break;
      case 'restart':
        this.mayGap = true;
        this.#store = this.#newStore();
        break;
      case 'crowd':
        this.mayGap = true;
        for (const topic of ['a', 'b', 'c']) await this.#store.publish(topic, 'x', 1, ['x']);
        break;
    }
    await settled();
  }

  /** All is well again, and after some seconds everybody has everything. */
  async end(): Promise<void> {
    for (let second = 0; second < 8; second++) {
      for (const line of this.#lines) await line.heal();
      for (const client of this.clients) client.bufferedAmount = 0;
      this.#clock.advance(1_000);
      await settled();
    }
    const { epoch, end } = await this.#store.read('news', 0, STATE);
    for (const client of this.clients) {
      client.readAll();
      if (client.isConnected)
        expect(client.cursor, 'where the log ends').toEqual({ epoch, o: end });
      client.cut();
    }
    if (!this.mayGap)
      for (const text of this.#done) expect([...this.#logged.keys()]).toContain(text);
    expect(this.#nodes.map(({ size }) => size)).toEqual([0, 0]);
    for (const node of this.#nodes) node.close();
    expect(this.#clock.pending).toEqual([]);
  }

  #newStore(): MemoryTopicStore {
    const options = { maxTopics: 2, maxEntries: this.#maxEntries };
    return new this.#parts.MemoryTopicStore(this.#random, options);
  }

  #connect(client: TopicClient, node: Topics): void {
    client.cut();
    client.connect(new this.#parts.Subscriptions(node, client, { maxBuffered: 0 }));
  }

  #publish(node: Topics): void {
    const text = `m${++this.#published}`;
    const done = (): unknown => this.#done.push(text);
    node.publish('news', text).then(done, () => undefined);
  }

  /** Notes what the log has, before anybody can have heard of it. */
  async #note(): Promise<void> {
    const { epoch, trimmed, end, entries } = await this.#store.read('news', 0, ALL);
    if (trimmed > 0) this.mayGap = true;
    const known = this.#noted.epoch === epoch ? this.#noted.o - trimmed : 0;
    for (const { o, payload } of entries.slice(Math.max(0, known))) {
      this.#said.set(`${epoch} ${o}`, payload as string);
      // In another life of the log, one may be there again whose first was lost with the life before.
      if (this.#logged.get(payload as string) === epoch) this.#twice.push(payload as string);
      this.#logged.set(payload as string, epoch);
    }
    if (known <= end - trimmed) this.#noted = { epoch, o: end };
  }
}
