/**
 * The installed package in Node 20, with `ws` passed in, and in later ones, with the WebSocket that
 * they have: each in a process of its own that has to exit by itself.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { run } from '../support/child.js';
import { installPackage } from '../support/installed-package.js';
import { startLineServer } from '../support/line-server.mjs';

let installed: ReturnType<typeof installPackage>;

beforeAll(() => void (installed = installPackage()));
afterAll(() => installed.remove());

/** Where a Node of this version is: the npm package `node` brings it. Kept for the next run. */
async function nodeOf(major: number): Promise<string> {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const cache = join(tmpdir(), 'holdline-npm-cache');
  mkdirSync(cache, { recursive: true });
  const ask = [`--package=node@${major}`, '--', 'node', '--print', 'process.execPath'];
  const args = ['exec', '--yes', '--cache', cache, '--prefer-offline', ...ask];
  const { code, output } = await run('npm', args, { cwd: cache });
  if (code === 0) return output.trim().split('\n').at(-1) ?? '';
  throw new Error(`Could not get Node ${major} through npm:\n${output}`);
}

/** Survives the death of its connection, and does not notice it but by the events. */
const program = `
  import { createSocket, once } from 'holdline';
  const [url, ws] = process.argv.slice(2);
  const options = ws ? { WebSocket: (await import(ws)).WebSocket } : {};
  const builtIn = typeof WebSocket;
  const hour = 3_600_000;
  const socket = createSocket(url, {
    ...options,
    protocols: ['chat'],
    heartbeat: { interval: hour },
    reconnect: { baseDelay: 20 },
  });
  const heard = [];
  const closes = [];
  socket.on('message', ({ n }) => heard.push(n));
  socket.on('close', ({ code, cause, wasClean }) => closes.push([code, cause, wasClean]));

  socket.send({ n: 1 });
  while (heard.length < 1) await once(socket, 'message');
  socket.send({ type: 'kill me' });
  await once(socket, 'retry');
  const sent = [socket.send({ n: 2 }), socket.send({ n: 3, text: 'grüß dich' })];
  while (heard.length < 3) await once(socket, 'message');
  const { protocol } = socket;
  await socket.close({ code: 4000, reason: 'done' });
  const { version } = process;
  process.stdout.write(JSON.stringify({ version, builtIn, protocol, heard, closes, sent }));
`;

test.each([
  { major: 20, means: 'ws passed in', ws: [import.meta.resolve('ws')], builtIn: 'undefined' },
  { major: 24, means: 'its own WebSocket', ws: [], builtIn: 'function' },
])('it works in Node $major with $means', async ({ major, ws, builtIn }) => {
  const goodbyes: unknown[] = [];
  const server = await startLineServer({
    onConnection: (socket) => {
      socket.on('close', (code, reason) => goodbyes.push([code, String(reason)]));
    },
    onMessage: (message, socket) => {
      if (message === '{"type":"kill me"}') socket.terminate();
      else socket.send(message);
    },
  });
  onTestFinished(() => server.stop());
  const node = await nodeOf(major);
  const file = join(installed.project, 'runtime.mjs');
  writeFileSync(file, program);

  const { code, output } = await run(node, [file, server.url, ...ws], { cwd: installed.project });
  expect({ code, output }).toMatchObject({ code: 0 });
  const report = JSON.parse(output) as { version: string };
  expect(report.version).toMatch(new RegExp(`^v${major}\\.`));
  expect(report).toMatchObject({
    builtIn,
    protocol: 'chat',
    heard: [1, 2, 3],
    closes: [
      [1006, 'network', false],
      [4000, 'client', true],
    ],
    sent: ['queued', 'queued'],
  });
  const frames = ['{"n":1}', '{"type":"kill me"}', '{"n":2}', '{"n":3,"text":"grüß dich"}'];
  expect(server.received).toEqual(frames);
  expect(goodbyes).toEqual([
    [1006, ''],
    [4000, 'done'],
  ]);
});

/** Nothing here may have to wait until the time of an attempt is over. */
const refusedProgram = `
  import { createSocket, once } from 'holdline';
  const [url, ws] = process.argv.slice(2);
  const options = ws ? { WebSocket: (await import(ws)).WebSocket } : {};
  const started = performance.now();
  const socket = createSocket(url, {
    ...options,
    connectTimeout: 3_600_000,
    reconnect: { baseDelay: 20 },
  });
  setTimeout(() => process.exit(1), 20_000).unref();
  const closes = [];
  const took = [];
  socket.on('close', ({ code, cause, willReconnect }) => {
    closes.push([code, cause, willReconnect]);
    took.push(Math.round(performance.now() - started));
  });
  await once(socket, 'retry');
  await once(socket, 'retry');
  const { version } = process;
  process.stdout.write(JSON.stringify({ version, closes, took }));
  await socket.close();
`;

test.for([
  { major: 20, means: 'ws passed in', ws: [import.meta.resolve('ws')] },
  // It fires an error, and no close.
  { major: 22, means: 'its own WebSocket', ws: [] },
  { major: 24, means: 'its own WebSocket', ws: [] },
])(
  'an attempt at a refused port fails at once in Node $major with $means',
  async (runtime, { annotate }) => {
    const server = await startLineServer();
    await server.stop(); // so that nobody listens there any more
    const node = await nodeOf(runtime.major);
    const file = join(installed.project, 'refused.mjs');
    writeFileSync(file, refusedProgram);

    const args = [file, server.url, ...runtime.ws];
    const { code, output } = await run(node, args, { cwd: installed.project });
    expect({ code, output }).toMatchObject({ code: 0 });
    const report = JSON.parse(output) as { version: string; closes: unknown[]; took: number[] };
    await annotate(`${report.version}: failed after ${report.took[0] ?? NaN} ms`);
    expect(report.version).toMatch(new RegExp(`^v${runtime.major}\\.`));
    const failed = [1006, 'network', true];
    expect(report.closes.slice(0, 2)).toEqual([failed, failed]);
  },
);
