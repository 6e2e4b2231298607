import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';

export interface Tick {
  readonly topic: string;
  readonly id: number;
}

export interface Command {
  readonly type: 'subscribe' | 'unsubscribe';
  readonly topic: string;
  readonly after?: unknown;
}

/** A server that keeps all that was published, and sends each client what it has subscribed to, from its cursor on. */
export async function startTicker() {
  const logs = new Map<string, Tick[]>();
  const clients = new Map<WebSocket, Set<string>>();
  /** What clients did that a server would not bear: to subscribe twice, to unsubscribe from nothing. */
  const complaints: string[] = [];
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (client) => {
    const topics = new Set<string>();
    clients.set(client, topics);
    client.on('error', () => undefined);
    client.on('close', () => clients.delete(client));
    client.on('message', (data) => {
      const { type, topic, after = -1 } = JSON.parse((data as Buffer).toString()) as Command;
      if (topics.has(topic) === (type === 'subscribe')) complaints.push(`${type} ${topic}`);
      if (type === 'unsubscribe') return topics.delete(topic);
      topics.add(topic);
      for (const tick of logs.get(topic) ?? []) {
        if (tick.id > (after as number)) client.send(JSON.stringify(tick));
      }
      return undefined;
    });
  });
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const client of server.clients) client.terminate();
    server.close();
    await once(server, 'close');
  });
  return {
    port: (server.address() as AddressInfo).port,
    complaints,
    get subscribed() {
      return [...clients.values()].map((topics) => [...topics].sort());
    },
    publish(topic: string) {
      const log = logs.get(topic) ?? [];
      logs.set(topic, log);
      const tick = { topic, id: log.length };
      log.push(tick);
      for (const [client, topics] of clients) {
        if (topics.has(topic)) client.send(JSON.stringify(tick));
      }
    },
  };
}
