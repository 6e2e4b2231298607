import type { Encoded } from '../../src/outbox/payload.js';
import {
  type SubscriptionLimits,
  Subscriptions,
  type SubscriptionsOwner,
} from '../../src/server/topics/subscriptions.js';
import type { TopicStore } from '../../src/server/topics/topic-store.js';
import { Topics } from '../../src/server/topics/topics.js';
import { ManualClock } from './manual-clock.js';

/** Lets everything happen that waits for nothing but what has happened. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
}

/** Draws that do not repeat themselves, and are the same each time. */
export function draws(seed = 0.5): () => number {
  let drawn = seed;
  return () => (drawn = (drawn + 0.618_033_988_749) % 1);
}

/** A connection that keeps what it is sent. */
class ScriptedConnection implements SubscriptionsOwner {
  readonly sent: Encoded[] = [];
  readonly errors: unknown[] = [];
  readonly refusals: string[] = [];
  bufferedAmount = 0;
  authorize: (topic: string) => unknown = () => true;

  send(frame: Encoded): void {
    this.sent.push(frame);
  }

  answer(frame: string): void {
    this.send(frame);
  }

  failed(error: unknown): void {
    this.errors.push(error);
  }

  refused(why: string): void {
    this.refusals.push(why);
  }

  /** What it was sent since the last time. */
  take(): Encoded[] {
    return this.sent.splice(0);
  }
}

/** One node and its topics, with a clock that is turned by hand. */
export function topicNode(store: TopicStore, mostTopics?: number) {
  const clock = new ManualClock();
  const errors: unknown[] = [];
  const topics = new Topics({
    clock,
    store,
    node: 'node',
    report: (error) => errors.push(error),
    ...(mostTopics !== undefined && { mostTopics }),
  });
  return {
    clock,
    topics,
    errors,
    connect: (limits?: SubscriptionLimits) => {
      const connection = new ScriptedConnection();
      const subscriptions = new Subscriptions(topics, connection, limits);
      return { connection, subscriptions };
    },
  };
}
