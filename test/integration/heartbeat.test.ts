import { expect, test } from 'vitest';
import { once } from '../../src/index.js';
import { behindProxy, decoded, isNumber, numbered, only, open } from '../support/real-line.js';

const heartbeat = { interval: 200, timeout: 200, expectReply: true };

test.each([
  ['up', { up: true, down: false }],
  ['down', { up: false, down: true }],
  ['both', { up: true, down: true }],
])('a black hole (%s) is noticed, and the line replaced', async (_name, directions) => {
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
  ghost.send('{"type":"from the dead"}', () => {});
  only(server.sockets).send('{"type":"from the living"}');
  await once(socket, 'message');
  const alive = _name === 'up' ? ['from the dead', 'from the living'] : ['from the living'];
  expect(messages.map(({ type }) => type)).toEqual(alive);
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
    heartbeat: { interval: 200, timeout: 1_000, expectReply: true },
    queue: { maxBytes: 64_000_000 },
  });
  await socket.ready();
  // Three seconds' worth, so that the pings' answers are late by far more than the timeout.
  proxy.throttle(8_000_000);
  const padding = 'x'.repeat(100_000);
  for (const message of numbered(0, 240)) socket.send({ ...message, padding });
  expect(socket.queued.messages).toBeGreaterThan(200);
  expect(socket.bufferedAmount).toBeGreaterThan(1_000_000);
  await socket.drained();
  expect(socket.queued.messages).toBe(0);
  await server.nextMessage(isNumber(239));
  const order = decoded(server.received).flatMap(({ n }) => n ?? []);
  expect(order).toEqual(numbered(0, 240).map(({ n }) => n));
  expect([closes, drops, server.accepted]).toEqual([[], [], 1]);
});
