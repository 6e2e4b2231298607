import { expect, test } from 'vitest';
import { once } from '../../src/index.js';
import { behindProxy, decoded, isNumber, numbered, only, open } from '../support/real-line.js';

const heartbeat = { interval: 200, timeout: 200, expectReply: true };

test.each([
  ['up', { up: true, down: false }],
  ['down', { up: false, down: true }],
  ['both', { up: true, down: true }],
])('a black hole (%s) is noticed, and the line replaced', async (_way, directions) => {
  const { server, proxy } = await behindProxy();
  const { socket, closes, messages } = open(proxy.url, { heartbeat });
  await socket.ready();
  const dead = only(proxy.lines);
  const ghost = only(server.sockets);

  proxy.blackHole(directions);
  ghost.send('{"type":"from the dead"}');
  const lost = await once(socket, 'close');
  expect(lost).toMatchObject({ code: 1006, cause: 'heartbeat', willReconnect: true });
  for (const message of numbered(0, 3)) expect(socket.send(message)).toBe('queued');
  await server.nextMessage(isNumber(2));
  expect(socket.status).toBe('open');
  expect(proxy.lines.map(({ id }) => id)).toEqual([1, 2]);

  // It was asked to close, which is heard as soon as it can be.
  proxy.heal();
  await dead.closed;
  expect(server.connections).toBe(1);
  only(server.sockets).send('{"type":"from the living"}');
  await once(socket, 'message');
  // What the dead line held back is heard by nobody; only where it could still come down it did.
  const heard = directions.down ? [] : ['from the dead'];
  expect(messages.map(({ type }) => type)).toEqual([...heard, 'from the living']);
  expect(closes).toHaveLength(1);
});

test('a quiet line whose server answers lives on', async () => {
  const { server, proxy } = await behindProxy();
  const { socket, closes, messages } = open(proxy.url, { heartbeat });
  for (let pings = 0; pings < 5; pings++) await once(socket, 'latency');
  expect(decoded(server.received)).toEqual(Array(5).fill({ type: 'ping' }));
  expect(socket.latency).toBeLessThan(200);
  // The answers are not for the application.
  expect([messages, closes, server.accepted]).toEqual([[], [], 1]);
});

test('a server that never answers is not taken for dead unless told that it must', async () => {
  const { server, proxy } = await behindProxy({ answersPing: false });
  const auto = open(proxy.url, { heartbeat: { interval: 50, timeout: 50 } });
  const strict = open(proxy.url, { heartbeat: { ...heartbeat, interval: 100 } });
  expect(await once(strict.socket, 'close')).toMatchObject({ cause: 'heartbeat' });
  for (let pings = 0; pings < 5; pings++) await server.nextMessage();
  expect([auto.closes, auto.socket.status]).toEqual([[], 'open']);
});

test('a slow line under a backlog is not taken for dead, and all of it arrives in order', async () => {
  const { server, proxy } = await behindProxy();
  const { socket, closes, drops } = open(proxy.url, {
    heartbeat: { interval: 200, timeout: 1_500, expectReply: true },
    queue: { maxBytes: 24_000_000 },
  });
  await socket.ready();
  const start = performance.now();
  proxy.throttle(2_000_000);
  const padding = 'x'.repeat(100_000);
  for (const message of numbered(0, 240)) socket.send({ ...message, padding });
  expect(socket.queued.messages).toBeGreaterThan(0);

  // The first ping is stuck behind what the system has buffered: it is not even there in time.
  await server.nextMessage((frame) => frame === '{"type":"ping"}');
  expect(performance.now() - start).toBeGreaterThan(1_700);
  expect(socket.queued.messages).toBeGreaterThan(0);
  proxy.throttle();

  await socket.drained();
  await server.nextMessage(isNumber(239));
  expect([closes, drops, server.accepted]).toEqual([[], [], 1]);
  const order = decoded(server.received).flatMap(({ n }) => n ?? []);
  expect(order).toEqual(numbered(0, 240).map(({ n }) => n));
});
