import { describe, expectTypeOf, test } from 'vitest';
import type { Socket } from '../../src/index.js';
import { createTopics, type Topics } from '../../src/topics/index.js';

type Message = { topic: string; text: string };
type Command = { type: 'subscribe' | 'unsubscribe'; topic: string };

declare const socket: Socket<Message, Command>;

describe('createTopics', () => {
  test('takes its types from the socket', () => {
    const topics = createTopics(socket, {
      subscribe: (topic) => ({ type: 'subscribe', topic }),
      unsubscribe: (topic) => ({ type: 'unsubscribe', topic }),
      topicOf: ({ topic }) => topic,
    });
    expectTypeOf(topics).toEqualTypeOf<Topics<Message>>();
    topics.on('room', (message) => expectTypeOf(message).toEqualTypeOf<Message>());
  });

  test('refuses messages that the socket does not send', () => {
    createTopics(socket, {
      // @ts-expect-error -- no such command
      subscribe: (topic) => ({ type: 'enter', topic }),
      unsubscribe: () => undefined,
      topicOf: ({ topic }) => topic,
    });
    // @ts-expect-error -- nobody says which topic a message is of
    createTopics(socket, { subscribe: () => undefined, unsubscribe: () => undefined });
  });

  test('who listens to more is no listener to less', () => {
    expectTypeOf<Topics<Message>>().toExtend<Topics<{ text: string }>>();
    expectTypeOf<Topics<{ text: string }>>().not.toExtend<Topics<Message>>();
  });
});
