import { describe, expect, test, vi } from 'vitest';
import { createSocket } from '../../../src/index.js';
import { SUBSCRIBE, SUBSCRIBED, UNSUBSCRIBE } from '../../../src/session/wire/frames.js';
import { createTopics } from '../../../src/topics/index.js';
import { openSession } from '../../support/session-line.js';

async function line() {
  const session = await openSession();
  const heard: unknown[] = [];
  const gaps: unknown[] = [];
  const topics = createTopics(session.socket);
  const listen = (topic = 'news') =>
    topics.on(topic, (message) => heard.push(message), { onGap: () => gaps.push(topic) });
  const entry = (i: number, o: number, message: unknown) =>
    session.native.receive(`[11,${i},${o}]\n${JSON.stringify(message)}`);
  return { session, heard, gaps, listen, entry, topics };
}

describe('topics in a session', () => {
  test('are subscribed to by its own frames, and heard nowhere else', async () => {
    const { session, heard, gaps, listen, entry } = await line();
    listen();
    listen();
    expect(session.said.at(-1)?.[0]).toEqual([SUBSCRIBE, 1, 'news']);
    entry(1, 8, 'before subscribed');
    session.say([SUBSCRIBED, 1, 'e1', 7, false]);
    entry(1, 8, 'a');
    entry(1, 8, 'a');
    expect([heard, gaps, session.received]).toEqual([['a', 'a'], [], []]);
  });

  test('go on from their cursors on the next connection', async () => {
    const { session, heard, gaps, listen, entry } = await line();
    listen();
    session.say([SUBSCRIBED, 1, 'e1', 7, false]);
    entry(1, 8, 'a');
    await session.cut();
    expect(session.hello['subs']).toEqual([[2, 'news', 'e1', 8]]);
    await session.welcome({ resumed: true });
    session.say([SUBSCRIBED, 2, 'e1', 8, false]);
    entry(1, 9, 'of another number');
    entry(2, 9, 'b');
    expect([heard, gaps]).toEqual([['a', 'b'], []]);
  });

  test('tell a gap, and go on behind it', async () => {
    const { session, heard, gaps, listen, entry } = await line();
    listen();
    session.say([SUBSCRIBED, 1, 'e1', 7, false]);
    session.say([SUBSCRIBED, 1, 'e2', 3, true]);
    entry(1, 4, 'c');
    expect([heard, gaps]).toEqual([['c'], ['news']]);
  });

  test('ask again where an entry is missing', async () => {
    const { session, heard, listen, entry } = await line();
    listen();
    session.say([SUBSCRIBED, 1, 'e1', 7, false]);
    entry(1, 8, 'a');
    entry(1, 10, 'c');
    expect(session.said.slice(-2).map(([head]) => head)).toEqual([
      [UNSUBSCRIBE, 1],
      [SUBSCRIBE, 2, 'news', 'e1', 8],
    ]);
    session.say([SUBSCRIBED, 2, 'e1', 8, false]);
    entry(2, 9, 'b');
    entry(2, 10, 'c');
    expect(heard).toEqual(['a', 'b', 'c']);
  });

  test('what is begun or ended while the welcome is awaited follows it', async () => {
    const { session, listen } = await line();
    vi.useFakeTimers();
    const stop = listen();
    await session.cut();
    listen('sport');
    stop();
    vi.advanceTimersByTime(1_000);
    vi.useRealTimers();
    await session.welcome({ resumed: true });
    expect(session.said.slice(1).map(([head]) => head)).toEqual([
      [UNSUBSCRIBE, 2],
      [SUBSCRIBE, 3, 'sport'],
    ]);
  });

  test('are unsubscribed from a moment after the last has left', async () => {
    const { session, listen } = await line();
    vi.useFakeTimers();
    listen()();
    const stop = listen();
    vi.advanceTimersByTime(5_000);
    expect(session.said.at(-1)?.[0][0]).toBe(SUBSCRIBE);
    stop();
    vi.advanceTimersByTime(1_000);
    vi.useRealTimers();
    expect(session.said.at(-1)?.[0]).toEqual([UNSUBSCRIBE, 1]);
  });

  test('a topic that is denied is an error, and asked for again on the next connection', async () => {
    const { session, listen } = await line();
    listen();
    session.say([SUBSCRIBED, 1, '', 0, false, 'denied']);
    expect(session.told.at(-1)).toEqual([
      'error',
      'rejected',
      'the server does not let us subscribe to a topic',
    ]);
    await session.cut();
    expect(session.hello['subs']).toEqual([[2, 'news']]);
  });

  test('an application may say them in its own messages as well', async () => {
    const session = await openSession();
    const topics = createTopics(session.socket, {
      subscribe: (topic) => ({ subscribe: topic }),
      unsubscribe: (topic) => ({ unsubscribe: topic }),
      topicOf: (message) => (message as { topic: string }).topic,
    });
    const heard: unknown[] = [];
    topics.on('news', (message) => heard.push(message));
    session.message(1, { topic: 'news', text: 'a' });
    expect([session.messages, heard]).toEqual([
      [[1, '{"subscribe":"news"}']],
      [{ topic: 'news', text: 'a' }],
    ]);
  });

  test('without a session, the functions are needed', () => {
    const socket = createSocket('wss://example.com', { autoConnect: false });
    expect(() => createTopics(socket)).toThrow(expect.objectContaining({ code: 'options' }));
  });
});
