/**
 * createSocket on `ws`, a real server, and a proxy between them that can break the line. All of it
 * is gone when the test ends, and must have left no TCP handle behind.
 */
import { expect, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import {
  type CloseInfo,
  createSocket,
  type Drop,
  type Retry,
  type SocketOptions,
  type Status,
  type UrlSource,
} from '../../src/index.js';
import { startFaultProxy } from './fault-proxy.mjs';
import { type LineServerOptions, startLineServer } from './line-server.mjs';

/** What these tests send and receive. */
export interface Message {
  readonly type: string;
  readonly n?: number;
  readonly padding?: string;
}

export type Options = SocketOptions<Message>;

/** Short enough for a test, long enough to be seen in `waiting`. */
const SOON = { baseDelay: 20, maxDelay: 100, spread: 20 };

export async function lineServer(options?: LineServerOptions) {
  onTestFinished(leavesNoHandle);
  const server = await startLineServer(options);
  onTestFinished(() => server.stop());
  return server;
}

export async function behindProxy(options?: LineServerOptions) {
  const server = await lineServer(options);
  const proxy = await startFaultProxy({ target: server.port });
  onTestFinished(() => proxy.close());
  return { server, proxy };
}

/** A socket that retries {@link SOON}, and notes what happens to it. */
export function open(url: UrlSource, options: Options = {}) {
  const reconnect = options.reconnect !== false && { ...SOON, ...options.reconnect };
  const socket = createSocket<Message>(url, { WebSocket, ...options, reconnect });
  const noted = {
    messages: [] as Message[],
    closes: [] as CloseInfo[],
    retries: [] as Retry[],
    drops: [] as Drop<Message>[],
    statuses: [] as Status[],
  };
  socket.on('message', (message) => noted.messages.push(message));
  socket.on('close', (close) => noted.closes.push(close));
  socket.on('retry', (retry) => noted.retries.push(retry));
  socket.on('drop', (drop) => noted.drops.push(drop));
  socket.on('status', ({ status }) => noted.statuses.push(status));
  onTestFinished(() => socket.close({ timeout: 0 }));
  return { socket, ...noted };
}

/** `from`, `from + 1`, … up to but not including `to`, as messages. */
export function numbered(from: number, to: number): Message[] {
  return Array.from({ length: to - from }, (_, index) => ({ type: 'number', n: from + index }));
}

/** What arrived at a server, decoded. */
export function decoded(frames: readonly unknown[]): Message[] {
  return frames.map((frame) => JSON.parse(String(frame)) as Message);
}

/** For `nextMessage`: the message with this number. */
export function isNumber(n: number) {
  return (frame: unknown): boolean => (JSON.parse(String(frame)) as Message).n === n;
}

export function only<T>(items: readonly T[]): T {
  expect(items).toHaveLength(1);
  return items[0] as T;
}

/** A closed handle is gone at the end of the turn of the event loop that closed it. */
async function leavesNoHandle() {
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
  expect(process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP'))).toEqual([]);
}
