import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { nodePlatform, type ServerPlatform } from '../../src/server/server-platform.js';
import type { SessionServerError, SessionServerOptions } from '../../src/server/index.js';
import { createSessionServerOn } from '../../src/server/session-server.js';

/** A session server on a port of its own, until the test is over. */
export async function listening(
  options?: SessionServerOptions,
  platform: ServerPlatform = nodePlatform,
) {
  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(sockets, 'listening');
  const server = createSessionServerOn(platform, options);
  const errors: SessionServerError[] = [];
  server.on('error', (error) => errors.push(error));
  server.attach(sockets);
  onTestFinished(async () => {
    await server.close();
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
  });
  return { server, errors, url: `ws://127.0.0.1:${(sockets.address() as AddressInfo).port}` };
}

/** What a welcome says of a session. */
export interface Welcomed {
  readonly sid: string;
  readonly key: string;
  readonly resumed: boolean;
  readonly reason?: string;
}

/** A client by hand, which may say anything. */
export class RawClient {
  readonly socket: WebSocket;
  readonly closed: Promise<number>;
  readonly #frames: unknown[][] = [];
  #wake = (): void => undefined;

  private constructor(url: string) {
    this.socket = new WebSocket(url, 'holdline.session.v1');
    this.closed = new Promise((resolve) => this.socket.once('close', resolve));
    this.socket.on('error', () => undefined);
    this.socket.on('message', (data: Buffer) => {
      this.#frames.push(JSON.parse(data.toString().split('\n')[0] as string) as unknown[]);
      this.#wake();
    });
  }

  static async open(url: string): Promise<RawClient> {
    const client = new RawClient(url);
    await once(client.socket, 'open');
    return client;
  }

  say(frame: string | Uint8Array | readonly unknown[], payload?: string): void {
    const text = Array.isArray(frame) ? JSON.stringify(frame) : (frame as string | Uint8Array);
    this.socket.send(payload === undefined ? text : `${text as string}\n${payload}`);
  }

  /** The head of the next frame. */
  async next(): Promise<unknown[]> {
    while (this.#frames.length === 0) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return this.#frames.shift() as unknown[];
  }

  async hello(said: object = {}): Promise<Welcomed> {
    this.say([0, { v: 1, n: 1, rx: 0, acked: 0, subs: [], ...said }]);
    const [, welcome] = await this.next();
    return welcome as Welcomed;
  }
}
