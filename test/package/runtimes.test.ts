/**
 * The installed package in Node 20, with `ws` passed in, and in later ones, in Bun and in Deno, with the WebSocket that
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

/** What runs JavaScript, by what the npm package of this name brings. */
interface Runtime {
  readonly id: 'node' | 'bun' | 'deno';
  readonly major: number;
  /** What it takes to have it run a file. */
  readonly run: readonly string[];
  /** The code that it tells of a connection that died, or that never was. */
  readonly died: number;
}

const node = (major: number): Runtime => ({ id: 'node', major, run: [], died: 1006 });
const bun: Runtime = { id: 'bun', major: 1, run: [], died: 1006 };
const deno: Runtime = { id: 'deno', major: 2, run: ['run', '--allow-all'], died: 0 };

/** Says where it is. */
const where = {
  node: ['--print', 'process.execPath'],
  bun: ['--print', 'process.execPath'],
  deno: ['eval', 'console.log(Deno.execPath())'],
};

/** Where this one is. Kept for the next run. */
async function pathOf({ id, major }: Runtime): Promise<string> {
  if (id === 'node' && process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const cache = join(tmpdir(), 'holdline-npm-cache');
  mkdirSync(cache, { recursive: true });
  const ask = [`--package=${id}@${major}`, '--', id, ...where[id]];
  const args = ['exec', '--yes', '--cache', cache, '--prefer-offline', ...ask];
  const { code, output } = await run('npm', args, { cwd: cache });
  if (code === 0) return output.trim().split('\n').at(-1) ?? '';
  throw new Error(`Could not get ${id} ${major} through npm:\n${output}`);
}

/** Runs a program in the project. @returns what it says of itself, as JSON */
async function reportOf(runtime: Runtime, program: string, args: readonly string[]) {
  const file = join(installed.project, 'program.mjs');
  writeFileSync(file, aboutItself + program);
  const all = [...runtime.run, file, ...args];
  const { code, output } = await run(await pathOf(runtime), all, { cwd: installed.project });
  expect({ code, output }).toMatchObject({ code: 0 });
  return JSON.parse(output) as Record<string, unknown>;
}

const aboutItself = `
  const { bun, deno, node } = process.versions;
  const runtime = bun ? 'bun ' + bun : deno ? 'deno ' + deno : 'node ' + node;
`;

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
  process.stdout.write(JSON.stringify({ runtime, builtIn, protocol, heard, closes, sent }));
`;

test.each([
  { ...node(20), means: 'ws passed in', ws: [import.meta.resolve('ws')] },
  { ...node(24), means: 'its own WebSocket', ws: [] },
  { ...bun, means: 'its own WebSocket', ws: [] },
  { ...deno, means: 'its own WebSocket', ws: [] },
])('it works in $id $major with $means', async ({ ws, ...runtime }) => {
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

  const report = await reportOf(runtime, program, [server.url, ...ws]);
  expect(report['runtime']).toMatch(new RegExp(`^${runtime.id} ${runtime.major}\\.`));
  expect(report).toMatchObject({
    builtIn: ws.length > 0 ? 'undefined' : 'function',
    protocol: 'chat',
    heard: [1, 2, 3],
    closes: [
      [runtime.died, 'network', false],
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
  process.stdout.write(JSON.stringify({ runtime, closes, took }));
  await socket.close();
`;

test.for([
  { ...node(20), means: 'ws passed in', ws: [import.meta.resolve('ws')] },
  // It fires an error, and no close.
  { ...node(22), means: 'its own WebSocket', ws: [] },
  { ...node(24), means: 'its own WebSocket', ws: [] },
  { ...bun, means: 'its own WebSocket', ws: [] },
  { ...deno, means: 'its own WebSocket', ws: [] },
])(
  'an attempt at a refused port fails at once in $id $major with $means',
  async ({ ws, ...runtime }, { annotate }) => {
    const server = await startLineServer();
    await server.stop(); // so that nobody listens there any more

    const report = await reportOf(runtime, refusedProgram, [server.url, ...ws]);
    const { closes, took } = report as { closes: unknown[]; took: number[] };
    await annotate(`${String(report['runtime'])}: failed after ${took[0] ?? NaN} ms`);
    expect(report['runtime']).toMatch(new RegExp(`^${runtime.id} ${runtime.major}\\.`));
    const failed = [runtime.died, 'network', true];
    expect(closes.slice(0, 2)).toEqual([failed, failed]);
  },
);
