import { type Encoded, sizeOf } from '../../outbox/payload.js';
import { LONGEST_TOPIC } from '../../session/wire/bounds.js';
import { SUBSCRIBED } from '../../session/wire/frames.js';
import { WireError } from '../../session/wire/read.js';
import { write, writeEntry } from '../../session/wire/write.js';
import type { Cursor, Follower, FollowerOwner } from './follower.js';
import type { Topics } from './topics.js';

/** What the subscriptions of a connection need of it. None of it throws but `authorize`. */
export interface SubscriptionsOwner {
  /** How many bytes wait to be sent. */
  readonly bufferedAmount: number;
  /** Sends it; the frames of an array one behind the other. */
  send(frame: Encoded): void;
  /** Sends what the client has asked for. */
  answer(frame: string): void;
  /** Whether its session may follow the topic: it may if this gives `true`, now or later, and nothing else. */
  authorize(topic: string): unknown;
  /** `authorize` has failed: the topic was denied. */
  failed(error: unknown): void;
  /** The client was told that it may not follow a topic: at all, or for its name, or because that would be too many. */
  refused(why: Refused): void;
}

/** What one connection may ask for. */
export interface SubscriptionLimits {
  /** How many topics it may follow at once. @defaultValue 100 */
  readonly maxTopics?: number;
  /**
   * When more bytes than that wait to be sent, subscribers are no longer pushed to, and read on from the log later.
   *
   * @defaultValue 262144
   */
  readonly maxBuffered?: number;
}

/** Why a topic is not followed, in the client's words. */
type Refused = 'denied' | 'refused';

/** A topic as its client asked for it. @see the `Subscribe` frame */
type Asked = readonly [i: number, topic: string, epoch?: string | null, o?: number | null];

/** The subscriptions of one connection: with it they end, and the next one begins with those of its hello. */
export class Subscriptions {
  readonly #topics: Topics;
  readonly #owner: SubscriptionsOwner;
  readonly #maxTopics: number;
  readonly #maxBuffered: number;
  readonly #open = new Map<number, Subscription>();
  /** Those that were given up while the application was asked: it is still at work for them. */
  #abandoned = 0;
  /** The highest number that the client has given to one: each is higher than those before it. */
  #highest = -1;
  #isOver = false;
  /** How large the largest entry was that was sent, in bytes at the most. */
  #largest = 0;

  constructor(topics: Topics, owner: SubscriptionsOwner, limits: SubscriptionLimits = {}) {
    this.#topics = topics;
    this.#owner = owner;
    this.#maxTopics = limits.maxTopics ?? 100;
    this.#maxBuffered = limits.maxBuffered ?? 262_144;
  }

  /** How much may wait to be sent to a client that reads slowly, entries included. */
  get mostWaiting(): number {
    return this.#largest > 0 ? this.#maxBuffered + this.#largest : 0;
  }

  /** Whether so much waits that nothing is to be pushed. */
  get isSlow(): boolean {
    return this.#owner.bufferedAmount > this.#maxBuffered;
  }

  answer(frame: string): void {
    this.#owner.answer(frame);
  }

  /** Sends what is pushed. */
  push(frame: Encoded): void {
    this.#largest = Math.max(this.#largest, mostBytes(frame));
    this.#owner.send(frame);
  }

  /**
   * Those of the hello, in any order.
   *
   * @throws {@link WireError} 1002 where two have the same number
   */
  resume(all: readonly Asked[]): void {
    for (const asked of [...all].sort(([one], [other]) => one - other)) this.subscribe(...asked);
  }

  /** @throws {@link WireError} 1002 where its number is not higher than those before it */
  subscribe(...[i, topic, epoch, o]: Asked): void {
    // The connection may end while the application is asked for one of several.
    if (this.#isOver) return;
    if (i <= this.#highest) throw new WireError(1002, 'a number of a subscription is used again');
    this.#highest = i;
    const isFull = this.#open.size + this.#abandoned >= this.#maxTopics;
    if (isFull || sizeOf(topic) > LONGEST_TOPIC) {
      this.#refuse(i, 'refused');
      return;
    }
    const cursor = typeof o === 'number' ? { epoch: epoch ?? undefined, o } : undefined;
    const subscription = new Subscription(i, this);
    this.#open.set(i, subscription);
    void this.#ask(subscription, topic, cursor);
  }

  unsubscribe(i: number): void {
    const subscription = this.#open.get(i);
    if (!subscription) return;
    this.#open.delete(i);
    if (subscription.follower) this.#topics.unfollow(subscription.follower);
    else this.#abandoned++;
  }

  /** The connection is over. */
  close(): void {
    this.#isOver = true;
    for (const i of this.#open.keys()) this.unsubscribe(i);
  }

  async #ask(subscription: Subscription, topic: string, cursor: Cursor | undefined): Promise<void> {
    const { i } = subscription;
    let isAllowed = false;
    let hasFailed = false;
    try {
      isAllowed = (await this.#owner.authorize(topic)) === true;
    } catch (error) {
      hasFailed = true;
      if (!this.#isOver) this.#owner.failed(error);
    }
    // Meanwhile it was given up.
    if (this.#open.get(i) !== subscription) {
      this.#abandoned--;
      return;
    }
    subscription.follower = isAllowed
      ? this.#topics.follow(topic, cursor, subscription)
      : undefined;
    if (subscription.follower) return;
    this.#open.delete(i);
    this.#refuse(i, isAllowed ? 'refused' : 'denied', hasFailed);
  }

  /** @param isTold - whether the owner knows already */
  #refuse(i: number, why: Refused, isTold = false): void {
    this.#owner.answer(write([SUBSCRIBED, i, '', 0, false, why]));
    if (!isTold) this.#owner.refused(why);
  }
}

/** How large a frame can be on the wire: three bytes a character, as to count them takes time. */
const mostBytes = (frame: Encoded): number =>
  typeof frame === 'string' ? 3 * frame.length : sizeOf(frame);

/** One of them, as its follower sees it. */
class Subscription implements FollowerOwner {
  readonly i: number;
  readonly #all: Subscriptions;
  follower: Follower | undefined;

  constructor(i: number, all: Subscriptions) {
    this.i = i;
    this.#all = all;
  }

  get isSlow(): boolean {
    return this.#all.isSlow;
  }

  subscribed(epoch: string, o: number, gap: boolean): void {
    this.#all.answer(write([SUBSCRIBED, this.i, epoch, o, gap]));
  }

  entry(o: number, payload: Encoded): void {
    this.#all.push(writeEntry(this.i, o, payload));
  }
}
