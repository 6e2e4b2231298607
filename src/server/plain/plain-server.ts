import type { Clock, Timer } from '../../platform/clock.js';
import { Emitter } from '../emitter.js';
import { framesOf } from '../encoding.js';
import type { SessionServerError } from '../server-error.js';
import { nodePlatform } from '../server-platform.js';
import { onConnection, type WebSocketServerLike } from '../ws.js';
import { pingsOf } from './pings.js';
import {
  type PlainConnection,
  PlainLine,
  type PlainOwner,
  type PlainWebSocket,
  type SharedFrame,
} from './plain-connection.js';
import { type PlainServerOptions, settlePlain } from './plain-options.js';

/** How long clients may take to answer when the server closes, in milliseconds. */
const CLOSE_WITHIN = 500;

/** The events of a server for plain sockets, and what their listeners get. */
export interface PlainServerEvents<In, Out, Data> {
  connection: (connection: PlainConnection<Out, Data>) => void;
  /** A message has arrived; pings are answered and not among them. */
  message: (message: In, connection: PlainConnection<Out, Data>) => void;
  /** Something was not sent to a client, since too much waits for it: it may be closed, or left to catch up. */
  slow: (connection: PlainConnection<Out, Data>) => void;
  /** A connection is over. */
  close: (connection: PlainConnection<Out, Data>, code: number, reason: string) => void;
  /** A connection was closed for what its client has done, or it failed; with no listener it is silent. */
  error: (error: SessionServerError, connection: PlainConnection<Out, Data>) => void;
}

/** Whom a message goes to. */
export interface BroadcastOptions<Out = unknown, Data = unknown> {
  /** @defaultValue everybody */
  readonly to?: Iterable<PlainConnection<Out, Data>> | undefined;
  readonly except?: PlainConnection<Out, Data> | undefined;
}

/** How a server is closed. */
export interface PlainCloseOptions {
  /** @defaultValue 1001 */
  readonly code?: number | undefined;
  readonly reason?: string | undefined;
  /** How long clients may take to answer, in milliseconds, before they are cut off. @defaultValue 500 */
  readonly within?: number | undefined;
}

/** A server for plain WebSockets, without sessions. */
export interface PlainServer<In = unknown, Out = unknown, Data = unknown> {
  readonly connections: ReadonlySet<PlainConnection<Out, Data>>;
  /** Takes every connection of a `ws` server from now on. @returns what stops that */
  attach(server: WebSocketServerLike): () => void;
  /** Takes one `ws` connection. */
  accept(socket: PlainWebSocket, request?: unknown): void;
  /** @returns what removes the listener */
  on<Event extends keyof PlainServerEvents<In, Out, Data>>(
    event: Event,
    listener: PlainServerEvents<In, Out, Data>[Event],
  ): () => void;
  /**
   * Sends a message to many: it is encoded once, and whoever is slow is passed over.
   *
   * @returns how many it was sent to
   * @throws {@link SocketError} `encode`, or what the codec throws
   */
  broadcast(message: Out, options?: BroadcastOptions<Out, Data>): number;
  /** Closes all connections, and takes no others. @returns settles when all are gone */
  close(options?: PlainCloseOptions): Promise<void>;
}

/** What such a server asks of the world outside. */
interface PlainPlatform {
  readonly clock: Clock;
  readonly report: (error: unknown) => void;
}

/**
 * A server for plain sockets: it answers the pings of `createSocket`, cuts off who is gone, and holds clients to limits.
 *
 * @throws {@link SocketError} `options`
 */
export function createPlainServer<In = unknown, Out = In, Data = unknown>(
  options?: PlainServerOptions<In, Out>,
): PlainServer<In, Out, Data> {
  return createPlainServerOn(nodePlatform, options);
}

/** The same, on a platform of the caller's. */
export function createPlainServerOn<In = unknown, Out = In, Data = unknown>(
  platform: PlainPlatform,
  options?: PlainServerOptions<In, Out>,
): PlainServer<In, Out, Data> {
  return new Server(platform, options) as unknown as PlainServer<In, Out, Data>;
}

class Server implements PlainServer, PlainOwner {
  readonly clock: Clock;
  readonly settings;
  readonly pings;
  readonly connections = new Set<PlainLine>();
  readonly #emitter: Emitter;
  #timer: Timer;
  #isOver = false;
  /** Settles once nobody is left. */
  #closing: Promise<void> | undefined;
  #gone: (() => void) | undefined;

  constructor({ clock, report }: PlainPlatform, options: unknown) {
    this.clock = clock;
    this.settings = settlePlain(options);
    this.pings = pingsOf(this.settings.codec);
    this.#emitter = new Emitter(report);
  }

  attach(server: WebSocketServerLike): () => void {
    return onConnection(server, (socket: PlainWebSocket, request) => this.accept(socket, request));
  }

  accept(socket: PlainWebSocket, request?: unknown): void {
    const line = new PlainLine(socket, request, this);
    if (this.#isOver) {
      line.close(1001, 'the server is closed');
    } else if (this.connections.size >= this.settings.capacity) {
      line.close(1013, 'too many connections');
    } else {
      this.connections.add(line);
      if (this.connections.size === 1) this.#watch();
      this.#emitter.emit('connection', line);
    }
  }

  on(event: string, listener: (...payload: never[]) => void): () => void {
    return this.#emitter.on(event, listener);
  }

  broadcast(message: unknown, { to, except }: BroadcastOptions = {}): number {
    const frames = framesOf(this.settings.codec, message).map(shared);
    let count = 0;
    for (const line of (to as Iterable<PlainLine> | undefined) ?? this.connections) {
      if (line !== except && line.share(frames)) count++;
    }
    return count;
  }

  async close({ code = 1001, reason, within = CLOSE_WITHIN }: PlainCloseOptions = {}) {
    this.#isOver = true;
    if (this.connections.size === 0) return;
    this.#closing ??= new Promise((gone) => (this.#gone = gone));
    const timer = this.clock.after(within, () => {
      for (const line of this.connections) line.terminate();
    });
    for (const line of this.connections) line.close(code, reason);
    await this.#closing;
    this.clock.cancel(timer);
  }

  received(message: unknown, line: PlainLine): void {
    this.#emitter.emit('message', message, line);
  }

  slow(line: PlainLine): void {
    this.#emitter.emit('slow', line);
  }

  failed(error: SessionServerError, line: PlainLine): void {
    this.#emitter.emit('error', error, line);
  }

  closed(line: PlainLine, code: number, reason: string): void {
    // One that was not taken is not missed.
    if (!this.connections.delete(line)) return;
    if (this.connections.size === 0) this.clock.cancel(this.#timer);
    this.#emitter.emit('close', line, code, reason);
    if (this.connections.size === 0) this.#gone?.();
  }

  #watch(): void {
    this.#timer = this.clock.after(this.settings.heartbeat, () => {
      this.#watch();
      for (const line of this.connections) line.lookAfter();
    });
  }
}

function shared(frame: string | Uint8Array): SharedFrame {
  const binary = typeof frame !== 'string';
  return { data: binary ? frame : Buffer.from(frame), binary };
}
