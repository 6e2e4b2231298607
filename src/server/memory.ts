import { MemoryStore } from './memory-store.js';
import { nodePlatform } from './server-platform.js';
import type { SessionStore } from './store.js';
import { type MemoryTopicOptions, MemoryTopicStore } from './topics/memory-topic-store.js';

/**
 * Keeps sessions, and the logs of topics, in this process: with it they go. Servers of one process can share one.
 *
 * @param topics - how much of the topics is kept
 * @throws {@link SocketError} `options`
 */
export function memoryStore(topics?: MemoryTopicOptions): SessionStore {
  const { monotonic, random } = nodePlatform;
  return new MemoryStore(monotonic, new MemoryTopicStore(random, topics));
}
