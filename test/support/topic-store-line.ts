import type { Encoded } from '../../src/outbox/payload.js';
import type { PageSize, TopicStore } from '../../src/server/topics/topic-store.js';

/** One step on its way to the store and back. */
interface Request {
  readonly run: () => Promise<unknown>;
  readonly answer: (result: Promise<unknown>) => void;
  /** Who has asked was told that it has failed. */
  isLost: boolean;
}

/** A node's line to a store that others use too, and that may be another one tomorrow. */
export class TopicStoreLine implements TopicStore {
  readonly #store: () => TopicStore;
  readonly #published: () => Promise<void>;
  /** What has not reached the store; what has, and was not answered; what arrives there long after it was given up. */
  #requests: Request[] = [];
  #answers: { readonly request: Request; readonly result: Promise<unknown> }[] = [];
  #late: Request[] = [];
  /** Nothing gets through until it is let through. */
  isHeld = false;
  /** Nobody is woken. */
  isDeaf = false;

  /** @param published - called when the store has something new */
  constructor(store: () => TopicStore, published: () => Promise<void>) {
    this.#store = store;
    this.#published = published;
  }

  publish(topic: string, node: string, first: number, payloads: readonly Encoded[]): Promise<void> {
    const run = async (): Promise<void> => {
      const published = this.#store().publish(topic, node, first, payloads);
      // At once, before anything else changes it.
      await Promise.all([published, this.#published()]);
    };
    return this.#ask(run) as Promise<void>;
  }

  read(topic: string, after: number, size: PageSize) {
    const run = () => this.#store().read(topic, after, size);
    return this.#ask(run) as ReturnType<typeof run>;
  }

  watch(topic: string, wake: () => void): () => void {
    return this.#store().watch(topic, () => {
      if (!this.isDeaf) wake();
    });
  }

  /** The next request reaches the store. */
  async serve(): Promise<void> {
    const request = this.#requests.shift();
    if (!request) return;
    const result = request.run();
    this.#answers.push({ request, result });
    await result.catch(() => undefined);
  }

  /** One of the answers arrives, in whatever order. */
  answer(which: number): void {
    const [answered] = this.#answers.splice(which % this.#answers.length || 0, 1);
    if (answered && !answered.request.isLost) answered.request.answer(answered.result);
  }

  /** The line breaks: nobody knows what has arrived, and some of it does so later. */
  break(): void {
    this.#late.push(...this.#requests);
    const open = [...this.#requests, ...this.#answers.map(({ request }) => request)];
    for (const request of open) {
      request.isLost = true;
      request.answer(Promise.reject(new Error('the line to the store is broken')));
    }
    this.#requests = [];
    this.#answers = [];
  }

  /** Something arrives that was given up long ago. */
  async arriveLate(): Promise<void> {
    const request = this.#late.shift();
    await request?.run().catch(() => undefined);
  }

  /** Everything gets through from now on. */
  async heal(): Promise<void> {
    this.isHeld = false;
    while (this.#requests.length > 0) await this.serve();
    while (this.#answers.length > 0) this.answer(0);
  }

  #ask(run: () => Promise<unknown>): Promise<unknown> {
    if (!this.isHeld) return run();
    return new Promise((answer) => this.#requests.push({ run, answer, isLost: false }));
  }
}
