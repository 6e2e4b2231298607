import { afterEach, describe, expect, test, vi } from 'vitest';
import { once } from '../../src/index.js';
import {
  ACCEPTS_THEN_KILLS,
  ANSWERS_503,
  answers,
  type FaultLine,
  PASSES,
  REFUSES,
  STALLS_THE_UPGRADE,
} from '../support/fault-proxy.mjs';
import {
  behindProxy,
  decoded,
  isNumber,
  lineServer,
  numbered,
  only,
  open,
} from '../support/real-line.js';

const NETWORK_LOSS = {
  code: 1006,
  reason: '',
  wasClean: false,
  cause: 'network',
  willReconnect: true,
};

afterEach(() => vi.restoreAllMocks());

describe('a line that cannot be had', () => {
  test('is tried again, at growing distances, until it can', async () => {
    const { server, proxy } = await behindProxy();
    proxy.behave(REFUSES);
    vi.spyOn(Math, 'random').mockReturnValue(0.9);
    const { socket, closes, retries } = open(proxy.url);
    while (retries.length < 5) await once(socket, 'retry');
    expect(retries).toEqual(
      [18, 30, 48, 77, 95].map((delay, index) => ({ attempt: index + 1, delay, cause: 'network' })),
    );
    expect(closes).toEqual(Array(5).fill(NETWORK_LOSS));
    expect(proxy.accepted).toBe(5);

    proxy.behave(PASSES);
    await socket.ready();
    expect(socket.getSnapshot()).toMatchObject({ attempt: 5, connects: 1 });
    expect([proxy.accepted, server.accepted]).toEqual([6, 1]);
  });

  test.each([
    ['401', answers(401)],
    ['302', answers(302, { Location: 'http://127.0.0.1/elsewhere' })],
    ['426', answers(426, { Upgrade: 'websocket' })],
    ['429', answers(429, { 'Retry-After': '1' })],
    ['503', ANSWERS_503],
  ])('an upgrade answered with %s is a 1006, and is tried again', async (_status, refuses) => {
    const { server, proxy } = await behindProxy();
    proxy.behave(refuses);
    const { socket, closes } = open(proxy.url);
    expect(await once(socket, 'close')).toEqual(NETWORK_LOSS);
    proxy.behave(PASSES);
    await socket.ready();
    expect(closes).toEqual(Array(proxy.accepted - 1).fill(NETWORK_LOSS));
    expect(server.accepted).toBe(1);
  });

  test('an upgrade that stalls ends after connectTimeout, and the next one is not held up', async () => {
    const { proxy } = await behindProxy();
    const stalled: FaultLine[] = [];
    proxy.behave((line) => {
      STALLS_THE_UPGRADE(line);
      stalled.push(line);
      proxy.behave(PASSES);
    });
    const { socket, closes } = open(proxy.url, { connectTimeout: 150 });
    await socket.ready();
    expect(closes).toEqual([{ ...NETWORK_LOSS, cause: 'timeout' }]);
    // The attempt that was given up does not linger.
    await only(stalled).closed;
    expect(proxy.lines).toHaveLength(1);
  });
});

