/**
 * After close() nothing of holdline keeps a process alive. Every timer is set to an hour here: one
 * that was left would keep the child from exiting, and the test from ending.
 */
import { resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { run } from '../support/child.js';
import { compileSource } from '../support/compiled-source.js';
import { REFUSES, STALLS_THE_UPGRADE } from '../support/fault-proxy.mjs';
import { behindProxy } from '../support/real-line.js';

const root = resolve(import.meta.dirname, '../..');
const source = compileSource();

afterAll(() => source.remove());

function runs(url: string, situation: string) {
  const program = `
    import { once } from 'node:events';
    import { WebSocket } from 'ws';
    import { createSocket, once as emitted } from ${JSON.stringify(source.entry)};
    const hour = 3_600_000;
    const options = {
      WebSocket,
      connectTimeout: hour,
      heartbeat: { interval: hour, timeout: hour },
      reconnect: { delay: () => hour },
    };
    const open = (more) => createSocket(${JSON.stringify(url)}, { ...options, ...more });
    ${situation}
    process.stdout.write(socket.status);
  `;
  return run(process.execPath, ['--input-type=module', '--eval', program], { cwd: root });
}

const byeBye = { code: 0, output: 'closed' };

test.each([
  [
    'that was open, with a message that would have expired',
    `const socket = open();
     socket.send({ type: 'a' }, { ttl: hour });
     await socket.ready();
     await socket.close({ timeout: hour });`,
  ],
  [
    'that pinged',
    `const socket = open({ heartbeat: { interval: 20, timeout: hour, expectReply: true } });
     await emitted(socket, 'latency');
     await socket.close();`,
  ],
  [
    'that was flushing',
    `const socket = open();
     socket.send({ type: 'a' });
     await socket.close({ flush: true, timeout: hour });`,
  ],
  [
    'that had a signal, by aborting that',
    `const controller = new AbortController();
     const socket = open({ signal: controller.signal });
     await socket.ready();
     const closed = emitted(socket, 'close');
     controller.abort();
     await closed;`,
  ],
  [
    'whose provider never answers',
    `let socket;
     await new Promise((asked) => {
       socket = createSocket(() => { asked(); return new Promise(() => {}); }, options);
     });
     await socket.close();`,
  ],
])('a process exits by itself once it has closed a socket %s', async (...row) => {
  const { proxy } = await behindProxy();
  expect(await runs(proxy.url, row[1])).toEqual(byeBye);
});

test('and one that waited for its next attempt, with messages queued', async () => {
  const { proxy } = await behindProxy();
  proxy.behave(REFUSES);
  const situation = `
    const socket = open();
    await emitted(socket, 'retry');
    socket.send({ type: 'a' }, { ttl: hour });
    await socket.close();`;
  expect(await runs(proxy.url, situation)).toEqual(byeBye);
}, 10_000);

test('and one whose upgrade had stalled', async () => {
  const { proxy } = await behindProxy();
  proxy.behave(STALLS_THE_UPGRADE);
  const situation = `
    let native;
    class Watched extends WebSocket {
      constructor(...args) { super(...args); native = this; }
    }
    const socket = open({ WebSocket: Watched });
    while (!native) await new Promise(setImmediate);
    await socket.close();`;
  expect(await runs(proxy.url, situation)).toEqual(byeBye);
}, 10_000);

test('and not before, since an open line is something to live for', async () => {
  const { server, proxy } = await behindProxy();
  const ended = runs(proxy.url, `const socket = open(); await emitted(socket, 'close');`);
  await server.nextConnection();
  await server.closeAll(4400);
  expect(await ended).toEqual(byeBye);
}, 10_000);
