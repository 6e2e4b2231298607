/** What the model of topics needs of the source. */
export { MemoryTopicStore } from '../../src/server/topics/memory-topic-store.js';
export { Subscriptions } from '../../src/server/topics/subscriptions.js';
export { Topics } from '../../src/server/topics/topics.js';