describe('a line that is lost', () => {
  test('is replaced after an RST, and what was sent meanwhile follows in order', async () => {
    const { server, proxy } = await behindProxy();
    const { socket, closes, drops, statuses } = open(proxy.url);
    await socket.ready();
    for (const message of numbered(0, 50)) expect(socket.send(message)).toBe('sent');
    await server.nextMessage(isNumber(49));

    proxy.reset();
    expect(await once(socket, 'close')).toEqual(NETWORK_LOSS);
    for (const message of numbered(50, 150)) expect(socket.send(message)).toBe('queued');
    expect(socket.queued.messages).toBe(100);
    // Behind the backlog, though the line is open by then.
    socket.on('open', () => numbered(150, 200).forEach((message) => socket.send(message)));

    await server.nextMessage(isNumber(199));
    expect(decoded(server.received)).toEqual(numbered(0, 200));
    expect([closes.length, drops.length, socket.queued.messages]).toEqual([1, 0, 0]);
    expect(statuses).toEqual(['open', 'waiting', 'connecting', 'open']);
  });

  test('by a server that accepts and kills is not hammered for', async () => {
    const { server, proxy } = await behindProxy();
    proxy.behave(ACCEPTS_THEN_KILLS);
    vi.spyOn(Math, 'random').mockReturnValue(0.9);
    const { socket, retries } = open(proxy.url);
    while (retries.length < 6) await once(socket, 'retry');
    // It was open each time, for less than minUptime: that does not count as a success.
    expect(socket.getSnapshot().connects).toBe(6);
    expect(retries.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(retries.map(({ delay }) => delay)).toEqual([18, 30, 48, 77, 95, 95]);
    expect(server.accepted).toBe(6);
  });

  test('by one that stayed up for minUptime starts the delays anew', async () => {
    const { server, proxy } = await behindProxy();
    const { socket, retries } = open(proxy.url, {
      reconnect: { minUptime: 100 },
      heartbeat: { interval: 60 },
    });
    for (let line = 1; line <= 3; line++) {
      await socket.ready();
      // Two pings take 120 ms at least.
      for (let pings = 0; pings < 2; pings++) await once(socket, 'latency');
      proxy.reset();
      await once(socket, 'retry');
    }
    expect(retries.map(({ attempt }) => attempt)).toEqual([1, 1, 1]);
    expect(server.accepted).toBe(3);
  });

  test('by a restart of the server comes back with it, and loses nothing that was queued', async () => {
    const server = await lineServer();
    const { socket, retries, drops } = open(server.url);
    await socket.ready();
    await server.stop();
    if (socket.status === 'open') await once(socket, 'close');
    for (const message of numbered(0, 10)) expect(socket.send(message)).toBe('queued');
    // The port is closed now.
    while (retries.length < 3) await once(socket, 'retry');
    await server.start();
    await server.nextMessage(isNumber(9));
    expect(decoded(server.received)).toEqual(numbered(0, 10));
    expect([drops, server.accepted]).toEqual([[], 2]);
  });

  test('can be replaced on demand', async () => {
    const { server, proxy } = await behindProxy();
    const { socket, closes } = open(proxy.url);
    await socket.ready();
    const line = only(proxy.lines);
    const goodbye = new Promise((resolve) =>
      only(server.sockets).once('close', (code, reason) => resolve([code, String(reason)])),
    );
    socket.reconnect('another room');
    await socket.ready();
    await line.closed;
    expect(await goodbye).toEqual([1000, 'another room']);
    expect(closes).toMatchObject([{ cause: 'reconnect', willReconnect: true }]);
    expect([server.accepted, server.connections]).toEqual([2, 1]);
  });
});

describe('providers', () => {
  test('are asked at every attempt, and told how the last one ended', async () => {
    const seen: unknown[] = [];
    const { proxy } = await behindProxy({
      onConnection: (ws, { url }) => {
        seen.push(url);
        if (seen.length === 1) ws.close(4401, 'stale');
      },
    });
    const asked: unknown[] = [];
    const { socket } = open(async ({ attempt, lastClose }) => {
      asked.push([attempt, lastClose?.code]);
      if (asked.length === 2) proxy.behave(ANSWERS_503);
      if (asked.length === 3) throw new Error('no token today');
      if (asked.length === 4) proxy.behave(PASSES);
      return Promise.resolve(`${proxy.url}/?token=${asked.length}`);
    });
    while (socket.getSnapshot().connects < 2) await once(socket, 'open');
    expect(asked).toEqual([
      [0, undefined],
      [1, 4401],
      [2, 1006],
      [3, 1006],
    ]);
    expect(seen).toEqual(['/?token=1', '/?token=4']);
    expect(socket.url).toBe(`${proxy.url}/?token=4`);
  });

  test('bring the subprotocols, too', async () => {
    const offers: unknown[] = [];
    const { proxy } = await behindProxy({
      onConnection: (_ws, { headers }) => offers.push(headers['sec-websocket-protocol']),
    });
    const { socket } = open(proxy.url, {
      protocols: ({ attempt }) => ['chat', `token-${attempt}`],
    });
    await socket.ready();
    expect(socket.protocol).toBe('chat');
    proxy.reset();
    await once(socket, 'retry');
    expect(socket.protocol).toBe('');
    await socket.ready();
    expect(offers).toEqual(['chat,token-0', 'chat,token-1']);
  });
});
