import type { Counters } from './counters.js';
import type { Duplex } from './duplex.js';
import type { SessionServerError } from './server-error.js';
import type { Session } from './session-interface.js';
import type { ServerWebSocket, WebSocketServerLike } from './ws.js';

/** The events of a server, and what their listeners get. */
export interface SessionServerEvents<In, Out, Data> {
  /** A session has begun, or was taken over from another node. */
  session: (session: Session<In, Out, Data>) => unknown;
  /** Something went wrong; with no listener it is silent. */
  error: (error: SessionServerError, session?: Session<In, Out, Data>) => void;
}

/** How clients are sent to another node. */
export interface GoAwayOptions {
  /** How long they have to bring what they are at to an end, in milliseconds. @defaultValue 10000 */
  readonly after?: number | undefined;
  /** Over how long their reconnects are spread, in milliseconds. @defaultValue the option `spread` */
  readonly spread?: number | undefined;
  /** Where they are to go instead. */
  readonly url?: string | undefined;
}

/** The other end of the sessions of `holdline/session`. */
export interface SessionServer<In = unknown, Out = unknown, Data = unknown> {
  /** The sessions on this node, by their ids. */
  readonly sessions: ReadonlyMap<string, Session<In, Out, Data>>;
  /** Counts since the start, for metrics. */
  readonly counters: Counters;

  /**
   * Takes every connection of a `ws` server from now on, whose `maxPayload` is lowered to what a frame may be.
   *
   * @returns what stops that
   */
  attach(server: WebSocketServerLike): () => void;
  /** Takes one `ws` connection. */
  accept(socket: ServerWebSocket, request?: unknown): void;
  /** Takes any other connection. @param request - for `authenticate` */
  acceptDuplex(duplex: Duplex, request?: unknown): void;

  /**
   * Says a message to all who follow a topic, at whatever node, and keeps it for those who come back.
   *
   * @returns settles once the topic's log has it; after a rejection, it may have it or not
   * @throws {@link SocketError} `queue-full`, `closed`; or what the codec or the store throws
   */
  publish(topic: string, message: Out): Promise<void>;

  /** @returns what removes the listener */
  on<Event extends keyof SessionServerEvents<In, Out, Data>>(
    event: Event,
    listener: SessionServerEvents<In, Out, Data>[Event],
  ): () => void;

  /**
   * Sends all clients elsewhere, before this node stops: no new connections, what is under way is settled and
   * acknowledged, what is left after that is closed with 1012. The sessions stay in the store.
   *
   * @returns what is kept when no client is here any more
   */
  goaway(options?: GoAwayOptions): Promise<void>;
  /** The same, at once unless `after` says otherwise; afterwards there are no sessions here. */
  close(options?: GoAwayOptions): Promise<void>;
}
