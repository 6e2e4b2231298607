export type { Topics } from './contract.js';
export { createTopics } from './create-topics.js';
export type { TopicListenOptions, TopicsOptions } from './topic-options.js';
