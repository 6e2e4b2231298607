import { ignore } from '../base/abort.js';
import { isFunction, refuse } from '../base/rules.js';
import { sizeOf } from '../outbox/payload.js';
import { systemPlatform } from '../platform/platform.js';
import type { SessionFeatures } from '../session/contract.js';
import { LONGEST_TOPIC } from '../session/wire/bounds.js';
import type { Topics } from './contract.js';
import { Lingering } from './linger.js';
import { Topic } from './topic.js';
import { settleTopicListen } from './topic-options.js';

/** Topics by the session's own frames: it keeps the cursors, and subscribes anew on each connection. */
export function topicsInSession<In>(session: SessionFeatures): Topics<In> {
  const { clock, report } = systemPlatform;
  const topics = new Map<string, Topic>();
  const lingering = new Lingering(clock);

  function begin(name: string): Topic {
    const topic: Topic = new Topic(report, () => {
      lingering.begin(topic, () => {
        topics.delete(name);
        stop();
      });
    });
    const stop = session.subscribe(name, {
      message: (message) => topic.deliver(message, undefined),
      gap: () => topic.gap(),
    });
    topics.set(name, topic);
    return topic;
  }

  return {
    on(name, listener, options) {
      const { signal, onGap } = settleTopicListen(options);
      if (typeof name !== 'string' || sizeOf(name) > LONGEST_TOPIC) refuse('topic', name);
      if (!isFunction(listener)) refuse('listener', listener);
      if (signal?.aborted) return ignore;
      const topic = topics.get(name) ?? begin(name);
      lingering.stop(topic);
      return topic.add(listener, onGap, signal);
    },
  };
}
