import { isFunction, refuse } from '../base/rules.js';
import type { Timer } from '../platform/clock.js';
import { systemPlatform } from '../platform/platform.js';
import type { Socket } from '../socket/socket-interface.js';
import { Topic } from './topic.js';
import {
  settleTopicListen,
  settleTopics,
  type TopicListenOptions,
  type TopicsOptions,
} from './topic-options.js';

/** How long a topic that nobody listens to any more stays subscribed, in milliseconds: pages come and go. */
const LINGER = 1_000;

/** Subscriptions on one socket: one for each topic, however many listen. */
export interface Topics<out In> {
  /**
   * Calls `listener` with each message of `topic`. The first listener subscribes to it, on every connection anew; a
   * second after the last has left, it is unsubscribed.
   *
   * @returns what removes the listener
   * @throws {@link SocketError} `options`; what `subscribe` and `send` throw, and then nobody listens
   */
  readonly on: (
    topic: string,
    listener: (message: In) => void,
    options?: TopicListenOptions,
  ) => () => void;
}

/** One for each socket: two would subscribe twice, and the first to leave would unsubscribe for both. */
const made = /* @__PURE__ */ new WeakMap<object, Topics<unknown>>();

/**
 * Topics over any server that takes messages to subscribe and to unsubscribe. On each connection all of them are
 * subscribed again, from their last cursor, before what waits in the queue. Of one socket, the first call counts.
 *
 * ```ts
 * const topics = createTopics(socket, {
 *   subscribe: (topic, cursor) => ({ type: 'subscribe', topic, after: cursor }),
 *   unsubscribe: (topic) => ({ type: 'unsubscribe', topic }),
 *   topicOf: (message) => message.topic,
 *   cursorOf: (message) => message.id,
 * });
 * const stop = topics.on('room:1', (message) => show(message));
 * ```
 *
 * @throws {@link SocketError} `options`
 */
export function createTopics<In, Out, const Asking extends Out, const Ending extends Out>(
  socket: Socket<In, Out>,
  options: TopicsOptions<NoInfer<In>, Asking, Ending>,
): Topics<In> {
  const settled: TopicsOptions<In, Out> = settleTopics(options);
  const before = made.get(socket) as Topics<In> | undefined;
  if (before) return before;
  const topics = topicsOn(socket, settled);
  made.set(socket, topics);
  return topics;
}

function topicsOn<In, Out>(
  socket: Socket<In, Out>,
  { subscribe, unsubscribe, topicOf, cursorOf }: TopicsOptions<In, Out>,
): Topics<In> {
  const { clock, report } = systemPlatform;
  const topics = new Map<string, Topic>();
  /** Those that nobody listens to, until they are unsubscribed. */
  const lingering = new Map<string, Timer>();
  let stopListening: (() => void) | undefined;
  /** Which connection has been asked for all topics that there were. */
  let asked = 0;

  const connects = (): number => socket.getSnapshot().connects;

  /** The latest wins: what still waits for this topic is out of date. And each connection begins anew. */
  function send(name: string, message: Out | undefined, ahead?: boolean): void {
    if (message !== undefined)
      socket.send(message, { key: `topic ${name}`, requeue: false, ahead });
  }

  function ask(name: string, topic: Topic, ahead?: boolean): void {
    send(name, subscribe(name, topic.cursor), ahead);
    topic.subscribed();
  }

  /** The line is open: everything is subscribed again, before the backlog. */
  function opened(): void {
    asked = connects();
    for (const [name, topic] of topics) {
      if (topic.isDeserted) forget(name);
      else attempt(() => ask(name, topic, true));
    }
  }

  /** What one topic's subscription throws starves no other. */
  function attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      report(error);
    }
  }

  function received(message: In): void {
    const name = topicOf(message);
    const topic = typeof name === 'string' ? topics.get(name) : undefined;
    topic?.deliver(message, cursorOf?.(message));
  }

  function forget(name: string): void {
    clock.cancel(lingering.get(name));
    lingering.delete(name);
    topics.delete(name);
    if (topics.size > 0) return;
    stopListening?.();
    stopListening = undefined;
  }

  function leave(name: string): void {
    const timer = clock.after(LINGER, () => {
      forget(name);
      if (isAsked()) attempt(() => send(name, unsubscribe(name)));
    });
    lingering.set(name, timer);
  }

  /** Whether this connection knows of our topics; before that, its `open` event is still to come. */
  const isAsked = (): boolean => socket.status === 'open' && asked === connects();

  function begin(name: string): Topic {
    stopListening ??= listen();
    const topic = new Topic(report, () => leave(name));
    topics.set(name, topic);
    return topic;
  }

  function listen(): () => void {
    const stops = [socket.on('message', received), socket.on('open', opened)];
    return () => stops.forEach((stop) => stop());
  }

  return {
    on(name, listener, options) {
      const { signal, onGap } = settleTopicListen(options);
      if (typeof name !== 'string') refuse('topic', name);
      if (!isFunction(listener)) refuse('listener', listener);
      if (!stopListening) asked = connects();
      const known = topics.get(name);
      const topic = known ?? begin(name);
      clock.cancel(lingering.get(name));
      lingering.delete(name);
      const stop = topic.add(listener, onGap, signal);
      if (known || !isAsked() || topic.isDeserted) return stop;
      try {
        ask(name, topic);
      } catch (error) {
        stop();
        forget(name);
        throw error;
      }
      return stop;
    },
  };
}
