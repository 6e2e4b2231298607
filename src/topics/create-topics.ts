import { ignore } from '../base/abort.js';
import type { SocketError } from '../base/errors.js';
import { isFunction, refuse } from '../base/rules.js';
import type { Outcome } from '../outbox/send-options.js';
import { systemPlatform } from '../platform/platform.js';
import { inSession, type MaybeInSession } from '../socket/in-session.js';
import type { Socket } from '../socket/socket-interface.js';
import type { Topics } from './contract.js';
import { Lingering } from './linger.js';
import { topicsInSession } from './session-topics.js';
import { Topic, type Word } from './topic.js';
import { settleTopicListen, settleTopics, type TopicsOptions } from './topic-options.js';

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
 * @throws `SocketError` `options`
 */
export function createTopics<In, Out, const Asking extends Out, const Ending extends Out>(
  socket: Socket<In, Out>,
  options: TopicsOptions<NoInfer<In>, Asking, Ending>,
): Topics<In>;
/**
 * The same in a session: its own protocol has topics, with cursors, and nothing need be said about them. Their messages
 * are heard here alone, and not as events of the socket.
 *
 * @throws `SocketError` `options`, where the socket has no session
 */
export function createTopics<In, Out>(socket: Socket<In, Out>): Topics<In>;
export function createTopics<In, Out>(
  socket: Socket<In, Out>,
  options?: TopicsOptions<In, Out>,
): Topics<In> {
  const { [inSession]: session } = socket as Partial<MaybeInSession>;
  const isOfSession = options === undefined && session;
  const settled = isOfSession ? undefined : settleTopics(options ?? {});
  const before = made.get(socket) as Topics<In> | undefined;
  if (before) return before;
  const topics = isOfSession
    ? topicsInSession<In>(session)
    : topicsOn(socket, settled as TopicsOptions<In, Out>, !!session);
  made.set(socket, topics);
  return topics;
}

function topicsOn<In, Out>(
  socket: Socket<In, Out>,
  { subscribe, unsubscribe, topicOf, cursorOf }: TopicsOptions<In, Out>,
  isInSession: boolean,
): Topics<In> {
  const { clock, report } = systemPlatform;
  const topics = new Map<string, Topic>();
  const lingering = new Lingering(clock);
  let stopListening: (() => void) | undefined;
  let isRetrying = false;

  const connects = (): number => socket.getSnapshot().connects;
  const isAsked = (topic: Topic): boolean => topic.askedOn === connects();

  /**
   * Tells the server something about a topic, before all that waits if the line has just opened. What cannot leave at
   * once waits, until it is withdrawn.
   *
   * @param isEnd - whether it ends the subscription
   * @param ended - called once it has left, or never will
   */
  function tell(
    topic: Topic,
    message: Out | undefined,
    isEnd: boolean,
    ended: (isSent: boolean) => void,
  ): void {
    if (message === undefined) return ended(true);
    const controller = new AbortController();
    const { signal } = controller;
    const word: Word = { isEnd, isSent: false, withdraw: () => controller.abort() };
    topic.word = word;
    const onOutcome = (outcome: Outcome): void => {
      if (outcome === 'queued' || topic.word !== word || word.isSent) return;
      word.isSent = outcome === 'sent';
      ended(word.isSent);
    };
    // In a session, what was sent is said again whatever happens, and once more does no harm.
    const options = { signal, onOutcome, ...(isInSession ? undefined : { requeue: false }) };
    try {
      socket.send(message, { ...options, ahead: true });
    } catch (error) {
      // It is no longer so new: in its turn, then.
      if ((error as Partial<SocketError>).code !== 'options') throw error;
      socket.send(message, options);
    }
  }

  function ask(name: string, topic: Topic): void {
    // Before, as some stand-ins for a WebSocket answer while they are sending.
    topic.askedOn = connects();
    try {
      tell(topic, subscribe(name, topic.cursor), false, (isSent) => {
        if (isSent) return;
        topic.reset();
        retry();
      });
    } catch (error) {
      topic.reset();
      throw error;
    }
  }

  /** Asks for what this connection was not asked for, in place of others that wait for it. */
  function askAgain(): void {
    if (socket.status !== 'open') return;
    // Listeners to a gap may enter others, which are asked for there.
    for (const [name, topic] of [...topics]) {
      if (topics.get(name) !== topic || isAsked(topic)) continue;
      if (topic.isDeserted) forget(name, topic);
      else attempt(() => (ask(name, topic), topic.askedLate()));
    }
  }

  /** The queue was full: once there is room. */
  function retry(): void {
    if (isRetrying || socket.queued.messages === 0) return;
    isRetrying = true;
    const done = (): void => {
      isRetrying = false;
      askAgain();
    };
    socket.drained().then(done, done);
  }

  /** What one topic's subscription throws starves no other. */
  function attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      report(error);
    }
  }

  /** Nothing that was said on this connection holds on the next, nor is to be sent on it. */
  function lost(): void {
    for (const [name, topic] of topics) {
      topic.reset();
      if (topic.isDeserted) forget(name, topic);
    }
  }

  function received(message: In): void {
    const name = topicOf(message);
    const topic = typeof name === 'string' ? topics.get(name) : undefined;
    topic?.deliver(message, cursorOf);
  }

  function forget(name: string, topic: Topic): void {
    lingering.stop(topic);
    topic.reset();
    topics.delete(name);
    if (topics.size > 0) return;
    stopListening?.();
    stopListening = undefined;
  }

  function leave(name: string, topic: Topic): void {
    const end = (): void => forget(name, topic);
    lingering.begin(topic, () => {
      const isOpen = isAsked(topic) && socket.status === 'open';
      // What the server has not heard of needs no end.
      if (!isOpen || topic.word?.isSent === false) return end();
      try {
        tell(topic, unsubscribe(name), true, end);
      } catch (error) {
        report(error);
        end();
      }
    });
  }

  function begin(name: string): Topic {
    stopListening ??= listen();
    const topic: Topic = new Topic(report, () => leave(name, topic));
    topics.set(name, topic);
    return topic;
  }

  function listen(): () => void {
    const stops = [
      socket.on('message', received),
      socket.on('open', askAgain),
      socket.on('close', lost),
    ];
    return () => stops.forEach((stop) => stop());
  }

  return {
    on(name, listener, options) {
      const { signal, onGap } = settleTopicListen(options);
      if (typeof name !== 'string') refuse('topic', name);
      if (!isFunction(listener)) refuse('listener', listener);
      if (signal?.aborted) return ignore;
      const known = topics.get(name);
      const topic = known ?? begin(name);
      lingering.stop(topic);
      const stop = topic.add(listener, onGap, signal);
      // Where its end waits still, the server knows of none.
      if (topic.word?.isEnd) topic.withdraw();
      if (isAsked(topic) || socket.status !== 'open') return stop;
      try {
        ask(name, topic);
      } catch (error) {
        stop();
        if (topic.isDeserted) forget(name, topic);
        throw error;
      }
      if (known) topic.askedLate();
      return stop;
    },
  };
}
