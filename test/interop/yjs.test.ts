import { docs, setupWSConnection } from '@y/websocket-server/utils';
import { expect, onTestFinished, test } from 'vitest';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { PASSES } from '../support/fault-proxy.mjs';
import { arrivals } from './support/arrivals.js';
import { NativeLine, nativeLine } from './support/native-line.js';
import { onWebSocketServer, served, stallUpgrades } from './support/served.js';

const ROOM = 'room';

async function setting(WebSocketPolyfill = NativeLine) {
  const { server, proxy } = await served((http) => {
    const detach = onWebSocketServer((wss) => void wss.on('connection', setupWSConnection))(http);
    return () => {
      detach?.();
      // It remembers nothing, as a process that died would not.
      docs.clear();
    };
  });
  return {
    server,
    proxy,
    ann: author(proxy.url, WebSocketPolyfill),
    ben: author(proxy.url, WebSocketPolyfill),
  };
}

/** Somebody with the document, who writes into it and waits for what others write. */
function author(url: string, WebSocketPolyfill: typeof NativeLine) {
  const doc = new Y.Doc();
  const text = doc.getText('text');
  const provider = new WebsocketProvider(url, ROOM, doc, {
    WebSocketPolyfill,
    maxBackoffTime: 20,
    disableBc: true, // they would meet in this process, without a server
  });
  const statuses = arrivals<string>();
  provider.on('status', ({ status }) => statuses.add(status));
  const states = arrivals<string>();
  doc.on('update', () => states.add(text.toJSON()));
  onTestFinished(() => {
    provider.destroy();
    doc.destroy();
  });
  return {
    provider,
    statuses,
    write: (words: string) => text.insert(text.length, words),
    has: (...words: string[]) =>
      states.until((state) => words.every((word) => state.includes(word))),
    get text() {
      return text.toJSON();
    },
  };
}

test('two providers share a document', async () => {
  const { server, proxy, ann, ben } = await setting();
  ann.write('one ');
  await ben.has('one');
  ben.write('two ');
  await ann.has('one', 'two');
  expect(ann.text).toBe(ben.text);
  ann.provider.destroy();
  ben.provider.destroy();
  await server.reaches(0);
  expect([server.accepted, server.mostAtOnce, proxy.lines]).toEqual([2, 2, []]);
});

test('documents are the same after their connections were killed', async () => {
  const { server, proxy, ann, ben } = await setting();
  ann.write('one ');
  await ben.has('one');
  for (const word of ['two ', 'three ', 'four ']) {
    proxy.reset();
    ann.write(`ann-${word}`);
    ben.write(`ben-${word}`);
    await Promise.all([ann.has(`ben-${word}`), ben.has(`ann-${word}`)]);
  }
  expect(ann.text).toBe(ben.text);
  ann.provider.destroy();
  ben.provider.destroy();
  await server.reaches(0);
  expect([server.accepted, server.mostAtOnce]).toEqual([8, 2]);
});

test('what both wrote while the server was away is in both documents', async () => {
  const { server, ann, ben } = await setting();
  ann.write('before ');
  await ben.has('before');
  await server.stop();
  const away = (status: string) => status === 'disconnected';
  await Promise.all([ann.statuses.until(away), ben.statuses.until(away)]);
  ann.write('ann-offline ');
  ben.write('ben-offline ');
  const attempts = ann.statuses.all.length;
  await ann.statuses.count(attempts + 3);
  await server.start();
  await Promise.all([ann.has('ben-offline'), ben.has('ann-offline')]);
  ann.write('after ');
  await ben.has('after');
  expect(ann.text).toBe(ben.text);
  expect(ann.text.split(' ').sort()).toEqual(['', 'after', 'ann-offline', 'before', 'ben-offline']);
  ann.provider.destroy();
  ben.provider.destroy();
  await server.reaches(0);
  expect([server.accepted, server.mostAtOnce]).toEqual([4, 2]);
});

test('an attempt that hangs is given up, and followed by another', async () => {
  const { server, proxy, ann, ben } = await setting(nativeLine({ connectTimeout: 300 }));
  stallUpgrades(proxy);
  await Promise.all([ann.statuses.count(3), ben.statuses.count(3)]);
  proxy.behave(PASSES);
  ann.write('one ');
  await ben.has('one');
  await server.reaches(2);
});

test('a provider can be destroyed while an attempt hangs', async () => {
  const { proxy, ann, ben } = await setting();
  const hanging = stallUpgrades(proxy);
  await hanging.count(2);
  ann.provider.destroy();
  ben.provider.destroy();
  await Promise.all(hanging.all.map((line) => line.closed));
  expect(proxy.accepted).toBe(2);
});
