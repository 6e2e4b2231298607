import { vi } from 'vitest';
import { createSocket } from '../../src/index.js';
import { createTopics } from '../../src/topics/index.js';
import { scriptedLines } from './scripted-lines.js';

export type TopicMessage = { topic: string; text: string };

/** Topics on a line that is open, with fake timers, and what was sent on the latest one. */
export async function openTopicLine() {
  const lines = scriptedLines();
  const socket = createSocket<TopicMessage, object>('wss://example.com/', {
    WebSocket: lines.WebSocket,
    heartbeat: false,
  });
  const topics = createTopics(socket, {
    subscribe: (topic) => ({ enter: topic }),
    unsubscribe: (topic) => ({ leave: topic }),
    topicOf: ({ topic }) => topic,
  });
  await vi.advanceTimersByTimeAsync(0);
  lines.native.open();
  const sent = () => lines.native.sent.map((data) => JSON.parse(data as string) as unknown);
  return { lines, topics, sent };
}
