import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createSocket, type Socket, type Summary, summary } from '../../../src/index.js';
import { scriptedLines } from '../../support/scripted-lines.js';

const NOW = 1_000_000;

let lines: ReturnType<typeof scriptedLines>;
let socket: Socket<unknown, unknown>;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  lines = scriptedLines();
  socket = createSocket<unknown, unknown>('wss://example.com/line', {
    WebSocket: lines.WebSocket,
    heartbeat: false,
    queue: { maxMessages: 2 },
  });
});

afterEach(async () => {
  void socket.close({ timeout: 0 });
  await pass(0);
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

async function open(): Promise<void> {
  await pass(0);
  lines.native.open();
}

/** The connection dies, and the next opens a second later. */
async function blink(): Promise<void> {
  lines.native.die(1006);
  await pass(1_000);
  lines.native.open();
}

const phases = (told: Summary) => told.phases.map(({ status, from }) => [status, from - NOW]);
const names = (told: Summary) => told.events.map(({ event }) => event);

describe('a summary', () => {
  test('tells what the line was, and what happened, since it was first asked for', async () => {
    summary(socket);
    await open();
    await pass(5_000);
    lines.native.die(1006);
    await pass(1_000);
    socket.send('a');
    const told = summary(socket);
    expect(phases(told)).toEqual([
      ['connecting', 0],
      ['open', 0],
      ['waiting', 5_000],
      ['connecting', 5_925],
    ]);
    expect(told).toMatchObject({ since: NOW, until: NOW + 6_000, latency: undefined });
    expect(told).toMatchObject({ queued: { messages: 1, bytes: 3 }, bufferedAmount: 0 });
    expect(names(told)).toEqual(['status', 'open', 'close', 'status', 'retry', 'status']);
    expect(told.events[4]).toEqual({
      at: NOW + 5_000,
      event: 'retry',
      attempt: 1,
      delay: 925,
      cause: 'network',
    });
  });

  test('is data: it does not change, and survives JSON', async () => {
    const before = summary(socket);
    await open();
    expect(before.events).toEqual([]);
    const told = summary(socket);
    expect(JSON.parse(JSON.stringify(told))).toMatchObject({ events: told.events });
  });

  test('knows of a line that is older when its status began', async () => {
    await open();
    await pass(60_000);
    expect(phases(summary(socket))).toEqual([['open', 0]]);
    expect(summary(socket).since).toBe(NOW + 60_000);
  });

  test('goes back five minutes, and knows what the line was before', async () => {
    summary(socket);
    await open();
    await pass(300_000);
    expect(names(summary(socket))).toEqual(['status', 'open']);
    await pass(1);
    const told = summary(socket);
    expect([phases(told), names(told), told.since]).toEqual([[['open', 0]], [], NOW + 1]);
    await blink();
    expect(phases(summary(socket)).map(([status]) => status)).toEqual([
      'open',
      'waiting',
      'connecting',
      'open',
    ]);
  });

  test('is bounded, however much happens', async () => {
    summary(socket);
    await open();
    for (let count = 0; count < 2_000; count++) {
      await pass(10);
      lines.native.receive('no JSON');
    }
    const told = summary(socket);
    expect(names(told)).toEqual(Array.from({ length: 500 }, () => 'error'));
    expect(told.since).toBe(NOW + 15_000);
    expect(phases(told)).toEqual([['open', 0]]);
    expect(told.events[0]?.at).toBeGreaterThanOrEqual(told.since);
  });

  test('losses of one kind in a row are one event', () => {
    summary(socket);
    for (let count = 0; count < 1_000; count++) socket.send(count);
    const [drop, ...others] = summary(socket).events;
    expect(drop).toEqual({ at: NOW, event: 'drop', reason: 'overflow', count: 998 });
    expect(others).toEqual([]);
  });

  test('losses of several kinds in turn do not push out what explains them', async () => {
    summary(socket);
    await open();
    lines.native.die(1006);
    for (let count = 0; count < 1_000; count++) {
      socket.send(count);
      socket.send(count, { ttl: 0 });
    }
    expect(names(summary(socket))).toEqual([
      ...['status', 'open', 'close', 'status', 'retry'],
      ...['drop', 'drop'],
    ]);
  });

  test('losses that lie apart are told apart', async () => {
    summary(socket);
    await open();
    lines.native.die(1006);
    const before = summary(socket).events.length;
    socket.send('a', { ttl: 0 });
    await pass(900);
    socket.send('b', { ttl: 0 });
    await pass(900);
    socket.send('c', { ttl: 0 });
    const drops = summary(socket)
      .events.slice(before)
      .filter(({ event }) => event === 'drop');
    expect(drops).toMatchObject([{ count: 2 }, { count: 1 }]);
  });

  test('in a listener, what has happened is known, though it was not told yet', async () => {
    const seen: unknown[] = [];
    socket.on('close', () => seen.push(phases(summary(socket)).at(-1)?.[0], socket.status));
    summary(socket);
    await open();
    lines.native.die(1006);
    expect(seen).toEqual(['waiting', 'waiting']);
  });

  test('a clock that is set back makes it begin anew', async () => {
    summary(socket);
    await open();
    vi.setSystemTime(NOW + 10_000_000);
    await blink();
    vi.setSystemTime(NOW + 5_000);
    lines.native.receive('no JSON');
    const told = summary(socket);
    expect(told.until).toBe(NOW + 5_000);
    expect(told.since).toBeLessThanOrEqual(told.until);
    expect(names(told)).toEqual(['error']);
    expect(told.phases.map(({ status }) => status)).toEqual(['open']);
    expect(told.phases[0]?.from).toBeLessThanOrEqual(told.until);
  });

  test('who changes what they were told changes nobody else’s', async () => {
    summary(socket);
    await open();
    const told = summary(socket) as unknown as { phases: { status: string }[]; events: object[] };
    for (const phase of told.phases) phase.status = 'closed';
    expect(() => Object.assign(told.events[0] ?? {}, { at: 0 })).toThrow(TypeError);
    told.events.length = 0;
    expect(phases(summary(socket)).map(([status]) => status)).toEqual(['connecting', 'open']);
    expect(names(summary(socket))).toEqual(['status', 'open']);
  });

  test('of a line that nobody needs any more holds nothing', async () => {
    summary(socket);
    await socket.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
