import type { SocketError } from '../base/errors.js';
import type { AddressSource, ConnectContext } from '../connection/address.js';
import type { CloseInfo, ConnectionClose } from '../connection/close.js';
import type { Outbox, OutboxContext } from '../outbox/contract.js';
import type { Encoded } from '../outbox/payload.js';
import type { QueueOptions, QueueSettings } from '../outbox/queue-options.js';
import type { SendOptions } from '../outbox/send-options.js';
import type { Frame, NativeSocket } from '../platform/websocket.js';
import type { HeartbeatOptions } from '../heartbeat/heartbeat-options.js';
import type { Pace } from '../heartbeat/pace.js';

/**
 * Why a session has begun anew. The server no longer knew it (`expired`, `unknown`), it held too much (`overflow`), it
 * is not ours (`rejected`), something was missing (`lost`), both disagree about what was said (`state`), or the server
 * has ended it (`ended`).
 */
export type ResetReason =
  'expired' | 'unknown' | 'overflow' | 'rejected' | 'lost' | 'state' | 'ended';

/** A session has begun, or goes on. */
export interface SessionInfo<Out> {
  readonly id: string;
  /** Whether it is the one from before: then nothing was lost. */
  readonly resumed: boolean;
  /** How many messages the server has not acknowledged, those that wait in the queue included. */
  readonly unacknowledged: number;
  /** Where the one before is gone: why, and which messages may have been handled, or not. */
  readonly reset?: { readonly reason: ResetReason; readonly unknown: readonly Out[] } | undefined;
}

/** The server is about to go. The session moves by itself, once all is acknowledged. */
export interface GoAway {
  /** How long it stays at the most, in milliseconds. */
  readonly after: number;
  /** Over how many milliseconds its clients are to spread their coming back. */
  readonly spread: number;
  /** Where it would have us go; that is for the application. */
  readonly url?: string | undefined;
}

/** What a session asks of the socket that it serves, and tells it. */
export interface SessionContext extends OutboxContext {
  readonly random: () => number;
  /** How often the application would have us ask whether the server is there, in milliseconds. */
  readonly interval: number;
  /** The URL, where it is not asked for at each attempt. */
  readonly address: string | undefined;
  /** Something has arrived that is no message. */
  readonly heard: () => void;
  /** A ping was answered. */
  readonly answered: () => void;
  /** A frame of a message has arrived: it is decoded, and handed to the listeners, now. */
  readonly received: (frame: Frame) => void;
  /** Decodes a frame; what cannot be is told as an error, or to `failed`, and `listener` is not called. */
  readonly decode: (
    frame: Frame,
    listener: (message: unknown) => void,
    failed?: (error: SocketError) => void,
  ) => void;
  readonly began: (info: SessionInfo<unknown>) => void;
  readonly goingAway: (notice: GoAway) => void;
  /**
   * Gives up this connection: it is of no use, or `error` is `rejected`, and then there is no other.
   *
   * @param code - what it counts as
   */
  readonly fail: (error: SocketError, code?: number) => void;
  /** Connects anew, at once. */
  readonly redial: () => void;
  readonly report: (error: unknown) => void;
}

/** What is heard of one topic. */
export interface TopicListener {
  readonly message: (message: unknown) => void;
  /** Something may be missing before what follows. */
  readonly gap: () => void;
}

/** What a session can do that other sockets cannot: for `deliver`, `unacknowledged` and topics. */
export interface SessionFeatures {
  readonly unacknowledged: number;
  readonly deliver: (message: unknown, options: SendOptions, idempotent: boolean) => void;
  /** Subscribes to a topic, on this connection and all to come. @returns what ends that */
  readonly subscribe: (topic: string, listener: TopicListener) => () => void;
}

/** What stands in the outbox's place, and opens and hears the connection as well. */
export interface SessionOutbox extends Outbox {
  /** Says hello, and waits for the welcome. */
  readonly gate: (native: NativeSocket, context: ConnectContext) => Promise<unknown>;
  /** What the server has said of itself. */
  readonly terms: () => { readonly pace: Pace; readonly maxMessageBytes: number };
  readonly received: (frame: Frame) => void;
  /** Everybody has heard that the connection is open: what has arrived since the welcome may be delivered. */
  readonly opened: (native: NativeSocket) => void;
  /** The connection is about to be lost. */
  readonly losing: () => void;
  /** Sends a ping. */
  readonly ping: () => void;
  /** Whether a close is to be retried, whatever its code. */
  readonly excuses: (close: ConnectionClose) => boolean;
  /** A connection, or an attempt at one, has ended. */
  readonly lost: (close: CloseInfo) => void;
  readonly subscribe: SessionFeatures['subscribe'];
  /** As {@link Outbox.send}. @param idempotent - whether the server may be told the message twice */
  readonly post: (
    message: unknown,
    data: Encoded,
    options: SendOptions,
    idempotent: boolean,
  ) => void;
}

/** What a session is put in the place of, settled. */
export interface Replaced {
  readonly handshake: unknown;
  readonly protocols: AddressSource<string | readonly string[]>;
  readonly queue: QueueSettings;
  readonly heartbeat: { readonly interval: number; readonly timeout: number } | false;
}

/** The same, as it was given. */
export interface Given {
  readonly queue?: QueueOptions | false | undefined;
  readonly heartbeat?: HeartbeatOptions<unknown, unknown> | false | undefined;
}

/** Another guarantee than that of the queue: `session()` of `holdline/session` makes one. */
export interface Session {
  /** Who the user is, and what tells sessions of one user apart: two who share a line must agree about that. */
  readonly owner: string;
  readonly name: string;
  /**
   * What it has of its own among the options of a socket.
   *
   * @throws {@link SocketError} `options`, where something was given that it would have to pass over
   */
  readonly replace: (settled: Replaced, given: Given) => object;
  readonly start: (context: SessionContext) => SessionOutbox;
}
