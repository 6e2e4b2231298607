import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSocket, logTo, type Socket, SocketError, summary } from '../../../src/index.js';
import { ignore } from '../../../src/base/abort.js';
import { thrown } from '../../support/errors.js';
import { scriptedLines } from '../../support/scripted-lines.js';

const SECRET = 'secret';

let lines: ReturnType<typeof scriptedLines>;
let socket: Socket<unknown, unknown>;
let said: string[];

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-05-04T09:12:30Z') });
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  lines = scriptedLines();
  socket = createSocket<unknown, unknown>(`wss://me:${SECRET}@example.com/${SECRET}?t=${SECRET}`, {
    WebSocket: lines.WebSocket,
    protocols: ['chat', SECRET],
    queue: { maxMessages: 2 },
  });
  said = [];
});

afterEach(async () => {
  void socket.close({ timeout: 0 });
  await vi.advanceTimersByTimeAsync(0);
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

test('a line for each event, in their order, with what a bug report needs', async () => {
  logTo(socket, (line) => said.push(line));
  socket.send({ a: 1 });
  await pass(0);
  lines.native.open();
  await pass(1_000);
  lines.native.receive('{"type":"pong"}');
  await pass(41_000);
  socket.send('a');
  socket.send('b');
  socket.send('c');
  socket.fail(new Error(SECRET));
  expect(said).toEqual([
    '2026-05-04T09:12:30.000Z status status=open attempt=0 isLate=false messages=1 bytes=7 bufferedAmount=0',
    '2026-05-04T09:12:30.000Z open origin=wss://example.com connects=1',
    '2026-05-04T09:12:31.000Z latency latency=0',
    '2026-05-04T09:13:03.500Z status status=open attempt=0 isLate=true messages=0 bytes=0 bufferedAmount=0',
    '2026-05-04T09:13:11.000Z error code=heartbeat',
    '2026-05-04T09:13:11.000Z close code=1006 cause=heartbeat wasClean=false willReconnect=true',
    '2026-05-04T09:13:11.000Z status status=waiting attempt=1 isLate=false messages=0 bytes=0 bufferedAmount=0',
    '2026-05-04T09:13:11.000Z retry attempt=1 delay=925 cause=heartbeat',
    '2026-05-04T09:13:11.925Z status status=connecting attempt=1 isLate=false messages=0 bytes=0 bufferedAmount=0',
    '2026-05-04T09:13:12.000Z drop reason=overflow count=1',
    '2026-05-04T09:13:12.000Z error code=failed',
    '2026-05-04T09:13:12.000Z close code=1006 cause=failed wasClean=false willReconnect=true',
    '2026-05-04T09:13:12.000Z status status=waiting attempt=2 isLate=false messages=2 bytes=6 bufferedAmount=0',
    '2026-05-04T09:13:12.000Z retry attempt=2 delay=2220 cause=failed',
  ]);
});

test('nothing is written that the application or the server has said', async () => {
  logTo(socket, (line) => said.push(line));
  socket.send({ SECRET });
  await pass(0);
  lines.native.open(SECRET);
  lines.native.receive(JSON.stringify({ type: SECRET }));
  lines.native.receive(SECRET);
  socket.fail(new SocketError('failed', SECRET, { cause: new Error(SECRET) }), { code: 4000 });
  await pass(10_000);
  lines.native.open(SECRET);
  lines.native.die(4403, SECRET);
  const text = said.join('\n');
  expect(text).toMatch(
    /origin=wss:\/\/example\.com .* error code=decode.* error code=failed.* code=4403/s,
  );
  expect(text).not.toContain(SECRET);
});

test('until it is stopped', async () => {
  const stop = logTo(socket, (line) => said.push(line));
  await pass(0);
  lines.native.open();
  const before = said.length;
  stop();
  lines.native.die(1006);
  expect([before, said.length]).toEqual([2, 2]);
});

test('a sink that throws is reported, and harms nobody', async () => {
  const reported = vi.fn();
  vi.stubGlobal('reportError', reported);
  logTo(socket, () => {
    throw new Error('disk full');
  });
  await pass(0);
  lines.native.open();
  expect(socket.status).toBe('open');
  expect(reported).toHaveBeenCalledTimes(2);
});

test.each([
  ['logTo', (socket: never) => logTo(socket, ignore)],
  ['summary', (socket: never) => summary(socket)],
])('what is no socket, for %s', (_, look) => {
  const said = (none: unknown) => thrown(() => look(none as never), 'options').message;
  expect([said(undefined), said({ on: ignore }), said(SECRET)]).toEqual([
    'invalid socket: undefined undefined',
    'invalid socket: object',
    'invalid socket: string',
  ]);
});

test('what is no sink', () => {
  expect(thrown(() => logTo(socket, SECRET as never), 'options').message).toBe(
    'invalid sink: string',
  );
});
