import { type Codec, type HeartbeatMessages, heartbeatOf } from '../codecs/codec.js';
import { json } from '../codecs/json.js';
import type { WebSocketConstructor } from '../platform/websocket.js';
import { type AddressSource, checkProtocols, type UrlSource } from '../connection/address.js';
import type { CloseCause, ConnectionClose } from '../connection/close-codes.js';
import type { Handshake } from './handshake.js';
import {
  abortSignal,
  callback,
  isFunction,
  number,
  oneOf,
  refuse,
  rule,
  section,
} from '../base/rules.js';

/** What `delay` is asked with. */
export interface DelayContext {
  /** Which retry in a row this will be; 1 is the first. */
  readonly attempt: number;
  readonly cause: CloseCause;
  readonly lastClose: ConnectionClose;
  /** What the backoff would wait, in milliseconds. */
  readonly delay: number;
}

/** When and whether to try again. */
export interface ReconnectOptions {
  /** The ceiling of the first delay when the cause is unclear, in milliseconds. @defaultValue 1_850 */
  readonly baseDelay?: number | undefined;
  /** What the ceiling is multiplied by at each retry. @defaultValue 2 */
  readonly factor?: number | undefined;
  /** The highest ceiling, in milliseconds. @defaultValue 13_000 */
  readonly maxDelay?: number | undefined;
  /** How long, in milliseconds, a connection must have been open to be a success. @defaultValue 5_000 */
  readonly minUptime?: number | undefined;
  /**
   * Over how long, in milliseconds, clients spread when the server says that it is leaving (1001,
   * 1012, 1013). @defaultValue 5_000
   */
  readonly spread?: number | undefined;
  /** How many retries in a row before giving up. @defaultValue Infinity */
  readonly maxAttempts?: number | undefined;
  /**
   * Whether to try again after `close`.
   *
   * @defaultValue always, but after 1002, 1003, 1007–1010 and 4400–4499 (4401 is retried where `url`
   * or `protocols` is a function)
   */
  readonly shouldReconnect?: ((close: ConnectionClose) => boolean) | undefined;
  /** Overrides one delay, in milliseconds: a retry-after sent by the server, say. */
  readonly delay?: ((context: DelayContext) => number | undefined) | undefined;
}

/** How to tell a dead connection from a quiet one. */
export interface HeartbeatOptions<In, Out> {
  /** How long nothing must have arrived before a ping is sent, in milliseconds. @defaultValue 30_000 */
  readonly interval?: number | undefined;
  /** How long the server has to answer, in milliseconds. @defaultValue 10_000 */
  readonly timeout?: number | undefined;
  /** Makes the ping. @defaultValue `{"type":"ping"}`, or what the codec says (`text()`: `ping`) */
  readonly message?: (() => Out) | undefined;
  /**
   * Tells the answer to a ping; listeners do not see it.
   *
   * @defaultValue a `type` of `pong`, or what the codec says (`text()`: `pong`)
   */
  readonly isReply?: ((message: In) => boolean) | undefined;
  /**
   * Whether silence kills. `'auto'`: as soon as the server has once answered in time.
   *
   * @defaultValue 'auto'
   */
  readonly expectReply?: boolean | 'auto' | undefined;
}

/** What happens to a message when the queue is full. */
export type Overflow = 'drop-oldest' | 'drop-newest' | 'throw';

/** The bounds of the outbound queue. */
export interface QueueOptions {
  /** @defaultValue 1_000 */
  readonly maxMessages?: number | undefined;
  /** Of encoded messages, text counted in UTF-8. @defaultValue 1_048_576 */
  readonly maxBytes?: number | undefined;
  /** @defaultValue 'drop-oldest' */
  readonly overflow?: Overflow | undefined;
  /** Above this `bufferedAmount`, in bytes, messages wait in the queue. @defaultValue 1_048_576 */
  readonly highWaterMark?: number | undefined;
}

/** The options of `createSocket`. `undefined` means the default, everywhere. */
export interface SocketOptions<In = unknown, Out = In> {
  /** Subprotocols, or a function asked for them at every attempt. */
  readonly protocols?: AddressSource<string | readonly string[]> | undefined;
  /** @defaultValue {@link json} */
  readonly codec?: Codec<In, Out> | undefined;
  /** `false` leaves the socket `idle` until `connect()`. @defaultValue true */
  readonly autoConnect?: boolean | undefined;
  /** For providers, native connect and handshake together, in milliseconds. @defaultValue 10_000 */
  readonly connectTimeout?: number | undefined;
  /** Runs on each new connection before the queue is flushed. */
  readonly handshake?: Handshake<In, Out> | undefined;
  /** `false` for none. */
  readonly reconnect?: ReconnectOptions | false | undefined;
  /** `false` for none. */
  readonly heartbeat?: HeartbeatOptions<In, Out> | false | undefined;
  /** `false` for none: what is sent while the line is not open is dropped. */
  readonly queue?: QueueOptions | false | undefined;
  /** Aborting it closes the socket, for good. */
  readonly signal?: AbortSignal | undefined;
  /** The WebSocket class. @defaultValue the global one */
  readonly WebSocket?: WebSocketConstructor | undefined;
}

