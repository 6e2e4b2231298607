import { Aedes } from 'aedes';
import mqtt from 'mqtt';
import { expect, onTestFinished, test } from 'vitest';
import { createWebSocketStream } from 'ws';
import { PASSES, REFUSES } from '../support/fault-proxy.mjs';
import { arrivals } from './support/arrivals.js';
import { NativeLine } from './support/native-line.js';
import { onWebSocketServer, served, stallUpgrades } from './support/served.js';

/** A broker that outlives its server or does not, and two that talk by it. */
async function setting({ remembers = true } = {}) {
  let broker = await Aedes.createBroker();
  onTestFinished(() => closed(broker));
  const { server, proxy } = await served((http) => {
    const detach = onWebSocketServer((wss) => {
      wss.on('connection', (socket) => {
        const stream = createWebSocketStream(socket);
        stream.on('error', () => {});
        broker.handle(stream);
      });
    })(http);
    return async () => {
      await detach?.();
      if (remembers) return;
      await closed(broker);
      broker = await Aedes.createBroker();
    };
  });
  return { server, proxy, ann: guest(proxy.url, 'ann'), ben: guest(proxy.url, 'ben') };
}

const closed = (broker: Aedes) => new Promise<void>((resolve) => broker.close(() => resolve()));

function guest(url: string, clientId: string) {
  const client = mqtt.connect(`${url}/${clientId}`, {
    createWebsocket: (to, protocols) => new NativeLine(to, protocols),
    // In Node it would otherwise want a class of `ws`, with its `on`.
    forceNativeWebSocket: true,
    clientId,
    clean: false,
    reconnectPeriod: 20,
  });
  onTestFinished(() => client.endAsync(true));
  const messages = arrivals<string>();
  client.on('message', (topic, payload) => messages.add(`${topic}: ${payload.toString()}`));
  const sessions = arrivals<'new' | 'resumed'>();
  client.on('connect', ({ sessionPresent }) => sessions.add(sessionPresent ? 'resumed' : 'new'));
  const losses = arrivals<unknown>();
  client.on('close', () => losses.add(clientId));
  return {
    client,
    messages,
    sessions,
    losses,
    subscribe: () => client.subscribeAsync('news/#', { qos: 1 }),
    publish: (text: string, retain = false) =>
      client.publishAsync('news/world', text, { qos: 1, retain }),
    line: ({ path }: { path: string | undefined }) => path === `/${clientId}`,
  };
}

test('what one publishes with QoS 1 reaches who has subscribed, retained or not', async () => {
  const { server, proxy, ann, ben } = await setting();
  await ben.publish('old', true);
  await ann.subscribe();
  await ben.publish('new');
  await ann.messages.count(2);
  expect(ann.messages.all).toEqual(['news/world: old', 'news/world: new']);
  await Promise.all([ann.client.endAsync(), ben.client.endAsync()]);
  await server.reaches(0);
  expect([server.accepted, proxy.lines]).toEqual([2, []]);
});

test('what is published while one is away is delivered when it is back', async () => {
  const { server, proxy, ann, ben } = await setting();
  await Promise.all([ann.subscribe(), ben.sessions.count(1)]);
  for (const text of ['one', 'two', 'three']) {
    proxy.behave(REFUSES);
    proxy.reset(ann.line);
    await server.reaches(1);
    const { length } = ann.losses.all;
    await ben.publish(text);
    await ann.losses.count(length + 2);
    proxy.behave(PASSES);
    await ann.messages.until((message) => message === `news/world: ${text}`);
  }
  // One that was cut off before it could acknowledge comes again, as QoS 1 has it.
  expect([...new Set(ann.messages.all)]).toEqual(
    ['one', 'two', 'three'].map((text) => `news/world: ${text}`),
  );
  expect(ann.sessions.all).toEqual(['new', 'resumed', 'resumed', 'resumed']);
  await Promise.all([ann.client.endAsync(), ben.client.endAsync()]);
  await server.reaches(0);
  expect([server.accepted, server.mostAtOnce]).toEqual([5, 2]);
});

test('what was not acknowledged when a connection was killed is published again', async () => {
  const { server, proxy, ann, ben } = await setting();
  await Promise.all([ann.subscribe(), ben.sessions.count(1)]);
  proxy.blackHole({ up: false }, ben.line);
  const published = ben.publish('once or twice');
  await ann.messages.count(1);
  proxy.reset(ben.line);
  await published;
  await ann.messages.count(2);
  expect(new Set(ann.messages.all)).toEqual(new Set(['news/world: once or twice']));
  await Promise.all([ann.client.endAsync(), ben.client.endAsync()]);
  await server.reaches(0);
  expect([server.accepted, server.mostAtOnce]).toEqual([3, 2]);
});

test('both find their way when a broker that forgets everything was away', async () => {
  const { server, proxy, ann, ben } = await setting({ remembers: false });
  await Promise.all([ann.subscribe(), ben.sessions.count(1)]);
  await server.stop();
  await Promise.all([ann.losses.count(3), ben.losses.count(3)]);
  const published = ben.publish('kept', true);
  await server.start();
  await published;
  await ann.messages.count(1);
  await ben.publish('later');
  await ann.messages.count(2);
  expect(ann.messages.all).toEqual(['news/world: kept', 'news/world: later']);
  expect([ann.sessions.all, ben.sessions.all]).toEqual([
    ['new', 'new'],
    ['new', 'new'],
  ]);
  await Promise.all([ann.client.endAsync(), ben.client.endAsync()]);
  await server.reaches(0);
  expect([server.accepted, server.mostAtOnce, proxy.lines]).toEqual([4, 2, []]);
});

test('a client can be ended while an attempt hangs', async () => {
  const { proxy, ann, ben } = await setting();
  const hanging = stallUpgrades(proxy);
  await hanging.count(2);
  await Promise.all([ann.client.endAsync(true), ben.client.endAsync(true)]);
  await Promise.all(hanging.all.map((line) => line.closed));
  expect(proxy.accepted).toBe(2);
});
