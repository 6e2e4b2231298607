import { type Encoded, sizeOf } from '../../outbox/payload.js';
import type { PageSize, TopicEntry, TopicPage } from './topic-store.js';

/** Of how many nodes a log remembers what they have published last; those long gone send nothing again. */
const MOST_NODES = 64;

interface KeptEntry extends TopicEntry {
  readonly bytes: number;
}

/** What was said in a topic last, in memory. */
export class TopicLog {
  readonly epoch: string;
  readonly watchers = new Set<() => void>();
  /** From `#first` on; what was trimmed is passed over. */
  #entries: (KeptEntry | undefined)[] = [];
  #first = 0;
  #end = 0;
  #bytes = 0;
  /** The count of each node's last message; who has spoken last comes last. */
  readonly #counts = new Map<string, number>();

  constructor(epoch: string) {
    this.epoch = epoch;
  }

  /** How large its entries are together. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds what it does not have yet. */
  append(node: string, first: number, payloads: readonly Encoded[]): void {
    let last = this.#counts.get(node) ?? 0;
    let count = first;
    for (const payload of payloads) {
      if (count > last) this.#add(payload);
      last = Math.max(last, count++);
    }
    this.#counts.delete(node);
    this.#counts.set(node, last);
    if (this.#counts.size > MOST_NODES) {
      const [oldest] = this.#counts.keys();
      this.#counts.delete(oldest as string);
    }
  }

  /** Lets the oldest go until the rest fits; the last one stays. */
  trim(maxEntries: number, maxBytes: number): void {
    while (this.#count > 1 && (this.#count > maxEntries || this.#bytes > maxBytes)) {
      this.#bytes -= (this.#entries[this.#first] as KeptEntry).bytes;
      this.#entries[this.#first++] = undefined;
    }
    // To shift a long array would move all of it each time.
    if (this.#first * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#first);
      this.#first = 0;
    }
  }

  read(after: number, size: PageSize): TopicPage {
    const trimmed = this.#end - this.#count;
    const from = this.#first + Math.max(0, after - trimmed);
    let to = from;
    let bytes = 0;
    while (to < this.#entries.length && to - from < size.entries) {
      bytes += (this.#entries[to] as KeptEntry).bytes;
      if (to > from && bytes > size.bytes) break;
      to++;
    }
    const entries = this.#entries.slice(from, to) as KeptEntry[];
    return { epoch: this.epoch, trimmed, end: this.#end, entries };
  }

  wake(): void {
    for (const wake of this.watchers) wake();
  }

  #add(payload: Encoded): void {
    const entry = { o: ++this.#end, payload, bytes: sizeOf(payload) };
    this.#entries.push(entry);
    this.#bytes += entry.bytes;
  }

  get #count(): number {
    return this.#entries.length - this.#first;
  }
}
