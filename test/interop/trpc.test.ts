import { EventEmitter, on } from 'node:events';
import {
  createTRPCClient,
  createWSClient,
  type WebSocketClientOptions,
  wsLink,
} from '@trpc/client';
import { initTRPC, tracked } from '@trpc/server';
import { applyWSSHandler } from '@trpc/server/adapters/ws';
import { expect, onTestFinished, test } from 'vitest';
import { PASSES } from '../support/fault-proxy.mjs';
import { arrivals } from './support/arrivals.js';
import { NativeLine, nativeLine } from './support/native-line.js';
import { onWebSocketServer, served, stallUpgrades } from './support/served.js';

/** Procedures over a log of numbers that only grows, wherever its readers are. */
function numbers() {
  const log: number[] = [];
  const grows = new EventEmitter();
  const subscribed = arrivals<number>();
  const t = initTRPC.create();
  const router = t.router({
    greeting: t.procedure
      .input((name: unknown) => String(name))
      .query(({ input }) => `Hello ${input}`),
    push: t.procedure.input(Number).mutation(({ input }) => {
      log.push(input);
      grows.emit('more');
      return log.length;
    }),
    // What a client says it has seen last is where it goes on.
    all: t.procedure
      .input((input: unknown) => (input ?? {}) as { lastEventId?: string })
      .subscription(async function* ({ input, signal }) {
        const more = on(grows, 'more', { ...(signal && { signal }) });
        let next = Number(input.lastEventId ?? -1) + 1;
        subscribed.add(next);
        for (;;) {
          for (; next < log.length; next++) yield tracked(String(next), log[next]);
          await more.next();
        }
      }),
  });
  return { router, subscribed };
}

async function setting(WebSocket = NativeLine, options: Partial<WebSocketClientOptions> = {}) {
  const { router, subscribed } = numbers();
  const { server, proxy } = await served(
    onWebSocketServer((wss) => void applyWSSHandler({ wss, router })),
  );
  const connection = createWSClient({
    url: proxy.url,
    WebSocket,
    retryDelayMs: () => 10,
    ...options,
  });
  onTestFinished(() => connection.close());
  const client = createTRPCClient<typeof router>({ links: [wsLink({ client: connection })] });

  const subscribe = () => {
    const seen = arrivals<unknown>();
    const ended = arrivals<unknown>();
    client.all.subscribe(
      {},
      {
        onData: ({ data }) => seen.add(data),
        onError: ended.add,
        onComplete: () => ended.add('complete'),
      },
    );
    return { seen, ended };
  };
  return { server, proxy, connection, client, subscribed, subscribe };
}

test('calls are answered, and what is subscribed to is delivered', async () => {
  const { server, connection, client, subscribe } = await setting();
  const { seen, ended } = subscribe();
  expect(await client.greeting.query('you')).toBe('Hello you');
  await client.push.mutate(7);
  await seen.count(1);
  await connection.close();
  await server.reaches(0);
  expect([seen.all, ended.all, server.accepted]).toEqual([[7], ['complete'], 1]);
});

test('a subscription goes on where it was when its connection was killed', async () => {
  const { server, proxy, connection, client, subscribed, subscribe } = await setting();
  const { seen, ended } = subscribe();
  for (let round = 0; round < 3; round++) {
    await subscribed.count(round + 1);
    await client.push.mutate(round);
    await seen.count(round + 1);
    proxy.reset();
  }
  await subscribed.count(4);
  expect([seen.all, ended.all, subscribed.all]).toEqual([[0, 1, 2], [], [0, 1, 2, 3]]);
  await connection.close();
  await server.reaches(0);
  expect([ended.all, server.accepted, server.mostAtOnce]).toEqual([['complete'], 4, 1]);
});

test('what happened while the server was away arrives, and calls wait for it', async () => {
  const { server, proxy, connection, client, subscribed, subscribe } = await setting();
  const { seen, ended } = subscribe();
  await subscribed.count(1);
  await client.push.mutate(1);
  await seen.count(1);

  const failed = arrivals<unknown>();
  connection.connectionState.subscribe({ next: failed.add });
  const before = failed.all.length;
  await server.stop();
  await failed.count(before + 3);
  const answer = client.greeting.query('you');
  const pushed = client.push.mutate(2);
  await server.start();
  expect([await answer, await pushed]).toEqual(['Hello you', 2]);
  await seen.count(2);
  expect([seen.all, ended.all, subscribed.all]).toEqual([[1, 2], [], [0, 1]]);

  await connection.close();
  await server.reaches(0);
  expect([server.mostAtOnce, proxy.lines]).toEqual([1, []]);
});

test('an attempt that hangs is given up, and followed by another', async () => {
  const { server, proxy, connection, client } = await setting(nativeLine({ connectTimeout: 300 }));
  stallUpgrades(proxy);
  const failed = arrivals<unknown>();
  connection.connectionState.subscribe({ next: failed.add });
  const answer = client.greeting.query('you');
  await failed.count(3);
  proxy.behave(PASSES);
  expect(await answer).toBe('Hello you');
  await server.reaches(1);
});

test('it can be closed while an attempt hangs', async () => {
  const { proxy, connection } = await setting(nativeLine({ connectTimeout: 300 }));
  const hanging = stallUpgrades(proxy);
  await connection.close();
  await Promise.all(hanging.all.map((line) => line.closed));
  expect(proxy.accepted).toBe(1);
});

test('a dead line that its keep-alive closes is soon over', { timeout: 25_000 }, async () => {
  const { proxy, client, subscribed, subscribe } = await setting(NativeLine, {
    keepAlive: { enabled: true, intervalMs: 50, pongTimeoutMs: 1_000 },
  });
  const { seen } = subscribe();
  await subscribed.count(1);
  // It waits for the close event, which comes when nobody has answered its close frame: `ws` gives that 30 s.
  proxy.blackHole();
  await subscribed.count(2);
  await client.push.mutate(1);
  await seen.count(1);
});

test('with a heartbeat a dead line is noticed, and its subscription goes on', async () => {
  const heartbeat = {
    message: () => 'PING',
    isReply: (data: unknown) => data === 'PONG',
    interval: 50,
    timeout: 1_000,
    expectReply: true,
  };
  const { proxy, client, subscribed, subscribe } = await setting(nativeLine({ heartbeat }));
  const { seen } = subscribe();
  await subscribed.count(1);
  await client.push.mutate(1);
  await seen.count(1);
  proxy.blackHole();
  await subscribed.count(2);
  await client.push.mutate(2);
  await seen.count(2);
  expect([seen.all, subscribed.all]).toEqual([
    [1, 2],
    [0, 1],
  ]);
});
