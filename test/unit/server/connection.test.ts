import { describe, expect, test } from 'vitest';
import type { SessionServerOptions } from '../../../src/server/index.js';
import { settled, withSession } from '../../support/session-nodes.js';

test.each([
  ['no JSON', '[2,1', 1007, 'malformed'],
  ['no array', '{"a":1}', 1007, 'malformed'],
  ['no number', '["2",1]\n', 1002, 'violation'],
  ['no such frame', '[99,1]', 1002, 'violation'],
  ['a frame of the server’s', '[4,1,"failed"]', 1002, 'violation'],
  ['a negative number', '[2,-1]\n1', 1007, 'malformed'],
  ['a fraction', '[3,0.5]', 1007, 'malformed'],
  ['no payload', '[2,1]', 1007, 'malformed'],
  ['a payload where there is none', '[3,0]\nx', 1007, 'malformed'],
  ['bytes without a head', new Uint8Array([1]).buffer, 1007, 'malformed'],
  ['a long head', `[3,0${' '.repeat(5_000)}]`, 1009, 'too-large'],
  ['a topic of a megabyte', `[9,1,"${'t'.repeat(1_000_000)}"]`, 1009, 'too-large'],
  ['a large message', `[2,1]\n${'x'.repeat(1_001)}`, 1009, 'too-large'],
  ['a message that is large as bytes', `[2,1]\n${'é'.repeat(501)}`, 1009, 'too-large'],
  ['a message of too many frames', '[2,1,null,null,1025]', 1009, 'too-large'],
  ['a message that is out of its order', '[2,2]\n1', 1002, 'violation'],
  ['an acknowledgement of nothing', '[3,1]', 1002, 'violation'],
])('%s closes this connection, and tells why', async (_, frame, closeCode, code) => {
  const { node, duplex, sid, key } = await withSession({ maxPayload: 1_000 });
  const bystander = await node.hello();
  duplex.say(frame);
  expect(duplex.closed?.code).toBe(closeCode);
  expect(node.errors).toMatchObject([{ code, closeCode }]);
  duplex.say([2, 1], '1');
  await settled();
  expect(node.messages).toEqual([]);
  // Nothing else is harmed: neither the session nor anybody beside it.
  expect((await node.hello({ sid, key, n: 2 })).welcome.resumed).toBe(true);
  bystander.duplex.say([2, 1], '"fine"');
  await settled();
  expect(node.messages).toMatchObject([{ data: 'fine' }]);
});

test('a message of several frames is bounded as a whole', async () => {
  const { node, duplex } = await withSession({ maxPayload: 1_000 });
  duplex.say([2, 1, null, null, 3]);
  duplex.say('x'.repeat(600));
  expect(duplex.closed).toBeUndefined();
  duplex.say(new Uint8Array(401).buffer);
  expect(duplex.closed).toMatchObject({ code: 1009 });
  expect(node.errors).toMatchObject([{ code: 'too-large' }]);
});

test('a message as large as may be is taken', async () => {
  const { node, duplex } = await withSession({ maxPayload: 1_000 });
  duplex.say([2, 1], `"${'x'.repeat(998)}"`);
  await settled();
  expect([node.messages.length, duplex.closed]).toEqual([1, undefined]);
});

test('half a message is forgotten with its connection', async () => {
  const { node, duplex, sid, key } = await withSession();
  duplex.say([2, 1, null, null, 2]);
  duplex.say('1');
  duplex.drop();
  const again = await node.hello({ sid, key, n: 2 });
  again.duplex.say([2, 1, null, null, 2]);
  again.duplex.say('1');
  again.duplex.say('2');
  await settled();
  expect(node.messages).toMatchObject([{ data: [1, 2] }]);
});

test('a ping is answered with what it carries and what is settled', async () => {
  const { duplex } = await withSession();
  duplex.say([2, 1], '1');
  await settled();
  duplex.say([5, 7, 0]);
  expect(duplex.take()).toEqual([[6, 7, 1]]);
});

test('a transport that throws is closed, and the session waits for another', async () => {
  const { node, duplex, sid, key } = await withSession();
  const [one] = node.sessions;
  duplex.send = () => {
    throw new Error('broken');
  };
  one?.send('x');
  await settled();
  expect([one?.attached, duplex.closed?.code]).toEqual([false, 1011]);
  expect(node.errors).toMatchObject([{ code: 'transport', cause: { message: 'broken' } }]);
  expect((await node.hello({ sid, key, n: 2 })).duplex.take()).toEqual([[2, 1, '"x"']]);
});

