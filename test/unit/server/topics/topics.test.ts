import { describe, expect, test } from 'vitest';
import type { Encoded } from '../../../../src/outbox/payload.js';
import { MemoryTopicStore } from '../../../../src/server/topics/memory-topic-store.js';
import type { PageSize, TopicStore } from '../../../../src/server/topics/topic-store.js';
import { draws, settled, topicNode } from '../../../support/topic-node.js';

/** A store that does what it is told to: fail, lose its answers, wake nobody. */
class ScriptedStore implements TopicStore {
  readonly memory = new MemoryTopicStore(draws());
  reads = 0;
  published: string[] = [];
  isDown = false;
  losesAnswers = false;
  isDeaf = false;
  watchers = 0;

  async publish(
    topic: string,
    node: string,
    first: number,
    payloads: readonly Encoded[],
  ): Promise<void> {
    this.published.push(`${topic} ${first}: ${payloads.map(String).join(' ')}`);
    if (this.isDown) throw new Error('down');
    await this.memory.publish(topic, node, first, payloads);
    if (this.losesAnswers) throw new Error('no answer');
  }

  async read(topic: string, after: number, size: PageSize) {
    this.reads++;
    if (this.isDown) throw new Error('down');
    return this.memory.read(topic, after, size);
  }

  watch(topic: string, wake: () => void): () => void {
    this.watchers++;
    const stop = this.memory.watch(topic, () => {
      if (!this.isDeaf) wake();
    });
    return () => {
      this.watchers--;
      stop();
    };
  }
}

function setUp(mostTopics?: number) {
  const store = new ScriptedStore();
  return { store, ...topicNode(store, mostTopics) };
}

describe('a topic that is followed', () => {
  test('is read once for all who follow it', async () => {
    const { store, topics, connect } = setUp();
    const all = Array.from({ length: 20 }, () => connect());
    for (const { subscriptions } of all) subscriptions.subscribe(1, 'news');
    await settled();
    store.reads = 0;
    await topics.publish('news', 'a');
    await settled();
    expect(store.reads).toBe(1);
    for (const { connection } of all) expect(connection.take().at(-1)).toBe('[11,1,1]\na');
  });

  test('is read once for all who come back to the same place at once', async () => {
    const { store, topics, connect } = setUp();
    await topics.publish('news', 'a');
    const { epoch } = await store.read('news', 0, { entries: 0, bytes: 0 });
    store.reads = 0;
    const all = Array.from({ length: 20 }, () => connect());
    for (const { subscriptions } of all) subscriptions.subscribe(1, 'news', epoch, 0);
    await settled();
    expect(store.reads).toBeLessThanOrEqual(3);
    for (const { connection } of all) expect(connection.take().at(-1)).toBe('[11,1,1]\na');
  });

  test('is read every second though nobody is woken, all topics with one timer', async () => {
    const { store, topics, connect, clock } = setUp();
    store.isDeaf = true;
    const { connection, subscriptions } = connect();
    subscriptions.subscribe(1, 'news');
    subscriptions.subscribe(2, 'sports');
    await settled();
    connection.take();
    await topics.publish('news', 'a');
    await settled();
    expect([connection.take(), clock.pending]).toEqual([[], [1_000]]);
    clock.advance(1_000);
    await settled();
    expect([connection.take(), clock.pending]).toEqual([['[11,1,1]\na'], [1_000]]);
  });

  test('is neither watched nor read once nobody follows it', async () => {
    const { store, connect, clock, topics } = setUp();
    const { subscriptions } = connect();
    subscriptions.subscribe(1, 'news');
    subscriptions.subscribe(2, 'news');
    await settled();
    expect([store.watchers, topics.size]).toEqual([1, 1]);
    subscriptions.unsubscribe(1);
    expect([store.watchers, topics.size]).toEqual([1, 1]);
    subscriptions.unsubscribe(2);
    expect([store.watchers, topics.size, clock.pending]).toEqual([0, 0, []]);
  });

  test('begins another life: all are told of a gap, and go on from its end', async () => {
    const { store, topics, connect, clock } = setUp();
    const { connection, subscriptions } = connect();
    subscriptions.subscribe(1, 'news');
    await settled();
    await topics.publish('news', 'a');
    await settled();
    connection.take();
    Object.assign(store, { memory: new MemoryTopicStore(draws(0.3)) });
    await topics.publish('news', 'b');
    const { epoch } = await store.read('news', 0, { entries: 0, bytes: 0 });
    clock.advance(1_000);
    await settled();
    expect(connection.take()).toEqual([`[10,1,"${epoch}",1,true]`]);
    await topics.publish('news', 'c');
    clock.advance(1_000);
    await settled();
    expect(connection.take()).toEqual(['[11,1,2]\nc']);
  });

  test('is one of so many at most on a node', async () => {
    const { topics, connect } = setUp(2);
    const [one, other] = [connect(), connect()];
    one.subscriptions.subscribe(1, 'a');
    one.subscriptions.subscribe(2, 'b');
    other.subscriptions.subscribe(1, 'c');
    other.subscriptions.subscribe(2, 'a');
    await settled();
    expect(topics.size).toBe(2);
    const [refused, taken] = other.connection.take();
    expect(refused).toBe('[10,1,"",0,false,"refused"]');
    expect(taken).toMatch(/^\[10,2,"\w+",0,false\]$/);
  });
});

