import { expect, onTestFinished, test } from 'vitest';
import { once } from '../../src/index.js';
import { startNginx } from '../support/nginx.mjs';
import { lineServer, open } from '../support/real-line.js';

async function behindNginx() {
  const server = await lineServer();
  const nginx = await startNginx({ target: server.port, readTimeout: '2s' });
  onTestFinished(() => nginx.stop());
  return { server, url: nginx.url };
}

test('nginx cuts an idle line without a heartbeat, and it is replaced', async () => {
  const { server, url } = await behindNginx();
  const { socket } = open(url, { heartbeat: false });
  await socket.ready();
  const openedAt = performance.now();
  const close = await once(socket, 'close');
  const uptime = performance.now() - openedAt;
  expect(close).toMatchObject({ code: 1006, cause: 'network', willReconnect: true });
  expect(uptime).toBeGreaterThan(1_800);
  expect(uptime).toBeLessThan(4_000);
  await socket.ready();
  expect(server.accepted).toBe(2);
});

test('nginx leaves a line with a heartbeat alone', async () => {
  const { server, url } = await behindNginx();
  const { socket, closes } = open(url, { heartbeat: { interval: 500 } });
  await socket.ready();
  const openedAt = performance.now();
  while (performance.now() - openedAt < 5_000) await once(socket, 'latency');
  expect([closes, server.accepted]).toEqual([[], 1]);
});
