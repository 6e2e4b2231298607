import { setImmediate as turn } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createSocket, once } from '../../src/index.js';
import { createTopics } from '../../src/topics/index.js';
import { eventually } from '../support/eventually.js';
import { startFaultProxy } from '../support/fault-proxy.mjs';
import { type Command, startTicker, type Tick } from '../support/ticker.js';

/** Topics on a line to a ticker, behind a proxy that can break it. */
async function tickerTopics() {
  const ticker = await startTicker();
  const proxy = await startFaultProxy({ target: ticker.port });
  onTestFinished(() => proxy.close());
  const reconnect = { baseDelay: 5, maxDelay: 20, spread: 5 };
  const socket = createSocket<Tick, Command>(proxy.url, { WebSocket, reconnect, heartbeat: false });
  onTestFinished(() => socket.close());
  const topics = createTopics(socket, {
    subscribe: (topic, after) => ({ type: 'subscribe', topic, after }),
    unsubscribe: (topic) => ({ type: 'unsubscribe', topic }),
    topicOf: ({ topic }) => topic,
    cursorOf: ({ id }) => id,
  });
  return { ticker, proxy, socket, topics };
}

test('every message of each topic comes once and in order, however often the line is killed', async () => {
  const { ticker, proxy, socket, topics } = await tickerTopics();
  const names = ['news', 'sport', 'weather'];
  const heard = new Map(names.map((name) => [name, [] as number[]]));
  for (const name of names) topics.on(name, ({ id }) => heard.get(name)?.push(id));
  await socket.ready();
  for (let kill = 0; kill < 20; kill++) {
    for (let count = 0; count < 50; count++) {
      for (const name of names) ticker.publish(name);
      if (count % 10 === 0) await turn();
    }
    const open = once(socket, 'open');
    proxy.reset();
    await open;
  }
  const all = Array.from({ length: 1_000 }, (_, id) => id);
  await eventually(() => {
    for (const name of names) expect(heard.get(name)).toEqual(all);
  });
  expect([ticker.complaints, ticker.subscribed]).toEqual([[], [names]]);
});

test('who comes and goes leaves the server with what is listened to', async () => {
  const { ticker, proxy, socket, topics } = await tickerTopics();
  await socket.ready();
  const stops = new Map<string, () => void>();
  for (let step = 0; step < 200; step++) {
    const name = `room ${step % 7}`;
    const stop = stops.get(name);
    if (stop && step % 3 > 0) {
      stop();
      stops.delete(name);
    } else stops.set(name, stop ?? topics.on(name, () => undefined));
    if (step % 40 === 39) proxy.reset();
    if (step % 5 === 0) await turn();
  }
  await vi.waitFor(() => expect(ticker.subscribed).toEqual([[...stops.keys()].sort()]), 5_000);
  expect(ticker.complaints).toEqual([]);
});