test('topics are those that a principal may hear, and none without the option', async () => {
  const { nodes, node, duplex } = await withSession();
  duplex.say([9, 1, 'news']);
  await settled();
  expect(duplex.take()).toEqual([[10, 1, '', 0, false, 'denied']]);
  expect(node.errors).toMatchObject([{ code: 'denied', closeCode: undefined }]);
  const open = nodes.node({
    authorizeTopic: ({ principal, topic }) => principal === '' && topic === 'news',
  });
  const follower = await open.hello({ subs: [[1, 'news']] });
  expect(follower.duplex.take()).toEqual([[10, 1, expect.any(String), 0, false]]);
  // From whatever node.
  await node.server.publish('news', { a: 1 });
  await settled();
  expect(follower.duplex.take()).toEqual([[11, 1, 1, '{"a":1}']]);
  follower.duplex.say([12, 1]);
  await node.server.publish('news', { a: 2 });
  await settled();
  expect(follower.duplex.take()).toEqual([]);
  // A number that is used again.
  follower.duplex.say([9, 1, 'news']);
  expect(follower.duplex.closed).toMatchObject({ code: 1002 });
  await node.server.close();
  await open.server.close();
});

test('a function of the options that throws denies the topic, and is told', async () => {
  const { node, duplex } = await withSession({
    authorizeTopic: () => {
      throw new Error('oops');
    },
  });
  duplex.say([9, 1, 'news']);
  await settled();
  expect(duplex.take()).toEqual([[10, 1, '', 0, false, 'denied']]);
  expect(node.errors).toMatchObject([{ code: 'callback', cause: { message: 'oops' } }]);
});

describe('a client that does not read', () => {
  /** What is sent waits, for good: whoever reads is `read` up to. */
  async function unread(options?: SessionServerOptions) {
    const opened = await withSession(options);
    const { duplex } = opened;
    let [waiting, read] = [0, duplex.sent.length];
    const send = duplex.send.bind(duplex);
    duplex.send = (frame) => {
      waiting += Buffer.byteLength(frame);
      send(frame);
    };
    Object.defineProperty(duplex, 'bufferedAmount', { get: () => waiting });
    return {
      ...opened,
      read: (count: number) => {
        const frames = duplex.sent.slice(read, (read += count));
        read = Math.min(read, duplex.sent.length);
        for (const frame of frames) waiting -= Buffer.byteLength(frame);
      },
    };
  }

  test('is not answered for ever', async () => {
    const { node, duplex } = await unread();
    for (let n = 0; n < 20_000 && !duplex.closed; n++) duplex.say([5, n, 0]);
    expect(duplex.closed).toMatchObject({ code: 4429 });
    expect(duplex.sent.length).toBeLessThan(10_000);
    expect(node.errors).toMatchObject([{ code: 'violation', closeCode: 4429 }]);
  });

  test('is not answered for ever where it reads a little of what it has asked for', async () => {
    const { duplex, read } = await unread();
    for (let n = 0; n < 60_000 && !duplex.closed; n++) {
      duplex.say([5, n, 0]);
      if (n % 100 === 0) read(10);
    }
    expect(duplex.closed).toMatchObject({ code: 4429 });
  });

  test('does not get more by acknowledging what it has not read', async () => {
    const { duplex, session: one } = await unread();
    for (let s = 1; s < 1_000 && !duplex.closed; s++) {
      one.send('x'.repeat(10_000));
      await settled();
      duplex.say([3, s]);
    }
    expect(duplex.closed).toMatchObject({ code: 4429 });
    expect(duplex.bufferedAmount).toBeLessThan(1_200_000);
  });

  test('is not taken for one whose machine says only now and then how much has left', async () => {
    const { duplex, session: one } = await withSession();
    for (let s = 1; s <= 25; s++) one.send('x'.repeat(10_000));
    await settled();
    duplex.bufferedAmount = 250_000;
    for (let s = 1; s <= 25; s++) {
      duplex.say([5, s, s]);
      one.send('x'.repeat(10_000));
      await settled();
    }
    expect([one.unacknowledged.messages, duplex.closed]).toEqual([25, undefined]);
  });

  test('is not taken for one that has much to read: messages, and entries up to their mark', async () => {
    const {
      node,
      duplex,
      session: one,
      read,
    } = await unread({
      maxBytes: 1_000_000,
      authorizeTopic: () => true,
      maxBuffered: 200_000,
    });
    duplex.say([9, 1, 'news']);
    await settled();
    for (let n = 0; n < 90; n++) one.send('x'.repeat(10_000));
    await settled();
    duplex.say([5, 1, 0]);
    read(Infinity);
    // The last one is pushed just below the mark.
    for (const size of [190_000, 400_000, 10]) {
      await node.server.publish('news', 'é'.repeat(size / 2));
      await settled();
    }
    duplex.say([5, 2, 0]);
    expect([duplex.bufferedAmount > 590_000, duplex.closed]).toEqual([true, undefined]);
    // It reads all the time, and asks as often: there is never less than that to read.
    for (let n = 3; n < 20_000; n++) {
      duplex.say([5, n, 0]);
      if (n > 100) read(1);
      if (n % 100 === 0) await node.server.publish('news', n);
    }
    expect([duplex.bufferedAmount > 1_000, duplex.closed]).toEqual([true, undefined]);
  });
});

test('a message of several frames is bounded in bytes, and not in characters', async () => {
  const { duplex } = await withSession({ maxPayload: 1_000 });
  duplex.say([2, 1, null, null, 2]);
  duplex.say('é'.repeat(501));
  expect(duplex.closed).toMatchObject({ code: 1009 });
});
