import { describe, expect, test } from 'vitest';
import { MemoryTopicStore } from '../../../../src/server/topics/memory-topic-store.js';
import { draws, settled, topicNode } from '../../../support/topic-node.js';

async function node(options?: ConstructorParameters<typeof MemoryTopicStore>[1]) {
  const store = new MemoryTopicStore(draws(), options);
  const { epoch } = await store.read('news', 0, { entries: 0, bytes: 0 });
  const { clock, topics, connect } = topicNode(store);
  const say = async (...texts: string[]): Promise<void> => {
    await Promise.all(texts.map((text) => topics.publish('news', text)));
    await settled();
  };
  return { epoch, clock, topics, connect, say };
}

describe('a subscription', () => {
  test('without a cursor gets everything from now on', async () => {
    const { epoch, connect, say } = await node();
    await say('old');
    const { connection, subscriptions } = connect();
    subscriptions.subscribe(1, 'news');
    await settled();
    await say('a', 'b');
    expect(connection.take()).toEqual([`[10,1,"${epoch}",1,false]`, '[11,1,2]\na', '[11,1,3]\nb']);
  });

  test('with a cursor gets what it has missed, and then the rest', async () => {
    const { epoch, connect, say } = await node();
    await say('a', 'b', 'c');
    const { connection, subscriptions } = connect();
    subscriptions.resume([[7, 'news', epoch, 1]]);
    await settled();
    await say('d');
    expect(connection.take()).toEqual([
      `[10,7,"${epoch}",1,false]`,
      '[11,7,2]\nb',
      '[11,7,3]\nc',
      '[11,7,4]\nd',
    ]);
  });

  test('gets what it has missed, however much that is', async () => {
    const { epoch, connect, say } = await node();
    await say(...Array.from({ length: 700 }, (_, n) => `${n}`));
    const { connection, subscriptions } = connect();
    subscriptions.subscribe(1, 'news', epoch, 0);
    await settled();
    const [, ...entries] = connection.take();
    expect(entries).toHaveLength(700);
    expect(entries.at(-1)).toBe('[11,1,700]\n699');
  });

  test.each([
    ['another life of the log', 'other', 1],
    ['no life of a log', null, 1],
    ['what was trimmed', undefined, 0],
    ['what is beyond the end', undefined, 4],
  ])('behind %s is told of a gap, and goes on from the end', async (_, life, o) => {
    const { epoch, connect, say } = await node({ maxEntries: 2 });
    await say('a', 'b', 'c');
    const { connection, subscriptions } = connect();
    subscriptions.subscribe(1, 'news', life === undefined ? epoch : life, o);
    await settled();
    await say('d');
    expect(connection.take()).toEqual([`[10,1,"${epoch}",3,true]`, '[11,1,4]\nd']);
  });

  test('gets bytes, and messages of several frames, behind a head', async () => {
    const { topics, connect } = await node();
    const { connection, subscriptions } = connect();
    subscriptions.subscribe(1, 'news');
    await settled();
    connection.take();
    await topics.publish('news', Uint8Array.of(1));
    await topics.publish('news', ['x', Uint8Array.of(2)]);
    await settled();
    expect(connection.take()).toEqual([
      ['[11,1,1,1]', Uint8Array.of(1)],
      ['[11,1,2,2]', 'x', Uint8Array.of(2)],
    ]);
  });

  test('hears nothing after its end', async () => {
    const { topics, connect, clock, say } = await node();
    const { connection, subscriptions } = connect();
    subscriptions.subscribe(1, 'news');
    subscriptions.subscribe(2, 'news');
    await settled();
    connection.take();
    subscriptions.unsubscribe(1);
    subscriptions.unsubscribe(1);
    subscriptions.unsubscribe(99);
    await say('a');
    expect(connection.take()).toEqual(['[11,2,1]\na']);
    subscriptions.close();
    await say('b');
    expect([connection.take(), topics.size, clock.pending]).toEqual([[], 0, []]);
  });

  test('of others does not suffer from one that is closed while all are told', async () => {
    const { connect, say } = await node();
    const [one, other] = [connect(), connect()];
    for (const { subscriptions } of [one, other]) subscriptions.subscribe(1, 'news');
    await settled();
    one.connection.send = () => one.subscriptions.close();
    other.connection.take();
    await say('a', 'b');
    expect(other.connection.take()).toEqual(['[11,1,1]\na', '[11,1,2]\nb']);
  });
});

