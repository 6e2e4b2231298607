/**
 * The frames of `holdline.session.v1`: JSON arrays, the type first. What is absent is left out, or `null` where
 * something stands behind it. Numbers are safe integers from 0 on.
 */

/** The subprotocol, in the upgrade request. */
export const SUBPROTOCOL = 'holdline.session.v1';

/** What stands first in each frame. */
export const HELLO = 0;
export const WELCOME = 1;
export const MESSAGE = 2;
export const ACK = 3;
export const FAIL = 4;
export const PING = 5;
export const PONG = 6;
export const GOAWAY = 7;
export const BYE = 8;
export const SUBSCRIBE = 9;
export const SUBSCRIBED = 10;
export const ENTRY = 11;
export const UNSUBSCRIBE = 12;

/** A topic that a client listens to, under a number of its own: in which life of its log it is, and behind what. */
export type Subscription = readonly [i: number, topic: string, epoch?: string | null, o?: number];

/** A message that was not handled: its handler has rejected, or nobody can tell whether it ran. */
export type Failure = readonly [s: number, why: 'failed' | 'lost'];

/** What a client asks for on a new connection: a session, or the one that it has. */
export type Hello = readonly [
  typeof HELLO,
  {
    /** The version of the protocol. */
    readonly v: number;
    /** What the application's provider gave to prove who it is. */
    readonly auth?: unknown;
    readonly sid?: string | undefined;
    readonly key?: string | undefined;
    /** The attempt: higher with every hello of a session. */
    readonly n: number;
    /** The highest number of the server's that is settled here. */
    readonly rx: number;
    /** The highest number of our own that is known to be settled there. */
    readonly acked: number;
    readonly subs: readonly Subscription[];
  },
];

export type Welcome = readonly [
  typeof WELCOME,
  {
    readonly sid: string;
    readonly key: string;
    readonly resumed: boolean;
    /** Why it was not resumed. */
    readonly reason?: string | undefined;
    /** The highest number of the client's that is settled. */
    readonly rx: number;
    /** Those above what the client knows to be settled. */
    readonly fails: readonly Failure[];
    /** How many messages may be on their way. */
    readonly window: number;
    /** For how long a session is kept without a connection, in milliseconds. */
    readonly ttl: number;
    readonly maxBytes: number;
    /** How often the client is to be heard, in milliseconds. */
    readonly heartbeat: number;
    readonly spread: number;
  },
];

/**
 * The head of a message: its payload follows behind a line feed or, where that is bytes or several frames, in that many
 * frames of their own. An `id` marks it idempotent, and is its name for ever.
 */
export type Message = readonly [
  typeof MESSAGE,
  s: number,
  a?: number | null,
  id?: string | null,
  frames?: number,
];

type Ack = readonly [typeof ACK, a: number];
type Fail = readonly [typeof FAIL, ...Failure];
type Ping = readonly [typeof PING, n: number, a: number];
type Pong = readonly [typeof PONG, n: number, a: number];

/** The server is about to go, `after` so many milliseconds at the latest: nothing new on this connection. */
type GoAway = readonly [
  typeof GOAWAY,
  { readonly after: number; readonly spread: number; readonly url?: string | undefined },
];

/** The end of a session; or, with `n`, of a connection whose hello came too late. */
type Bye = readonly [
  typeof BYE,
  {
    readonly code: number;
    readonly reason: string;
    readonly reconnect: boolean;
    readonly retryAfter?: number | undefined;
    readonly a: number;
    readonly n?: number | undefined;
  },
];

type Subscribe = readonly [typeof SUBSCRIBE, ...Subscription];
type Unsubscribe = readonly [typeof UNSUBSCRIBE, i: number];

/** Everything after `o` follows; with `gap`, something before it is missing. */
type Subscribed = readonly [
  typeof SUBSCRIBED,
  i: number,
  epoch: string,
  o: number,
  gap: boolean,
  error?: string,
];

/** The head of an entry of a topic; its payload follows as that of a message. */
export type Entry = readonly [typeof ENTRY, i: number, o: number, frames?: number];

/** What a client says. */
export type ClientFrame = Hello | Message | Ack | Ping | Pong | Bye | Subscribe | Unsubscribe;
/** What a server says. */
export type ServerFrame =
  Welcome | Message | Ack | Fail | Ping | Pong | GoAway | Bye | Subscribed | Entry;
