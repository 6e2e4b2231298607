import { SocketError } from '../base/errors.js';
import type { SessionContext, TopicListener } from './contract.js';
import { SUBSCRIBE, type Subscription, UNSUBSCRIBE } from './wire/frames.js';
import { write } from './wire/write.js';

/** How long the subscriptions in a hello may be together, in characters: the others follow the welcome. */
const MOST_IN_HELLO = 32_768;

interface Subscribed {
  readonly topic: string;
  readonly listener: TopicListener;
  /** In which life of its log, and behind which entry, we are. */
  epoch: string | undefined;
  o: number | undefined;
  /** Whether the server has said that entries follow. */
  isLive: boolean;
}

/** What a session listens to: subscribed anew on each connection, from where it was. */
export class Subscriptions {
  readonly #context: Pick<SessionContext, 'decode' | 'host' | 'report'>;
  readonly #send: (frame: string) => boolean;
  /** By the numbers that they have on this connection, which are never used again. */
  readonly #byNumber = new Map<number, Subscribed>();
  #last = 0;
  /** Up to which number the hello has told of them, and which of those were ended before the welcome. */
  #told = 0;
  #ended: number[] = [];

  /** @param send - sends a frame, if the welcome has come. @returns whether it has */
  constructor(
    context: Pick<SessionContext, 'decode' | 'host' | 'report'>,
    send: (frame: string) => boolean,
  ) {
    this.#context = context;
    this.#send = send;
  }

  readonly subscribe = (topic: string, listener: TopicListener): (() => void) => {
    const subscribed: Subscribed = {
      topic,
      listener,
      epoch: undefined,
      o: undefined,
      isLive: false,
    };
    this.#begin(subscribed);
    return () => {
      for (const [i, other] of this.#byNumber) if (other === subscribed) this.#end(i);
    };
  };

  /** What the hello says of them. */
  hello(): Subscription[] {
    const all = [...this.#byNumber.values()];
    this.#byNumber.clear();
    this.#ended = [];
    const subs: Subscription[] = [];
    let size = 0;
    for (const subscribed of all) {
      const i = ++this.#last;
      this.#byNumber.set(i, subscribed);
      subscribed.isLive = false;
      const entry = entryOf(i, subscribed);
      size += JSON.stringify(entry).length + 1;
      if (size > MOST_IN_HELLO) continue;
      subs.push(entry);
      this.#told = i;
    }
    return subs;
  }

  /** The welcome has come: what was begun since the hello follows it, and what was ended since. */
  welcomed(): void {
    for (const i of this.#ended) this.#send(write([UNSUBSCRIBE, i]));
    for (const [i, subscribed] of this.#byNumber) if (i > this.#told) this.#tell(i, subscribed);
  }

  /**
   * The server says from where entries follow.
   *
   * @param error - why none do
   */
  subscribed(i: number, epoch: string, o: number, gap: boolean, error?: string | null): void {
    const subscribed = this.#byNumber.get(i);
    if (!subscribed) return;
    subscribed.isLive = typeof error !== 'string';
    if (!subscribed.isLive) return this.#context.host.failed(refusal());
    subscribed.epoch = epoch;
    subscribed.o = o;
    if (gap) this.#call(() => subscribed.listener.gap());
  }

  /** An entry of a topic has arrived, in so many frames. */
  entry(i: number, o: number, frames: readonly (string | ArrayBuffer)[]): void {
    const subscribed = this.#byNumber.get(i);
    if (!subscribed?.isLive) return;
    const cursor = subscribed.o ?? 0;
    if (o <= cursor) return;
    if (o > cursor + 1) {
      // One is missing: from where we are, then.
      this.#end(i);
      return this.#begin(subscribed);
    }
    for (const frame of frames) {
      this.#context.decode(frame, (message) => {
        this.#call(() => subscribed.listener.message(message));
      });
    }
    subscribed.o = o;
  }

  #begin(subscribed: Subscribed): void {
    subscribed.isLive = false;
    const i = ++this.#last;
    this.#byNumber.set(i, subscribed);
    this.#tell(i, subscribed);
  }

  #tell(i: number, subscribed: Subscribed): void {
    this.#send(write([SUBSCRIBE, ...entryOf(i, subscribed)]));
  }

  #end(i: number): void {
    this.#byNumber.delete(i);
    if (!this.#send(write([UNSUBSCRIBE, i])) && i <= this.#told) this.#ended.push(i);
  }

  #call(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      this.#context.report(error);
    }
  }
}

const entryOf = (i: number, { topic, epoch, o }: Subscribed): Subscription =>
  epoch === undefined || o === undefined ? [i, topic] : [i, topic, epoch, o];

const refusal = (): SocketError =>
  new SocketError('rejected', 'the server does not let us subscribe to a topic');
