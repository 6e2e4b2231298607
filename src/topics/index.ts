export { createTopics, type Topics } from './create-topics.js';
export type { TopicListenOptions, TopicsOptions } from './topic-options.js';
