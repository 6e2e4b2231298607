import type { Close } from './line.js';
import type { NextMessage } from './match.js';

/** A client's attempt to connect. */
export interface FakeAttempt {
  /** As the client resolved it. */
  readonly url: string;
  /** The subprotocols that the client offered. */
  readonly protocols: readonly string[];
  /** The client's own: 0 while it is connecting, 1 open, 2 closing, 3 closed. */
  readonly readyState: 0 | 1 | 2 | 3;
}

/** One connection, from the server's side. `In` is what the client sends, `Out` what the server sends. */
export interface FakeConnection<In = unknown, Out = unknown> extends FakeAttempt {
  /** The subprotocol that was chosen; `''` where none was offered. */
  readonly protocol: string;
  /** Everything that the client has sent, decoded, in order; not the pings that were answered. */
  readonly received: readonly In[];
  /** Everything that was sent to the client, in order; not the answers to pings. */
  readonly sent: readonly Out[];
  /**
   * Sends a message to the client.
   *
   * @throws Error where the connection is over
   */
  readonly send: (message: Out) => void;
  /**
   * Closes with a close frame. What was sent before arrives before.
   *
   * @param code - 1000 to 4999; without one, the client sees 1005
   * @param reason - at most 123 bytes of UTF-8
   * @throws RangeError for a code that no frame can carry (1004, 1005, 1006, 1015), or a reason that is too long
   */
  readonly close: (code?: number, reason?: string) => void;
  /** Cuts the line: there is no close frame, and the client sees 1006. */
  readonly kill: () => void;
  /**
   * From now on nothing arrives, in either direction, and nobody is told: the client stays open, and what it sends
   * leaves its buffer and is lost. Only {@link FakeConnection.kill} can end it, and the client can leave it.
   */
  readonly blackHole: () => void;
  /** Waits for the next message that matches; each is given once. */
  readonly message: NextMessage<In>;
  /**
   * Waits for the end of the connection, as the client has seen it, and says how it ended.
   *
   * @throws Error when `timeout` is over
   */
  readonly closed: () => Promise<Close>;
}

/** A server in memory, for tests. All methods work without their `this`. */
export interface FakeServer<In = unknown, Out = unknown> {
  /** The class of its clients, for the option `WebSocket`. Whatever the URL, this is the server. */
  readonly WebSocket: typeof globalThis.WebSocket;
  /**
   * Puts that class over the global one.
   *
   * @returns what puts back exactly what was there
   */
  readonly install: () => () => void;
  /** Every attempt to connect, in order, whatever became of it. */
  readonly attempts: readonly FakeAttempt[];
  /** Every connection that was accepted, in order, also those that are over. */
  readonly connections: readonly FakeConnection<In, Out>[];
  /** What all clients have sent, in the order in which it arrived. */
  readonly received: readonly In[];
  /**
   * Sends a message on every connection that is open.
   *
   * @throws Error where none is
   */
  readonly send: (message: Out) => void;
  /** {@link FakeConnection.close}, on every connection that is open. */
  readonly close: (code?: number, reason?: string) => void;
  /** {@link FakeConnection.kill}, on every connection that is open. */
  readonly kill: () => void;
  /** {@link FakeConnection.blackHole}, on every connection that is open. New ones are not concerned. */
  readonly blackHole: () => void;
  /**
   * Lets attempts fail before they open: `error`, then `close` with 1006. Those that hang are the first.
   *
   * @param count - how many, before attempts are accepted again
   * @defaultValue `count`: `Infinity`, until {@link FakeServer.accept}
   */
  readonly refuse: (count?: number) => void;
  /** Lets attempts hang: they neither open nor fail, until something else is decided about them. */
  readonly stall: () => void;
  /** Accepts attempts again, those that hang included: that is how a server begins. */
  readonly accept: () => void;
  /**
   * Waits for a connection that this method has not given yet, and that the client has seen open.
   *
   * @throws Error when `timeout` is over
   */
  readonly connection: () => Promise<FakeConnection<In, Out>>;
  /** Waits for the next message of any client that matches; each is given once. */
  readonly message: NextMessage<In>;
  /**
   * Waits until nothing is on its way any more, and what that has set off is done, as far as promises go. After that,
   * what is not there will not come without a timer, a click or another call: so a test can say that nothing was sent.
   */
  readonly settled: () => Promise<void>;
}
