/**
 * Every example in the READMEs of reconnecting-websocket and partysocket, as it stands there, on the package that
 * it documents and with the import changed to ours.
 */
import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { startLineServer } from '../support/line-server.mjs';
import { examplesOf, type PackageName, type ReadmeExample, run } from './examples/readme.js';
import { holdline, partysocket, reconnectingWebSocket, type Subject } from './examples/subjects.js';

const readmes: Record<PackageName, Map<string, ReadmeExample>> = {
  'reconnecting-websocket': byName(examplesOf('reconnecting-websocket')),
  partysocket: byName(examplesOf('partysocket')),
};

function byName(examples: ReadmeExample[]): Map<string, ReadmeExample> {
  return new Map(examples.map((example) => [example.name, example]));
}

function example(of: PackageName, name: string): ReadmeExample {
  const found = readmes[of].get(name);
  if (!found) throw new Error(`the README of ${of} has no "${name}"`);
  return found;
}

/** A server that knows what has been asked for, and that an example can connect to in place of all of its hosts. */
async function server() {
  const requests: IncomingMessage[] = [];
  const line = await startLineServer({
    onConnection: (_socket, request) => requests.push(request),
  });
  onTestFinished(() => line.stop());
  return {
    line,
    url: line.url,
    paths: () => requests.map(({ url }) => url),
    offers: () => requests.map(({ headers }) => headers['sec-websocket-protocol']),
  };
}

beforeEach(() => {
  // The examples count on the global class, which this version of Node lacks.
  vi.stubGlobal('WebSocket', WebSocket);
});

afterEach(() => vi.unstubAllGlobals());

/** Runs an example, and closes what it made when the test ends. */
async function socketOf(
  of: PackageName,
  name: string,
  subject: Subject,
  changes: Record<string, string>,
) {
  const { socket } = await run(example(of, name), subject, changes);
  onTestFinished(() => socket.close());
  return socket;
}

/** Ours begins a connection anew once a second at the most, where one asks again and again. */
const PATIENTLY = { interval: 5, timeout: 30_000 };

const isOpen = (socket: { readyState: number }) =>
  vi.waitFor(() => expect(socket.readyState).toBe(1), PATIENTLY);

describe.each<{ of: PackageName; subject: Subject }>([
  { of: 'reconnecting-websocket', subject: reconnectingWebSocket },
  { of: 'reconnecting-websocket', subject: holdline },
  { of: 'partysocket', subject: partysocket },
  { of: 'partysocket', subject: holdline },
])('the README of $of, run on $subject.name', ({ of, subject }) => {
  const scheme = of === 'partysocket' ? 'wss' : 'ws';

  test('Simple usage: an open listener says hello', async () => {
    const { line, url } = await server();
    await socketOf(of, 'Simple usage 1', subject, { [`${scheme}://my.site.com`]: url });
    expect(await line.nextMessage()).toBe('hello!');
  });

  test('Update URL: a provider is asked at every attempt, for the next host each time', async () => {
    const host = await server();
    const socket = await socketOf(of, 'Update URL 1', subject, {
      [`${scheme}://my.site.com`]: `${host.url}/my`,
      [`${scheme}://your.site.com`]: `${host.url}/your`,
      [`${scheme}://their.site.com`]: `${host.url}/their`,
    });
    for (const path of ['/my', '/your', '/their', '/my']) {
      await vi.waitFor(() => expect(socket.url).toBe(host.url + path), PATIENTLY);
      await isOpen(socket);
      socket.reconnect();
    }
    await vi.waitFor(
      () => expect(host.paths()).toEqual(['/my', '/your', '/their', '/my', '/your']),
      PATIENTLY,
    );
  });

  test('Update URL: a provider may be asynchronous, and fetch a token', async () => {
    const host = await server();
    let tokens = 0;
    vi.stubGlobal('getSessionToken', () => Promise.resolve(`token-${++tokens}`));
    const socket = await socketOf(of, 'Update URL 2', subject, {
      'wss://my.site.com': host.url,
    });
    await isOpen(socket);
    socket.reconnect();
    await vi.waitFor(() => expect(host.paths()).toEqual(['/token-1', '/token-2']), PATIENTLY);
  });

  test('Sample with custom options: a WebSocket class is handed in', async () => {
    vi.unstubAllGlobals();
    expect(globalThis).not.toHaveProperty('WebSocket');
    const host = await server();
    const socket = await socketOf(of, 'Sample with custom options 1', subject, {
      [`${scheme}://my.site.com`]: host.url,
    });
    await isOpen(socket);
    expect(host.offers()).toEqual([undefined]);
  });
});

describe.each([partysocket, holdline])('Update Protocols, run on $name', (subject) => {
  test('protocols may be a string', async () => {
    const host = await server();
    const socket = await socketOf('partysocket', 'Update Protocols 1', subject, {
      'wss://your.site.com': host.url,
      // Its space makes it one that no WebSocket takes.
      'your protocol': 'your-protocol',
    });
    await isOpen(socket);
    expect(socket.protocol).toBe('your-protocol');
    expect(host.offers()).toEqual(['your-protocol']);
  });

  test('protocols may be a provider that is asked at every attempt', async () => {
    const host = await server();
    const socket = await socketOf('partysocket', 'Update Protocols 2', subject, {
      'wss://your.site.com': host.url,
      // The default export is PartySocket, which takes no URL; and a quotation mark that ends in another.
      "import WebSocket from 'partysocket`": `import { WebSocket } from 'partysocket'`,
    });
    for (const protocol of ['p1', 'p2', 'p3.1']) {
      await vi.waitFor(() => expect(socket.protocol).toBe(protocol), PATIENTLY);
      socket.reconnect();
    }
    await vi.waitFor(
      () => expect(host.offers()).toEqual(['p1', 'p2', 'p3.1,p3.2', 'p1']),
      PATIENTLY,
    );
  });
});

test('a subprotocol with a space, as in an example of partysocket, is refused where it is given', async () => {
  const host = await server();
  const changes = { 'wss://your.site.com': host.url };
  const given = example('partysocket', 'Update Protocols 1');
  await expect(run(given, holdline, changes)).rejects.toThrow(
    expect.objectContaining({ name: 'SyntaxError' }),
  );
  // There it is an error at each attempt, for ever.
  const socket = await socketOf('partysocket', 'Update Protocols 1', partysocket, changes);
  const message = await new Promise((resolve) => {
    socket.onerror = (event) => resolve(event.message);
  });
  expect(message).toMatch(/subprotocol/);
  expect(host.line.accepted).toBe(0);
});

test('no program in the READMEs is left out, but the one for the server of PartyKit', () => {
  const programs = (of: PackageName) =>
    [...readmes[of].values()]
      .filter(({ language, code }) => language === 'javascript' && code.includes('import'))
      .map(({ name }) => name);
  const both = ['Simple usage 1', 'Update URL 1', 'Update URL 2', 'Sample with custom options 1'];
  expect(programs('reconnecting-websocket').sort()).toEqual([...both].sort());
  expect(programs('partysocket').sort()).toEqual(
    [...both, 'Update Protocols 1', 'Update Protocols 2', 'Usage with PartyKit 1'].sort(),
  );
});
