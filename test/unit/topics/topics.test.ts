import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTopics, type TopicsOptions } from '../../../src/topics/index.js';
import {
  idleSocket,
  type Line,
  lineOf,
  openLine,
  openUp,
  reopen,
} from '../../support/outbox-line.js';

type Message = { topic?: string; id?: number; text?: string };
type Out = object;

const OPTIONS: TopicsOptions<Message, Out> = {
  subscribe: (topic, after) => (after === undefined ? { sub: topic } : { sub: topic, after }),
  unsubscribe: (topic) => ({ unsub: topic }),
  topicOf: ({ topic }) => topic,
  cursorOf: ({ id }) => id,
};

/** Topics on an open line, and what the listener of `news` has heard. */
async function openTopics(options = OPTIONS) {
  const opened = await openLine<Message, Out>();
  const topics = createTopics(opened.socket, options);
  const heard: (string | undefined)[] = [];
  const listener = ({ text }: Message) => void heard.push(text);
  return { ...opened, topics, heard, listener };
}

const sent = (line: Line) => line.messages;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('a topic', () => {
  test('is subscribed once, however many listen, and each hears its messages', async () => {
    const { topics, line, heard, listener } = await openTopics();
    topics.on('news', listener);
    topics.on('news', listener);
    topics.on('sport', () => heard.push('sport'));
    expect(sent(line)).toEqual([{ sub: 'news' }, { sub: 'sport' }]);
    line.receiveJson({ topic: 'news', text: 'hello' });
    line.receiveJson({ topic: 'weather', text: 'rain' });
    line.receiveJson({ text: 'of none' });
    expect(heard).toEqual(['hello', 'hello']);
  });

  test('is unsubscribed a moment after the last has left, and not if one comes back', async () => {
    const { topics, line, listener } = await openTopics();
    const stops = [topics.on('news', listener), topics.on('news', listener)];
    for (const stop of stops) stop();
    vi.advanceTimersByTime(999);
    const stop = topics.on('news', listener);
    vi.advanceTimersByTime(2_000);
    expect(sent(line)).toEqual([{ sub: 'news' }]);
    stop();
    stop();
    vi.advanceTimersByTime(1_000);
    expect(sent(line)).toEqual([{ sub: 'news' }, { unsub: 'news' }]);
    topics.on('news', listener);
    expect(sent(line)).toHaveLength(3);
  });

  test('ends with a signal', async () => {
    const { topics, line, heard, listener } = await openTopics();
    const controller = new AbortController();
    topics.on('news', listener, { signal: controller.signal });
    controller.abort();
    line.receiveJson({ topic: 'news', text: 'late' });
    vi.advanceTimersByTime(1_000);
    expect([heard, sent(line)]).toEqual([[], [{ sub: 'news' }, { unsub: 'news' }]]);
  });

  test('with a signal that is aborted already changes nothing, also for who comes then', async () => {
    const { topics, line, listener } = await openTopics();
    topics.on('news', listener, { signal: AbortSignal.abort() });
    topics.on('news', listener);
    topics.on('sport', listener, { signal: AbortSignal.abort() });
    vi.advanceTimersByTime(2_000);
    expect(sent(line)).toEqual([{ sub: 'news' }]);
  });

  test('costs nothing once nobody listens to any', async () => {
    const topicOf = vi.fn(OPTIONS.topicOf);
    const { topics, line, listener } = await openTopics({ ...OPTIONS, topicOf });
    topics.on('news', listener)();
    vi.advanceTimersByTime(1_000);
    line.receiveJson({ topic: 'news' });
    expect(topicOf).not.toHaveBeenCalled();
  });
});

