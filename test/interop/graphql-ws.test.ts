import { EventEmitter, on } from 'node:events';
// The file that Node takes for graphql-ws, too: vite would find a second copy, index.mjs.
import { buildSchema } from 'graphql/index.js';
import { createClient } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { expect, onTestFinished, test } from 'vitest';
import { PASSES } from '../support/fault-proxy.mjs';
import { arrivals } from './support/arrivals.js';
import { NativeLine, nativeLine } from './support/native-line.js';
import { onWebSocketServer, served, stallUpgrades } from './support/served.js';

const schema = buildSchema(`
  type Query { greeting(name: String!): String! }
  type Subscription { news: Int! }
`);

/** A server with news, and a client of it. */
async function newsroom(webSocketImpl = NativeLine) {
  const news = new EventEmitter();
  const subscribed = arrivals<number>();
  async function* told(heard: AsyncIterable<unknown[]>) {
    for await (const [item] of heard) yield { news: item };
  }
  const roots = {
    query: { greeting: ({ name }: { name: string }) => `Hello ${name}` },
    subscription: {
      news: () => {
        const heard = on(news, 'item');
        subscribed.add(subscribed.all.length + 1);
        return told(heard);
      },
    },
  };
  const { server, proxy } = await served(
    onWebSocketServer((wss) => void useServer({ schema, roots }, wss)),
  );
  const client = createClient({
    url: proxy.url,
    webSocketImpl,
    // It takes an `error` event for the end of everything unless it is told otherwise.
    shouldRetry: () => true,
    retryAttempts: Infinity,
    retryWait: () => new Promise((resolve) => setTimeout(resolve, 10)),
  });
  onTestFinished(() => client.dispose());
  return { server, proxy, client, subscribed, publish: (item: number) => news.emit('item', item) };
}

type Newsroom = Awaited<ReturnType<typeof newsroom>>;

function subscribe({ client }: Newsroom) {
  const items = arrivals<unknown>();
  const ended = arrivals<unknown>();
  client.subscribe(
    { query: 'subscription { news }' },
    {
      next: ({ data }) => items.add(data?.['news']),
      error: ended.add,
      complete: () => ended.add('complete'),
    },
  );
  return { items, ended };
}

async function greeted({ client }: Newsroom): Promise<unknown> {
  const query = 'query ($name: String!) { greeting(name: $name) }';
  for await (const { data } of client.iterate({ query, variables: { name: 'you' } })) {
    return data?.['greeting'];
  }
  throw new Error('no answer');
}

test('answers come, and what is subscribed to is delivered', async () => {
  const room = await newsroom();
  expect(await greeted(room)).toBe('Hello you');
  await room.server.reaches(0); // lazy: nobody needs a connection now

  const { items, ended } = subscribe(room);
  await room.subscribed.count(1);
  room.publish(1);
  await items.count(1);
  expect(await greeted(room)).toBe('Hello you');
  await room.client.dispose();
  await ended.count(1);
  await room.server.reaches(0);
  expect([items.all, ended.all, room.server.mostAtOnce]).toEqual([[1], ['complete'], 1]);
});

test('a subscription lives on when its connection was killed, any number of times', async () => {
  const room = await newsroom();
  const { items, ended } = subscribe(room);
  for (let round = 1; round <= 3; round++) {
    await room.subscribed.count(round);
    room.publish(round);
    await items.count(round);
    room.proxy.reset();
  }
  await room.subscribed.count(4);
  expect([items.all, ended.all]).toEqual([[1, 2, 3], []]);
  await room.client.dispose();
  await ended.count(1);
  await room.server.reaches(0);
  expect([ended.all, room.server.accepted, room.server.mostAtOnce]).toEqual([['complete'], 4, 1]);
});

test('a subscription lives on when the server was away', async () => {
  const room = await newsroom();
  const { items, ended } = subscribe(room);
  await room.subscribed.count(1);
  const failed = arrivals<unknown>();
  room.client.on('error', failed.add);
  await room.server.stop();
  await failed.count(3);
  await room.server.start();
  await room.subscribed.count(2);
  room.publish(1);
  await items.count(1);
  expect(await greeted(room)).toBe('Hello you');
  await room.client.dispose();
  await room.server.reaches(0);
  expect([items.all, ended.all]).toEqual([[1], ['complete']]);
  expect([room.server.accepted, room.server.mostAtOnce]).toEqual([2, 1]);
});

test('an attempt that hangs is given up, and followed by another', async () => {
  const room = await newsroom(nativeLine({ connectTimeout: 300 }));
  stallUpgrades(room.proxy);
  const failed = arrivals<unknown>();
  room.client.on('error', failed.add);
  const { items } = subscribe(room);
  await failed.count(2);
  room.proxy.behave(PASSES);
  await room.subscribed.count(1);
  room.publish(1);
  await items.count(1);
  await room.server.reaches(1);
});

test('it can be disposed of while an attempt hangs', async () => {
  const room = await newsroom(nativeLine({ connectTimeout: 300 }));
  const hanging = stallUpgrades(room.proxy);
  const { ended } = subscribe(room);
  // It waits for the attempt, and tells how that has ended.
  await expect(room.client.dispose()).rejects.toMatchObject({ type: 'error' });
  await ended.count(1);
  await Promise.all(hanging.all.map((line) => line.closed));
  expect([ended.all, room.proxy.accepted]).toEqual([['complete'], 1]);
});

test('a dead line that the client terminates is followed by another at once, and goes', async () => {
  const room = await newsroom();
  const { items, ended } = subscribe(room);
  await room.subscribed.count(1);
  room.proxy.blackHole();
  // What its documentation has a client do when no pong has come.
  room.client.terminate();
  await room.subscribed.count(2);
  room.publish(1);
  await items.count(1);
  expect(ended.all).toEqual([]);
  room.proxy.reset((line) => line.id === 1);
  await room.server.reaches(1);
  await room.client.dispose();
  await room.server.reaches(0);
});

test('with a heartbeat a dead line is noticed', async () => {
  const heartbeat = {
    message: () => '{"type":"ping"}',
    isReply: (data: unknown) => data === '{"type":"pong"}',
    interval: 50,
    timeout: 1_000,
    expectReply: true,
  };
  const room = await newsroom(nativeLine({ heartbeat }));
  const { items, ended } = subscribe(room);
  await room.subscribed.count(1);
  room.proxy.blackHole();
  await room.subscribed.count(2);
  room.publish(1);
  await items.count(1);
  expect([items.all, ended.all]).toEqual([[1], []]);
});
