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
  /**
   * Behind what it goes on without a gap, as far as can be told from what it heard; unknown before the server has said,
   * and after a gap.
   */
  places: readonly Place[] | undefined;
  /** What it has heard, and how often: a log that was lost may begin anew with what was under way. */
  readonly heard: Map<number, number>;
}

/** The rules for topics: nothing is missing without a gap, nothing comes twice, all in order. */
export class TopicMessages {
  readonly #violations: Violations;
  /** By messages: in each life of the log no more than one. */
  readonly #places = new Map<number, readonly Place[]>();
  /** By topic, epoch and number. */
  readonly #entries = new Map<string, number>();
  /** The last message that the store has taken into each topic. */
  readonly last = new Map<string, number>();

  constructor(violations: Violations) {
    this.#violations = violations;
  }

  listen(topic: string): Hearing {
    return { topic, places: undefined, heard: new Map() };
  }

  /** A server hands an entry to a connection. */
  transmitted(topic: string, epoch: string, o: number, n: number): void {
    const name = `${topic}/${epoch}/${o}`;
    const before = this.#entries.get(name);
    this.#violations.expect((before ?? n) === n, `${name} was ${before}, and is now ${n}`);
    const places = this.#places.get(n) ?? [];
    const known = places.find((place) => place.epoch === epoch || place.topic !== topic);
    if (known) {
      const isSame = known.o === o && known.topic === topic;
      this.#violations.expect(
        isSame,
        `${n} is ${name}, and ${known.topic}/${known.epoch}/${known.o}`,
      );
      return;
    }
    this.#entries.set(name, n);
    this.#places.set(n, [...places, { topic, epoch, o }]);
  }

  /** The client was told where its subscription begins. */
  begun(hearing: Hearing, epoch: string, o: number): void {
    hearing.places ??= [{ topic: hearing.topic, epoch, o }];
  }

  heard(hearing: Hearing, n: number): void {
    const { topic, places, heard } = hearing;
    const own = this.#places.get(n) ?? [];
    this.#violations.expect(own[0]?.topic === topic, `${n} is heard in ${topic}`);
    const count = (heard.get(n) ?? 0) + 1;
    this.#violations.expect(count <= own.length, `${n} is heard again in ${topic}`);
    heard.set(n, count);
    const next = own.filter(({ epoch, o }) => {
      return !places || places.some((place) => place.epoch === epoch && place.o + 1 === o);
    });
    const at = `${told(own)} is heard after ${told(places ?? [])}`;
    this.#violations.expect(next.length > 0, `${topic}: ${at}`);
    hearing.places = next;
  }

  gap(hearing: Hearing): void {
    hearing.places = undefined;
  }
}

const told = (places: readonly Place[]): string =>
  places.map(({ epoch, o }) => `${epoch}/${o}`).join(' or ');
