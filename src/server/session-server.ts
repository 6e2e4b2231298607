import { rule, section } from '../base/rules.js';
import { GOAWAY, type Hello } from '../session/wire/frames.js';
import { write } from '../session/wire/write.js';
import { Connection, type ConnectionOwner, MOST_HEAD } from './connection.js';
import { newCounters } from './counters.js';
import { type Duplex, sendAway } from './duplex.js';
import { Emitter } from './emitter.js';
import { encoded } from './encoding.js';
import { MemoryStore } from './memory-store.js';
import type { Node } from './node.js';
import { Reception, type ReceptionOwner } from './reception.js';
import { Roll } from './roll.js';
import { SessionServerError } from './server-error.js';
import type { GoAwayOptions, SessionServer, SessionServerEvents } from './server-interface.js';
import {
  type ServerSettings,
  type SessionServerOptions,
  settleServer,
  whole,
} from './server-options.js';
import { nodePlatform, type ServerPlatform } from './server-platform.js';
import type { ServerSession } from './session.js';
import type { SessionEnd } from './session-interface.js';
import { Sweep } from './sweep.js';
import { MemoryTopicStore } from './topics/memory-topic-store.js';
import { Topics } from './topics/topics.js';
import { duplexOf, onConnection, type ServerWebSocket, type WebSocketServerLike } from './ws.js';

/** How long handlers may take when the server is going, after all others have gone, in milliseconds. */
const GRACE = 2_000;

/**
 * A server of sessions: the other end of `holdline/session`.
 *
 * ```ts
 * const server = createSessionServer({ authenticate: ({ auth }) => userOf(auth) });
 * server.attach(new WebSocketServer({ port: 8080 }));
 * server.on('session', (session) => {
 *   session.on('message', async ({ data, id }) => { await save(id, data); session.send({ saved: id }); });
 * });
 * ```
 *
 * @throws {@link SocketError} `options`
 */
export function createSessionServer<In = unknown, Out = In, Data = unknown>(
  options?: SessionServerOptions<In, Out>,
): SessionServer<In, Out, Data> {
  return createSessionServerOn(nodePlatform, options);
}

/** The same, on a platform of one's own. */
export function createSessionServerOn<In = unknown, Out = In, Data = unknown>(
  platform: ServerPlatform,
  options?: SessionServerOptions<In, Out>,
): SessionServer<In, Out, Data> {
  // The types of messages are the application's: they are not looked at here.
  return new Server(platform, settleServer(options)) as unknown as SessionServer<In, Out, Data>;
}

const settleGoing = section<{
  after: number | undefined;
  spread: number | undefined;
  url: string | undefined;
}>(() => ({
  after: whole(undefined, 0),
  spread: whole(undefined, 0),
  url: rule((url) => typeof url === 'string'),
}));

class Server implements SessionServer, Node<ServerSession>, ConnectionOwner, ReceptionOwner {
  readonly platform: ServerPlatform;
  readonly settings: ServerSettings;
  readonly store;
  readonly counters = newCounters();
  isGoing = false;
  isClosed = false;
  readonly #roll: Roll;
  readonly #connections = new Set<Connection>();
  readonly #emitter: Emitter;
  readonly #reception: Reception;
  readonly #topics: Topics;
  readonly #sweep: Sweep;
  /** They look whether what they wait for is true, when something has come to rest. */
  readonly #waiting = new Set<() => void>();

