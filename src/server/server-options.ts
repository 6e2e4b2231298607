import { callback, having, number, rule, section } from '../base/rules.js';
import type { Codec } from '../codecs/codec.js';
import { json } from '../codecs/json.js';
import { type SessionStore, STEPS } from './store.js';

/** Who says hello. */
export interface Introduction {
  /** What the client's `auth` gave: anything that JSON has a form for. */
  readonly auth: unknown;
  /** What the connection was accepted with: for `ws`, the HTTP request. */
  readonly request: unknown;
}

/** Options of {@link createSessionServer}. */
export interface SessionServerOptions<In = unknown, Out = unknown> {
  /**
   * Says whose a connection is, at every hello: a name for whoever it is, the same for all that belongs to them.
   * `undefined`, `false` or `''`, or what it throws, closes the connection with 4401.
   *
   * @defaultValue everybody is the same principal, `''`, and may resume what they have the key of: for trying only
   */
  readonly authenticate?:
    ((introduction: Introduction) => Principal | PromiseLike<Principal>) | undefined;
  /** Says whether a principal may hear a topic, at every subscribe and every resume. @defaultValue nobody may */
  readonly authorizeTopic?:
    | ((asked: {
        readonly principal: string;
        readonly topic: string;
      }) => boolean | PromiseLike<boolean>)
    | undefined;
  /** For how long a session is kept without a connection, in milliseconds. @defaultValue 120000 */
  readonly ttl?: number | undefined;
  /** How much may wait for a client's acknowledgement, in bytes, before its session is given up. @defaultValue 262144 */
  readonly maxBytes?: number | undefined;
  /** How large a message of a client's may be, in bytes. @defaultValue 1048576 */
  readonly maxPayload?: number | undefined;
  /** How many sessions a principal may have on this node. @defaultValue 100 */
  readonly maxSessions?: number | undefined;
  /** How many sessions this node has room for: below what it may have open, in files. @defaultValue 15000 */
  readonly capacity?: number | undefined;
  /** How many topics a session may follow at once. @defaultValue 100 */
  readonly maxTopics?: number | undefined;
  /**
   * When so many bytes wait to be sent to a client, it is no longer pushed what is said in topics, and reads on from
   * their logs later.
   *
   * @defaultValue 262144
   */
  readonly maxBuffered?: number | undefined;
  /** How often clients are to be heard, in milliseconds; 10 s later they are taken to be gone. @defaultValue 25000 */
  readonly heartbeat?: number | undefined;
  /** Over how long reconnects are spread when this node goes, in milliseconds. @defaultValue 5000 */
  readonly spread?: number | undefined;
  /** Where sessions are kept. @defaultValue in memory, as long as this process lives */
  readonly store?: SessionStore | undefined;
  /** Turns messages into what goes over the line and back. @defaultValue `json()` */
  readonly codec?: Codec<In, Out> | undefined;
}

/** Who somebody is; `undefined` and `false` where that is not known. */
export type Principal = string | false | undefined;

export interface ServerSettings {
  readonly authenticate: ((introduction: Introduction) => unknown) | undefined;
  readonly authorizeTopic:
    ((asked: { readonly principal: string; readonly topic: string }) => unknown) | undefined;
  readonly ttl: number;
  readonly maxBytes: number;
  readonly maxPayload: number;
  readonly maxSessions: number;
  readonly capacity: number;
  readonly maxTopics: number;
  readonly maxBuffered: number;
  readonly heartbeat: number;
  readonly spread: number;
  readonly store: SessionStore | undefined;
  readonly codec: Codec<unknown, unknown>;
}

const MOST = 2_147_483_647;

/** A duration or a size that the client is told: it cannot be told more than that. */
export const whole = <Fallback extends number | undefined>(fallback: Fallback, least: number) =>
  rule<number | Fallback>(
    (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= MOST,
    fallback,
  );

/** @throws {@link SocketError} `options` */
export const settleServer = /* @__PURE__ */ section<ServerSettings>(() => ({
  authenticate: callback,
  authorizeTopic: callback,
  ttl: whole(120_000, 1),
  maxBytes: number(262_144),
  maxPayload: whole(1_048_576, 1),
  maxSessions: number(100),
  capacity: number(15_000),
  maxTopics: number(100),
  maxBuffered: number(262_144),
  heartbeat: whole(25_000, 1),
  spread: whole(5_000, 0),
  store: rule(having(...STEPS)),
  codec: rule(having('encode', 'decode'), json()),
}));