/** Options with nothing left open. */
type Settled<Options> = {
  readonly [Name in keyof Options]-?: NonNullable<Options[Name]>;
};

/** {@link ReconnectOptions} with nothing left open but the two functions. */
type ReconnectSettings = Settled<Omit<ReconnectOptions, 'shouldReconnect' | 'delay'>> &
  Pick<ReconnectOptions, 'shouldReconnect' | 'delay'>;

/** {@link SocketOptions}, merged with the defaults and checked: what everything inside works with. */
export interface Settings {
  readonly url: UrlSource;
  readonly protocols: AddressSource<string | readonly string[]>;
  readonly codec: Codec<unknown, unknown>;
  readonly autoConnect: boolean;
  readonly connectTimeout: number;
  readonly handshake: Handshake<unknown, unknown> | undefined;
  readonly reconnect: ReconnectSettings;
  readonly heartbeat: Settled<HeartbeatOptions<unknown, unknown>> | undefined;
  readonly queue: Settled<QueueOptions>;
  readonly signal: AbortSignal | undefined;
  readonly WebSocket: WebSocketConstructor | undefined;
}

const isCodec = (value: unknown): boolean => {
  const { encode, decode } = Object(value) as Record<string, unknown>;
  return isFunction(encode) && isFunction(decode);
};

const settleReconnect = /* @__PURE__ */ section<ReconnectSettings>(() => ({
  baseDelay: number(1_850),
  factor: number(2),
  maxDelay: number(13_000),
  minUptime: number(5_000, 0),
  spread: number(5_000, 0),
  maxAttempts: number(Infinity, 0),
  shouldReconnect: callback,
  delay: callback,
}));

const settleHeartbeat = /* @__PURE__ */ section(() => ({
  interval: number(30_000),
  timeout: number(10_000),
  message: callback,
  isReply: callback,
  expectReply: oneOf('auto', true, false),
}));

const settleQueue = /* @__PURE__ */ section<Settled<QueueOptions>>(() => ({
  maxMessages: number(1_000),
  maxBytes: number(1_048_576),
  overflow: oneOf('drop-oldest', 'drop-newest', 'throw'),
  highWaterMark: number(1_048_576),
}));

const NO_QUEUE: Settled<QueueOptions> = {
  maxMessages: 0,
  maxBytes: 0,
  overflow: 'drop-newest',
  highWaterMark: Infinity,
};

const settleOptions = /* @__PURE__ */ section(() => ({
  protocols: rule<Settings['protocols']>((value) => isFunction(value) || checkProtocols(value), []),
  codec: rule<unknown>(isCodec, /* @__PURE__ */ json()),
  autoConnect: oneOf(true, false),
  connectTimeout: number(10_000),
  handshake: callback,
  reconnect: (value, name) => settleReconnect(value === false ? { maxAttempts: 0 } : value, name),
  heartbeat: (value, name) => value !== false && settleHeartbeat(value, name),
  queue: (value, name) => (value === false ? NO_QUEUE : settleQueue(value, name)),
  signal: abortSignal,
  WebSocket: callback,
}));

/**
 * Merges options with their defaults and checks them, once.
 *
 * @throws {@link SocketError} `options`, naming the option and its value
 */
export function settle<In, Out>(url: UrlSource, options: SocketOptions<In, Out>): Settings {
  const settings = settleOptions(options);
  const heartbeat: HeartbeatOptions<unknown, unknown> | false = settings.heartbeat;
  const own: Partial<HeartbeatMessages<unknown, unknown>> =
    heartbeatOf(settings.codec as Codec<unknown, unknown>) || {};
  const { message = own.message, isReply = own.isReply ?? (() => false) } = heartbeat || {};
  // A codec without a ping of its own has a heartbeat only where one is asked for.
  if (!message && options.heartbeat) refuse('options.heartbeat.message', message);
  return {
    ...settings,
    url,
    heartbeat: heartbeat && message ? { ...heartbeat, message, isReply } : undefined,
  } as Settings;
}