describe('a store that fails', () => {
  test('is reported once, and read again every second', async () => {
    const { store, connect, clock, errors } = setUp();
    const { connection, subscriptions } = connect();
    store.isDown = true;
    subscriptions.subscribe(1, 'news', 'e', 4);
    for (let second = 0; second < 5; second++) {
      clock.advance(1_000);
      await settled();
    }
    expect([connection.take(), errors]).toEqual([[], [new Error('down')]]);
    store.isDown = false;
    clock.advance(1_000);
    await settled();
    expect(connection.take()).toEqual([expect.stringMatching(/^\[10,1,"\w+",0,true\]$/)]);
    store.isDown = true;
    clock.advance(1_000);
    await settled();
    expect(errors).toHaveLength(2);
  });

  test('costs no subscriber anything', async () => {
    const { store, topics, connect, clock } = setUp();
    const { connection, subscriptions } = connect();
    subscriptions.subscribe(1, 'news');
    await settled();
    connection.take();
    store.isDown = true;
    clock.advance(2_000);
    const published = topics.publish('news', 'a');
    await settled();
    store.isDown = false;
    clock.advance(1_000);
    await published;
    await settled();
    expect(connection.take()).toEqual(['[11,1,1]\na']);
  });
});

describe('what is published', () => {
  test('keeps its order, one step under way and all that has come meanwhile in the next', async () => {
    const { store, topics } = setUp();
    await Promise.all(['a', 'b', 'c'].map((text) => topics.publish('news', text)));
    await topics.publish('sports', 'd');
    expect(store.published).toEqual(['news 1: a', 'news 2: b c', 'sports 4: d']);
  });

  test('is sent again as it was when the answer was lost, and is there once', async () => {
    const { store, topics, clock } = setUp();
    store.losesAnswers = true;
    const all = Promise.all([topics.publish('news', 'a'), topics.publish('news', 'b')]);
    await settled();
    store.losesAnswers = false;
    clock.advance(1_000);
    await all;
    expect(store.published).toEqual(['news 1: a', 'news 1: a', 'news 2: b']);
    expect((await store.read('news', 0, { entries: 9, bytes: 9 })).end).toBe(2);
  });

  test('is given up after three more tries, and what waits behind it is not', async () => {
    const { store, topics, clock } = setUp();
    store.isDown = true;
    const first = topics.publish('news', 'a').catch((error: unknown) => error);
    const second = topics.publish('news', 'b');
    for (let second = 0; second < 3; second++) {
      await settled();
      clock.advance(1_000);
    }
    expect(await first).toEqual(new Error('down'));
    store.isDown = false;
    clock.advance(1_000);
    await second;
    expect(store.published).toEqual([
      ...Array<string>(4).fill('news 1: a'),
      'news 2: b',
      'news 2: b',
    ]);
    expect(clock.pending).toEqual([]);
  });

  test('is refused where too much waits for the store', async () => {
    const { store, topics } = setUp();
    store.isDown = true;
    const all = Array.from({ length: 10_002 }, () =>
      topics.publish('news', 'a').catch((error: unknown) => (error as Error).message),
    );
    expect(await all.at(-1)).toBe('too many messages wait for the store of topics');
    topics.close();
    expect(await all[0]).toBe('the server is closed');
    expect(await all[9_999]).toBe('the server is closed');
  });

  test('is refused by a server that is closed, which leaves nothing running', async () => {
    const { store, topics, connect, clock } = setUp();
    const { connection, subscriptions } = connect();
    subscriptions.subscribe(1, 'news');
    await settled();
    connection.take();
    topics.close();
    await expect(topics.publish('news', 'a')).rejects.toMatchObject({ code: 'closed' });
    subscriptions.close();
    expect([clock.pending, store.watchers, connection.take()]).toEqual([[], 0, []]);
  });
});

test('a store that cannot be watched is read every second', async () => {
  const { store, clock, errors, connect } = setUp();
  store.watch = () => {
    throw new Error('not connected');
  };
  const { subscriptions, connection } = connect();
  subscriptions.subscribe(1, 'news');
  await settled();
  await store.memory.publish('news', 'other', 1, ['a']);
  clock.advance(1_000);
  await settled();
  expect([errors.length, connection.take().at(-1)]).toEqual([1, '[11,1,1]\na']);
});
