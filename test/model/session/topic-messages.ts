import type { Violations } from './violations.js';

/** What there is to subscribe to. */
export const TOPICS = ['one', 'two'];

/** Where a message is in its topic. */
interface Place {
  readonly topic: string;
  readonly epoch: string;
  readonly o: number;
}

/** What a listener to a topic has heard. */
export interface Hearing {
  readonly topic: string;
  /** Behind what it goes on without a gap; unknown before the server has said, and after a gap. */
  place: Place | undefined;
  /** What it has heard, and in which life of the log: one that was lost may begin anew with what was under way. */
  readonly heard: Map<number, string | undefined>;
}

/** The rules for topics: nothing is missing without a gap, nothing comes twice, all in order. */
export class TopicMessages {
  readonly #violations: Violations;
  /** By messages. */
  readonly #places = new Map<number, Place>();
  /** By topic, epoch and number. */
  readonly #entries = new Map<string, number>();
  /** The last message that the store has taken into each topic. */
  readonly last = new Map<string, number>();

  constructor(violations: Violations) {
    this.#violations = violations;
  }

  listen(topic: string): Hearing {
    return { topic, place: undefined, heard: new Map() };
  }

  /** A server hands an entry to a connection. */
  transmitted(topic: string, epoch: string, o: number, n: number): void {
    const name = `${topic}/${epoch}/${o}`;
    const before = this.#entries.get(name);
    this.#violations.expect((before ?? n) === n, `${name} was ${before}, and is now ${n}`);
    const known = this.#places.get(n);
    if (known && (known.epoch === epoch || known.topic !== topic)) {
      const isSame = known.o === o && known.topic === topic;
      this.#violations.expect(
        isSame,
        `${n} is ${name}, and ${known.topic}/${known.epoch}/${known.o}`,
      );
      return;
    }
    this.#entries.set(name, n);
    this.#places.set(n, { topic, epoch, o });
  }

  /** The client was told where its subscription begins. */
  begun(hearing: Hearing, epoch: string, o: number): void {
    hearing.place ??= { topic: hearing.topic, epoch, o };
  }

  heard(hearing: Hearing, n: number): void {
    const { topic, place, heard } = hearing;
    const own = this.#places.get(n);
    this.#violations.expect(own?.topic === topic, `${n} is heard in ${topic}`);
    const isAgain = heard.has(n) && heard.get(n) === own?.epoch;
    this.#violations.expect(!isAgain, `${n} is heard again in ${topic}`);
    heard.set(n, own?.epoch);
    if (!own) return;
    const isNext = !place || (place.epoch === own.epoch && place.o + 1 === own.o);
    const at = `${own.epoch}/${own.o}`;
    this.#violations.expect(isNext, `${topic}: ${at} is heard after ${place?.epoch}/${place?.o}`);
    hearing.place = own;
  }

  gap(hearing: Hearing): void {
    hearing.place = undefined;
  }
}