describe('a number', () => {
  test('is given once on a connection, and rises', async () => {
    const { connect } = await node();
    const { subscriptions } = connect();
    subscriptions.resume([
      [5, 'a'],
      [3, 'b'],
    ]);
    subscriptions.subscribe(6, 'c');
    subscriptions.unsubscribe(6);
    for (const i of [6, 5, 4]) {
      expect(() => subscriptions.subscribe(i, 'd')).toThrow(
        expect.objectContaining({ name: 'WireError', code: 1002 }),
      );
    }
    subscriptions.close();
  });

  test('is given once in a hello', async () => {
    const { connect } = await node();
    const { subscriptions } = connect();
    const twice = [
      [1, 'a'],
      [1, 'b'],
    ] as const;
    expect(() => subscriptions.resume(twice)).toThrow(expect.objectContaining({ code: 1002 }));
    subscriptions.close();
  });
});

describe('a topic', () => {
  test.each<[string, () => unknown]>([
    ['false', () => false],
    ['nothing', () => undefined],
    ['anything but true', () => 1],
    ['a promise of false', () => Promise.resolve(false)],
  ])('is denied where the application says %s', async (_, authorize) => {
    const { connect, topics } = await node();
    const { connection, subscriptions } = connect();
    connection.authorize = authorize;
    subscriptions.subscribe(1, 'news');
    await settled();
    expect(connection.take()).toEqual(['[10,1,"",0,false,"denied"]']);
    expect([topics.size, connection.errors]).toEqual([0, []]);
    expect(connection.refusals).toEqual(['denied']);
  });

  test.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('down');
      },
    ],
    ['rejects', () => Promise.reject(new Error('down'))],
  ])('is denied where the application %s, which is an error', async (_, authorize) => {
    const { connect } = await node();
    const { connection, subscriptions } = connect();
    connection.authorize = authorize;
    subscriptions.subscribe(1, 'news');
    await settled();
    expect(connection.take()).toEqual(['[10,1,"",0,false,"denied"]']);
    expect(connection.errors).toEqual([new Error('down')]);
    expect(connection.refusals).toEqual([]);
  });

  test('is asked for at each subscribe and each resume', async () => {
    const { connect, epoch } = await node();
    const asked: string[] = [];
    const { connection, subscriptions } = connect();
    connection.authorize = (topic) => asked.push(topic);
    subscriptions.resume([
      [1, 'news', epoch, 0],
      [2, 'sports'],
    ]);
    subscriptions.subscribe(3, 'news');
    await settled();
    expect(asked).toEqual(['news', 'sports', 'news']);
  });

  test('that was given up while the application was asked stays so', async () => {
    const { connect, topics } = await node();
    const { connection, subscriptions } = connect();
    let allow: (value: unknown) => void = () => undefined;
    connection.authorize = () => new Promise((resolve) => (allow = resolve));
    subscriptions.subscribe(1, 'news');
    subscriptions.unsubscribe(1);
    allow(true);
    await settled();
    expect([connection.take(), topics.size]).toEqual([[], 0]);
  });

  test('with a name of more than 256 bytes is refused, and nobody is asked', async () => {
    const { connect } = await node();
    const { connection, subscriptions } = connect();
    const asked: string[] = [];
    connection.authorize = (topic) => asked.push(topic) > 0;
    subscriptions.subscribe(1, 'é'.repeat(129));
    subscriptions.subscribe(2, 'é'.repeat(128));
    await settled();
    expect(connection.take()).toEqual([
      '[10,1,"",0,false,"refused"]',
      expect.stringMatching(/^\[10,2,"\w+",0,false\]$/),
    ]);
    expect(asked).toEqual(['é'.repeat(128)]);
  });

  test('is refused beyond so many, until one is given up', async () => {
    const { connect } = await node();
    const { connection, subscriptions } = connect({ maxTopics: 2 });
    subscriptions.resume([
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
    ]);
    await settled();
    expect(connection.take()).toContain('[10,3,"",0,false,"refused"]');
    subscriptions.unsubscribe(1);
    subscriptions.subscribe(4, 'd');
    await settled();
    expect(connection.take()).toEqual([expect.stringMatching(/^\[10,4,"\w+",0,false\]$/)]);
  });

  test('takes its place for as long as the application is at work, given up or not', async () => {
    const { connect } = await node();
    const { connection, subscriptions } = connect({ maxTopics: 2 });
    const answers: ((value: unknown) => void)[] = [];
    connection.authorize = () => new Promise((resolve) => answers.push(resolve));
    for (const i of [1, 2, 3, 4]) {
      subscriptions.subscribe(i, 'news');
      subscriptions.unsubscribe(i);
    }
    expect(answers).toHaveLength(2);
    expect(connection.take()).toHaveLength(2);
    answers[0]?.(true);
    await settled();
    subscriptions.subscribe(5, 'news');
    expect(answers).toHaveLength(3);
  });
});