  constructor(platform: ServerPlatform, settings: ServerSettings) {
    this.platform = platform;
    this.settings = settings;
    const { random, monotonic, clock } = platform;
    this.store = settings.store ?? new MemoryStore(monotonic, new MemoryTopicStore(random));
    this.#roll = new Roll(settings.maxSessions, settings.capacity);
    this.#emitter = new Emitter(platform.report);
    this.#topics = new Topics({
      clock,
      store: this.store.topics,
      node: platform.secret(),
      report: (cause) =>
        this.failed(new SessionServerError('store', 'topics could not be read', { cause })),
    });
    this.#reception = new Reception(this, this.#roll, this.#topics, this);
    this.#sweep = new Sweep(this, this.#roll.sessions, this.#connections);
  }

  get sessions(): ReadonlyMap<string, ServerSession> {
    return this.#roll.sessions;
  }

  attach(server: WebSocketServerLike): () => void {
    // So that nothing larger is even put together.
    const { options } = server;
    // To `ws`, 0 is no limit.
    if (options) options.maxPayload = Math.min(options.maxPayload || Infinity, this.#mostBytes);
    return onConnection(server, (socket: ServerWebSocket, request) => this.accept(socket, request));
  }

  accept(socket: ServerWebSocket, request?: unknown): void {
    this.acceptDuplex(
      duplexOf(socket, (error) => this.failed(error)),
      request,
    );
  }

  acceptDuplex(duplex: Duplex, request?: unknown): void {
    if (this.isClosed) return sendAway(duplex);
    const connection = new Connection(this, this, duplex, request);
    // What the transport had kept may have ended it already.
    if (connection.isOver) return;
    this.#connections.add(connection);
    this.counters.connections = this.#connections.size;
    this.#sweep.start();
  }

  async publish(topic: string, message: unknown): Promise<void> {
    await this.#topics.publish(topic, encoded(this.settings.codec, message));
  }

  on<Event extends keyof SessionServerEvents<unknown, unknown, unknown>>(
    event: Event,
    listener: SessionServerEvents<unknown, unknown, unknown>[Event],
  ): () => void {
    return this.#emitter.on(event, listener);
  }

  async goaway(options?: GoAwayOptions): Promise<void> {
    const { after = 10_000, spread = this.settings.spread, url } = settleGoing(options);
    this.isGoing = true;
    const goaway = write([GOAWAY, { after, spread, url }]);
    for (const connection of this.#connections) {
      if (connection.session) connection.send(goaway);
      else sendAway(connection);
    }
    await this.#until(() => this.#connections.size === 0, after);
    const sessions = [...this.sessions.values()];
    for (const { inbox } of sessions) inbox.stop();
    await this.#until(() => sessions.every(({ inbox }) => inbox.isQuiet), GRACE);
    for (const session of sessions) session.flush();
    for (const connection of this.#connections) sendAway(connection);
  }

  async close(options: GoAwayOptions = {}): Promise<void> {
    await this.goaway({ after: 0, ...options });
    this.isClosed = true;
    for (const session of this.sessions.values()) session.end('moved', 1012, '');
    this.#topics.close();
    this.#sweep.stop();
  }

  hello(connection: Connection, hello: Hello[1]): void {
    void this.#reception.receive(connection, hello);
  }

  left(connection: Connection): void {
    this.#connections.delete(connection);
    this.counters.connections = this.#connections.size;
    this.rested();
  }

  began(session: ServerSession): void {
    // Those who could end it have been asked before.
    if (session.isOver) return;
    this.counters.sessions = this.sessions.size;
    this.#sweep.start();
    this.#emitter.emit('session', session);
  }

  ended(session: ServerSession, end: SessionEnd, freed: Promise<void> | undefined): void {
    this.#roll.remove(session, freed);
    this.counters.sessions = this.sessions.size;
    if (end === 'expired') this.counters.expired++;
  }

  failed(error: SessionServerError, session?: ServerSession): void {
    this.counters.errors++;
    this.#emitter.emit('error', error, session);
  }

  rested(): void {
    for (const check of this.#waiting) check();
  }

  /** Of a frame. */
  get #mostBytes(): number {
    return this.settings.maxPayload + MOST_HEAD;
  }

  /** Waits until something has come true, but no longer than `most`, in milliseconds. */
  #until(isTrue: () => boolean, most: number): Promise<void> {
    if (most === 0 || isTrue()) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clock.cancel(timer);
        this.#waiting.delete(check);
        resolve();
      };
      const check = (): void => {
        if (isTrue()) done();
      };
      const { clock } = this.platform;
      const timer = clock.after(most, done);
      this.#waiting.add(check);
    });
  }
}