describe('on another connection', () => {
  test('all are subscribed again from their cursors, before what waits', async () => {
    const { world, socket, topics, line, listener } = await openTopics();
    topics.on('news', listener);
    topics.on('sport', listener);
    line.flow();
    line.receiveJson({ topic: 'news', id: 41 });
    line.receiveJson({ topic: 'news', text: 'without an id' });
    line.die();
    socket.send({ say: 'meanwhile' });
    expect(sent(await reopen(world))).toEqual([
      { sub: 'news', after: 41 },
      { sub: 'sport' },
      { say: 'meanwhile' },
    ]);
  });

  test('those that were left meanwhile are not', async () => {
    const { world, topics, line, listener } = await openTopics();
    topics.on('news', listener)();
    line.flow();
    line.die();
    const next = await reopen(world);
    vi.advanceTimersByTime(2_000);
    expect(sent(next)).toEqual([]);
  });

  test('what was listened to before there was one is subscribed once there is', async () => {
    const { world, socket } = idleSocket<Message, Out>();
    createTopics(socket, OPTIONS).on('news', () => undefined);
    const line = await openUp(world, socket);
    expect(sent(line)).toEqual([{ sub: 'news' }]);
  });

  test('a listener of open that listens does not subscribe twice', async () => {
    const { world, socket } = idleSocket<Message, Out>();
    const topics = createTopics(socket, OPTIONS);
    socket.on('open', () => topics.on('sport', () => undefined));
    topics.on('news', () => undefined);
    const line = await openUp(world, socket);
    expect(sent(line)).toEqual([{ sub: 'sport' }, { sub: 'news' }]);
  });

  test('a subscription that waited behind a backlog is not sent a second time', async () => {
    const { world, socket, line } = await openLine<Message, Out>({ queue: { highWaterMark: 1 } });
    const topics = createTopics(socket, OPTIONS);
    socket.send({ say: 'in the browser' });
    topics.on('news', () => undefined);
    expect(sent(line)).toEqual([{ say: 'in the browser' }]);
    line.flow();
    line.die();
    const next = await reopen(world);
    expect(sent(next)).toEqual([{ sub: 'news' }]);
  });

  test('one that has left in the browser’s buffer is not, either', async () => {
    const { world, topics, line, listener } = await openTopics();
    topics.on('news', listener);
    line.die();
    expect(sent(await reopen(world))).toEqual([{ sub: 'news' }]);
  });
});

describe('on a line that takes nothing more', () => {
  /** Topics on a line that is open, and behind a message that does not leave. */
  async function crowded(queue: object = {}) {
    const opened = await openLine<Message, Out>({ queue: { highWaterMark: 1, ...queue } });
    const { socket, world } = opened;
    const topics = createTopics(socket, OPTIONS);
    const drops: unknown[] = [];
    socket.on('drop', ({ message, reason }) => drops.push([message, reason]));
    socket.send({ say: 1 });
    /** Lets everything go out that can. */
    const flow = async () => {
      for (let turn = 0; turn < 5; turn++) {
        lineOf(world).flow();
        await world.advance(10);
      }
    };
    const listener = () => undefined;
    return { ...opened, topics, drops, flow, listener };
  }

  test('what is left before it was asked for is never asked for, nor ended', async () => {
    const { world, topics, line, flow, listener } = await crowded();
    topics.on('news', listener)();
    vi.advanceTimersByTime(1_000);
    await flow();
    expect(sent(line)).toEqual([{ say: 1 }]);
    topics.on('sport', listener)();
    line.die();
    vi.advanceTimersByTime(1_000);
    expect(sent(await reopen(world))).toEqual([]);
  });

  test('an end that waits is not sent on the next connection', async () => {
    const { world, socket, topics, line, flow, listener } = await crowded();
    const stop = topics.on('news', listener);
    await flow();
    socket.send({ say: 2 });
    stop();
    vi.advanceTimersByTime(1_000);
    line.flow();
    line.die();
    expect(sent(await reopen(world))).toEqual([]);
  });

  test('who comes back while the end waits finds the topic as it was', async () => {
    const { world, socket, topics, line, flow, listener } = await crowded();
    const stop = topics.on('news', listener);
    await flow();
    line.receiveJson({ topic: 'news', id: 41 });
    socket.send({ say: 2 });
    stop();
    vi.advanceTimersByTime(1_000);
    topics.on('news', listener);
    await flow();
    expect(sent(line)).toEqual([{ say: 1 }, { sub: 'news' }, { say: 2 }]);
    line.die();
    expect(sent(await reopen(world))).toEqual([{ sub: 'news', after: 41 }]);
  });

  test('one that the queue has dropped is made as soon as there is room', async () => {
    const { socket, topics, line, flow, listener } = await crowded({ maxMessages: 2 });
    topics.on('news', listener);
    socket.send({ say: 2 });
    socket.send({ say: 3 });
    await flow();
    expect(sent(line)).toEqual([{ say: 1 }, { say: 2 }, { say: 3 }, { sub: 'news' }]);
  });

  test('one that came while it was to be flushed is made by who comes next', async () => {
    const { socket, topics, line, flow, listener } = await crowded();
    void socket.close({ flush: true }).catch(() => undefined);
    topics.on('news', listener);
    socket.connect();
    topics.on('news', listener);
    await flow();
    expect(sent(line)).toEqual([{ say: 1 }, { sub: 'news' }]);
  });
});