describe('a slow subscriber', () => {
  test('is no longer pushed to, and reads on from the log when it has caught up', async () => {
    const { connect, clock, say } = await node();
    const { connection, subscriptions } = connect({ maxBuffered: 10 });
    subscriptions.subscribe(1, 'news');
    await settled();
    connection.take();
    connection.bufferedAmount = 11;
    await say('a', 'b');
    clock.advance(5_000);
    await settled();
    expect(connection.take()).toEqual([]);
    connection.bufferedAmount = 10;
    clock.advance(1_000);
    await settled();
    expect(connection.take()).toEqual(['[11,1,1]\na', '[11,1,2]\nb']);
  });

  test('reads on as soon as something is said', async () => {
    const { connect, say } = await node();
    const { connection, subscriptions } = connect({ maxBuffered: 10 });
    subscriptions.subscribe(1, 'news');
    await settled();
    connection.take();
    connection.bufferedAmount = 11;
    await say('a', 'b');
    connection.bufferedAmount = 0;
    await say('c');
    expect(connection.take()).toEqual(['[11,1,1]\na', '[11,1,2]\nb', '[11,1,3]\nc']);
  });

  test('is stopped in the midst of a page', async () => {
    const { connect, clock, epoch, say } = await node();
    await say('a', 'b', 'c');
    const { connection, subscriptions } = connect({ maxBuffered: 10 });
    const { sent } = connection;
    connection.send = (frame) => {
      sent.push(frame);
      if (sent.length === 2) connection.bufferedAmount = 11;
    };
    subscriptions.subscribe(1, 'news', epoch, 0);
    await settled();
    expect(connection.take()).toEqual([`[10,1,"${epoch}",0,false]`, '[11,1,1]\na']);
    connection.bufferedAmount = 0;
    clock.advance(1_000);
    await settled();
    expect(sent[0]).toBe('[11,1,2]\nb');
  });

  test('is told of a gap where the log did not wait for it', async () => {
    const { connect, clock, epoch, say } = await node({ maxEntries: 2 });
    const { connection, subscriptions } = connect({ maxBuffered: 10 });
    subscriptions.subscribe(1, 'news');
    await settled();
    connection.take();
    connection.bufferedAmount = 11;
    await say('a', 'b', 'c');
    connection.bufferedAmount = 0;
    clock.advance(1_000);
    await settled();
    expect(connection.take()).toEqual([`[10,1,"${epoch}",3,true]`]);
  });

  test('is not even told that it is one before it has caught up', async () => {
    const { connect, clock, epoch } = await node();
    const { connection, subscriptions } = connect({ maxBuffered: 10 });
    connection.bufferedAmount = 11;
    subscriptions.subscribe(1, 'news', epoch, 0);
    clock.advance(3_000);
    await settled();
    expect(connection.take()).toEqual([]);
    connection.bufferedAmount = 0;
    clock.advance(1_000);
    await settled();
    expect(connection.take()).toEqual([`[10,1,"${epoch}",0,false]`]);
  });

  test('does not hold up others', async () => {
    const { connect, say } = await node();
    const [slow, fast] = [connect({ maxBuffered: 10 }), connect({ maxBuffered: 10 })];
    for (const { subscriptions } of [slow, fast]) subscriptions.subscribe(1, 'news');
    await settled();
    slow.connection.bufferedAmount = 11;
    fast.connection.take();
    await say('a');
    expect(fast.connection.take()).toEqual(['[11,1,1]\na']);
  });
});
