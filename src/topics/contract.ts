import type { TopicListenOptions } from './topic-options.js';

/** Subscriptions on one socket: one for each topic, however many listen. */
export interface Topics<out In> {
  /**
   * Calls `listener` with each message of `topic`. The first listener subscribes to it, on every connection anew; a
   * second after the last has left, it is unsubscribed.
   *
   * @returns what removes the listener
   * @throws `SocketError` `options`; what `subscribe` and `send` throw, and then nobody listens
   */
  readonly on: (
    topic: string,
    listener: (message: In) => void,
    options?: TopicListenOptions,
  ) => () => void;
}