describe('in a listener', () => {
  test('of status, the first topic is subscribed once', async () => {
    const { world, socket } = idleSocket<Message, Out>();
    const topics = createTopics(socket, OPTIONS);
    const onGap = vi.fn();
    socket.on('status', ({ status }) => {
      if (status === 'open') topics.on('news', () => undefined, { onGap });
    });
    socket.send({ say: 'early' });
    expect(sent(await openUp(world, socket))).toEqual([{ sub: 'news' }, { say: 'early' }]);
    expect(onGap).not.toHaveBeenCalled();
  });

  test('of open, a topic comes before what waits as well', async () => {
    const { world, socket } = idleSocket<Message, Out>();
    const topics = createTopics(socket, OPTIONS);
    topics.on('news', () => undefined);
    socket.on('open', () => topics.on('sport', () => undefined));
    socket.send({ say: 'early' });
    expect(sent(await openUp(world, socket))).toEqual([
      { sub: 'news' },
      { sub: 'sport' },
      { say: 'early' },
    ]);
  });

  test('of a gap, another topic is subscribed once, and does not go round', async () => {
    const { world, topics, line, listener } = await openTopics();
    let count = 0;
    const onGap = () => {
      if (count < 50) topics.on(`more ${++count}`, listener, { onGap });
    };
    topics.on('news', listener, { onGap });
    line.flow();
    line.die();
    expect(sent(await reopen(world))).toEqual([{ sub: 'news' }, { sub: 'more 1' }]);
  });
});

describe('a gap', () => {
  const { subscribe, unsubscribe, topicOf } = OPTIONS;

  test('is told where there is no cursor to go on from', async () => {
    const { world, topics, line, listener } = await openTopics({ subscribe, unsubscribe, topicOf });
    const onGap = vi.fn(() => gaps.push(sent(next).length));
    const gaps: number[] = [];
    topics.on('news', listener, { onGap });
    line.receiveJson({ topic: 'news', id: 1 });
    expect(onGap).not.toHaveBeenCalled();
    line.flow();
    line.die();
    await world.advance(0);
    const next = lineOf(world);
    next.open();
    // The subscription is on its way already.
    expect(gaps).toEqual([1]);
  });

  test('is told to who began to listen before there was a connection', async () => {
    const { world, socket } = idleSocket<Message, Out>();
    const onGap = vi.fn();
    createTopics(socket, OPTIONS).on('news', () => undefined, { onGap });
    await openUp(world, socket);
    expect(onGap).toHaveBeenCalledTimes(1);
  });

  test('is told where the cursor is null, as JSON has it', async () => {
    const { world, topics, line, listener } = await openTopics();
    const onGap = vi.fn();
    topics.on('news', listener, { onGap });
    topics.on('sport', listener, { onGap });
    line.receiveJson({ topic: 'news', id: 0 });
    line.receiveJson({ topic: 'news', id: null });
    line.receiveJson({ topic: 'sport', id: null });
    line.flow();
    line.die();
    expect(sent(await reopen(world))).toEqual([{ sub: 'news', after: 0 }, { sub: 'sport' }]);
    expect(onGap).toHaveBeenCalledTimes(1);
  });

  test('is none where there is one, nor for who has left', async () => {
    const { world, topics, line, listener } = await openTopics();
    const onGap = vi.fn();
    topics.on('news', listener, { onGap });
    topics.on('sport', listener);
    topics.on('sport', listener, { onGap })();
    line.receiveJson({ topic: 'news', id: 1 });
    line.flow();
    line.die();
    await reopen(world);
    expect(onGap).not.toHaveBeenCalled();
  });
});

