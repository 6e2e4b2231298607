/** A message of a client's. */
export interface SessionMessage<In = unknown> {
  /** As the codec decoded it; where the client's gives several frames, an array of them. */
  readonly data: In;
  /**
   * Its name, the same however often it comes: that of an idempotent message was chosen by the client, any other is
   * known by its session and number. Whoever writes it along with what the handler does has exactly once. A client may
   * choose what it likes: take it together with {@link Session.principal}.
   */
  readonly id: string;
  /** Whether its handler may have run before, at a node that has died: only where the message is idempotent. */
  readonly redelivered: boolean;
}

/** How a session ends; see {@link Session.close}. */
export interface SessionCloseOptions {
  /** Whether the client is to come back, to a fresh session. @defaultValue false */
  readonly reconnect?: boolean | undefined;
  /** When, in milliseconds: the client is told so, and that of `holdline/session` goes by its own backoff. */
  readonly retryAfter?: number | undefined;
}

/** Why a session is over here; `moved` where another node has it, or the store has it no more. */
export type SessionEnd = 'closed' | 'left' | 'expired' | 'overflow' | 'moved';

/** The events of a session, and those who listen to them. */
export interface SessionEvents<In = unknown> {
  /**
   * Handles messages: one at a time, in order. A message is acknowledged when what the handler returns has settled,
   * and the store has it; where the handler throws or rejects, the client is told that the outcome is unknown. Without
   * a handler, messages wait.
   */
  message: (message: SessionMessage<In>) => unknown;
  /** It has a connection again. */
  attach: () => void;
  /** Its connection is lost; it waits for another. */
  detach: () => void;
  /** It is over. */
  close: (end: SessionEnd) => void;
}

/**
 * One client, across all its connections: what is sent either way arrives once and in order for as long as it lives.
 */
export interface Session<In = unknown, Out = unknown, Data = unknown> extends AsyncIterable<
  SessionMessage<In>
> {
  readonly id: string;
  /** Whose it is: what `authenticate` gave. */
  readonly principal: string;
  /** Whether it began at another node, and was taken over by this one. */
  readonly resumed: boolean;
  /** The application's own, for as long as the session is on this node. */
  data: Data | undefined;
  /** Whether it has a connection now. */
  readonly attached: boolean;
  /** How much of what was sent is not acknowledged yet. */
  readonly unacknowledged: { readonly messages: number; readonly bytes: number };

  /**
   * Sends a message: at once, or when the client is back.
   *
   * @returns whether it was taken; `false` where the session is over, be it by this message
   * @throws what the codec throws
   */
  send(message: Out): boolean;

  /** @returns what removes the listener */
  on<Event extends keyof SessionEvents<In>>(
    event: Event,
    listener: SessionEvents<In>[Event],
  ): () => void;

  /**
   * Messages, one at a time, each handled when the next one is asked for. Whoever leaves the loop has not handled the
   * one in hand: its outcome is unknown to the client.
   */
  [Symbol.asyncIterator](): AsyncIterator<SessionMessage<In>, undefined>;

  /**
   * Ends the session, and its connection, behind what was sent before: what is not acknowledged is unknown to either side.
   *
   * @param code - of the close frame: 1000, or 3000 to 4999. @defaultValue 1000
   * @throws {@link SocketError} `options`
   */
  close(code?: number, reason?: string, options?: SessionCloseOptions): void;
}
