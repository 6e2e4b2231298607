import { describe, expect, test } from 'vitest';
import {
  type MemoryTopicOptions,
  MemoryTopicStore,
} from '../../../../src/server/topics/memory-topic-store.js';
import { draws } from '../../../support/topic-node.js';

const ALL = { entries: 1_000, bytes: Infinity };
const NONE = { entries: 0, bytes: 0 };

function store(options?: MemoryTopicOptions) {
  const topics = new MemoryTopicStore(draws(), options);
  let count = 0;
  return {
    topics,
    say: async (topic: string, ...payloads: string[]) => {
      await topics.publish(topic, 'node', count + 1, payloads);
      count += payloads.length;
    },
    read: async (topic: string, after = 0, size = ALL) => {
      const page = await topics.read(topic, after, size);
      const said = page.entries.map(({ o, payload }) => `${o}${payload as string}`);
      return { ...page, entries: undefined, said: said.join(' ') };
    },
  };
}

describe('a log', () => {
  test('numbers its entries from 1, and is read behind a number, so many at a time', async () => {
    const { say, read } = store();
    await say('news', 'a', 'b');
    await say('news', 'c');
    expect(await read('news')).toMatchObject({ trimmed: 0, end: 3, said: '1a 2b 3c' });
    expect(await read('news', 1, { entries: 1, bytes: 9 })).toMatchObject({ end: 3, said: '2b' });
    expect(await read('news', 3)).toMatchObject({ end: 3, said: '' });
    expect(await read('news', 99)).toMatchObject({ end: 3, said: '' });
    expect(await read('news', 0, NONE)).toMatchObject({ end: 3, said: '' });
  });

  test('is read so many bytes at a time, the first of any size', async () => {
    const { say, read } = store();
    await say('news', 'aaaa', 'b', 'c', 'd');
    const size = { entries: 9, bytes: 2 };
    expect((await read('news', 0, size)).said).toBe('1aaaa');
    expect((await read('news', 1, size)).said).toBe('2b 3c');
  });

  test('has a life before anybody has spoken', async () => {
    const { say, read } = store();
    const { epoch, end } = await read('news', 0, NONE);
    expect(end).toBe(0);
    await say('news', 'a');
    expect(await read('news')).toMatchObject({ epoch, said: '1a' });
  });

  test('has another life than any other, and at each start', async () => {
    const { read } = store();
    const { epoch } = await read('news');
    expect((await read('sports')).epoch).not.toBe(epoch);
    const restarted = await new MemoryTopicStore(draws(0.3)).read('news', 0, NONE);
    expect(restarted.epoch).not.toBe(epoch);
    expect(epoch.length).toBeGreaterThan(12);
  });

  test('keeps so many entries, and so many bytes, but always the last one', async () => {
    const few = store({ maxEntries: 2 });
    await few.say('news', 'a', 'b', 'c');
    expect(await few.read('news')).toMatchObject({ trimmed: 1, end: 3, said: '2b 3c' });
    const small = store({ maxBytes: 3 });
    await small.say('news', 'aa', 'b', 'c');
    expect(await small.read('news')).toMatchObject({ trimmed: 1, said: '2b 3c' });
    await small.say('news', 'large');
    expect(await small.read('news')).toMatchObject({ trimmed: 3, end: 4, said: '4large' });
  });

  test('counts its numbers on however much was trimmed', async () => {
    const { say, read } = store({ maxEntries: 3 });
    for (let n = 1; n <= 1_000; n++) await say('news', 'x');
    expect(await read('news')).toMatchObject({ trimmed: 997, end: 1_000, said: '998x 999x 1000x' });
    expect((await read('news', 999)).said).toBe('1000x');
  });
});

describe('what a node publishes', () => {
  test('is taken once, though it is sent again', async () => {
    const { topics, read } = store();
    await topics.publish('news', 'n1', 1, ['a', 'b']);
    await topics.publish('news', 'n1', 1, ['a', 'b']);
    await topics.publish('news', 'n1', 2, ['b', 'c']);
    await topics.publish('news', 'n1', 1, ['a']);
    expect((await read('news')).said).toBe('1a 2b 3c');
  });

  test('is counted by node, and by topic', async () => {
    const { topics, read } = store();
    await topics.publish('news', 'n1', 7, ['a']);
    await topics.publish('news', 'n2', 1, ['b']);
    await topics.publish('sports', 'n1', 6, ['c']);
    expect((await read('news')).said).toBe('1a 2b');
    expect((await read('sports')).said).toBe('1c');
  });

  test('is known of the 64 nodes that have spoken last', async () => {
    const { topics, read } = store();
    for (let n = 1; n <= 65; n++) await topics.publish('news', `n${n}`, 1, ['x']);
    await topics.publish('news', 'n2', 1, ['again']);
    expect((await read('news')).end).toBe(65);
    await topics.publish('news', 'n1', 1, ['again']);
    expect((await read('news')).end).toBe(66);
  });
});

describe('of many topics', () => {
  test('the one goes that was not used for longest, and begins another life later', async () => {
    const { say, read } = store({ maxTopics: 2 });
    await say('a', 'x');
    await say('b', 'x');
    const { epoch } = await read('b');
    await read('a');
    await say('c', 'x');
    expect((await read('a')).said).toBe('1x');
    const again = await read('b');
    expect(again.said).toBe('');
    expect(again.epoch).not.toBe(epoch);
  });

  test('those stay to which somebody listens, however many they are', async () => {
    const { topics, say, read } = store({ maxTopics: 2 });
    const names = ['a', 'b', 'c'];
    const stops = names.map((name) => topics.watch(name, () => undefined));
    for (const name of names) await say(name, 'x');
    await say('d', 'x');
    await say('e', 'x');
    for (const name of names) expect((await read(name)).said).toBe('1x');
    expect((await read('d')).said).toBe('');
    for (const stop of stops) stop();
    await say('f', 'x');
    await say('g', 'x');
    expect((await read('a')).said).toBe('');
  });

  test('those go to which nobody listens when all are too large together', async () => {
    const { topics, say, read } = store({ maxTotalBytes: 10 });
    const stop = topics.watch('a', () => undefined);
    await say('a', 'xxxx');
    await say('b', 'xxxx');
    await say('c', 'xxxx');
    expect((await read('a')).said).toBe('1xxxx');
    expect((await read('b')).said).toBe('');
    expect((await read('c')).said).toBe('1xxxx');
    stop();
  });
});

test('all who watch a topic are woken, until they stop', async () => {
  const { topics, say } = store();
  const woken: string[] = [];
  const stop = topics.watch('news', () => woken.push('one'));
  topics.watch('news', () => woken.push('other'));
  topics.watch('sports', () => woken.push('third'));
  await say('news', 'a');
  expect(woken).toEqual(['one', 'other']);
  stop();
  stop();
  await say('news', 'b');
  expect(woken).toEqual(['one', 'other', 'other']);
});

test('an option that makes no sense is named', () => {
  expect(() => new MemoryTopicStore(draws(), { maxTopics: 0 })).toThrow('topics.maxTopics');
});