describe('what goes wrong', () => {
  test('a second call for a socket gives the same topics', async () => {
    const { socket, topics } = await openTopics();
    expect(createTopics(socket, { ...OPTIONS, cursorOf: undefined })).toBe(topics);
  });

  test.each([
    [{ ...OPTIONS, subscribe: undefined }, 'invalid options.subscribe: undefined'],
    [{ ...OPTIONS, topicOf: 5 }, 'invalid options.topicOf: number 5'],
    [{ ...OPTIONS, cursorOf: {} }, 'invalid options.cursorOf: object'],
    [{ ...OPTIONS, nonsense: 1 }, 'unknown options.nonsense'],
  ])('%o: %s', async (options, message) => {
    const { socket } = await openLine<Message, Out>();
    expect(() => createTopics(socket, options as never)).toThrow(message);
  });

  test('a topic that is no text, or a listener that is none, is refused and changes nothing', async () => {
    const { topics, line, listener } = await openTopics();
    expect(() => topics.on(5 as never, listener)).toThrow('invalid topic: number 5');
    expect(() => topics.on('news', 5 as never)).toThrow('invalid listener: number 5');
    expect(() => topics.on('news', listener, { onGap: 5 as never })).toThrow('options.onGap');
    vi.advanceTimersByTime(1_000);
    expect(sent(line)).toEqual([]);
    topics.on('news', listener);
    expect(sent(line)).toEqual([{ sub: 'news' }]);
  });

  test('what subscribe throws is the caller’s, and nobody listens', async () => {
    let isBroken = true;
    const { topics, line, listener } = await openTopics({
      ...OPTIONS,
      subscribe(topic) {
        if (isBroken) throw new Error('a slip');
        return { sub: topic };
      },
    });
    expect(() => topics.on('news', listener)).toThrow('a slip');
    isBroken = false;
    topics.on('news', listener);
    expect(sent(line)).toEqual([{ sub: 'news' }]);
  });

  test('on another connection it is reported, and starves no other topic', async () => {
    const report = vi.fn();
    vi.stubGlobal('reportError', report);
    let isBroken = false;
    const { world, topics, line, listener } = await openTopics({
      ...OPTIONS,
      subscribe(topic) {
        if (isBroken && topic === 'news') throw new Error('a slip');
        return { sub: topic };
      },
    });
    topics.on('news', listener);
    topics.on('sport', listener);
    line.flow();
    line.die();
    isBroken = true;
    expect(sent(await reopen(world))).toEqual([{ sub: 'sport' }]);
    expect(report).toHaveBeenCalledWith(expect.objectContaining({ message: 'a slip' }));
    vi.unstubAllGlobals();
    isBroken = false;
    topics.on('news', listener);
    expect(sent(lineOf(world))).toEqual([{ sub: 'sport' }, { sub: 'news' }]);
  });

  test('a cursorOf that throws starves no listener', async () => {
    vi.stubGlobal('reportError', vi.fn());
    const cursorOf = () => {
      throw new Error('a slip');
    };
    const { topics, line, heard, listener } = await openTopics({ ...OPTIONS, cursorOf });
    topics.on('news', listener);
    line.receiveJson({ topic: 'news', text: 'hello' });
    expect(heard).toEqual(['hello']);
    vi.unstubAllGlobals();
  });

  test('a closed socket leaves no timer behind', async () => {
    const { socket, topics, line, listener } = await openTopics();
    topics.on('news', listener)();
    void socket.close();
    line.die(1000);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a server that needs no word gets none', async () => {
    const { topics, line, listener, heard } = await openTopics({
      ...OPTIONS,
      subscribe: () => undefined,
      unsubscribe: () => undefined,
    });
    const stop = topics.on('news', listener);
    line.receiveJson({ topic: 'news', text: 'hello' });
    stop();
    vi.advanceTimersByTime(1_000);
    expect([heard, sent(line)]).toEqual([['hello'], []]);
  });
});
