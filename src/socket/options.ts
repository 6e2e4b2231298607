import { canBeAsked } from '../base/delegate.js';
import {
  abortSignal,
  callback,
  having,
  isFunction,
  number,
  oneOf,
  refuse,
  rule,
  section,
  type Settled,
} from '../base/rules.js';
import { type Codec, type HeartbeatMessages, heartbeatOf } from '../codecs/codec.js';
import { json } from '../codecs/json.js';
import { type AddressSource, checkProtocols, type UrlSource } from '../connection/address.js';
import type { ConnectionSettings } from '../connection/contract.js';
import { lifecycleRule } from '../connection/guarded.js';
import { type ReconnectOptions, settleReconnect } from '../connection/reconnect-options.js';
import { type HeartbeatOptions, settleHeartbeat } from '../heartbeat/heartbeat-options.js';
import { type QueueOptions, type QueueSettings, settleQueue } from '../outbox/queue-options.js';
import type { Lifecycle } from '../platform/lifecycle.js';
import type { WebSocketConstructor } from '../platform/websocket.js';
import type { Handshake } from './handshake.js';
import type { Session } from '../session/contract.js';

/** The options of `createSocket`. `undefined` means the default, everywhere. */
export interface SocketOptions<In = unknown, Out = In> {
  /** Subprotocols, or a function asked for them at every attempt. */
  readonly protocols?: AddressSource<string | readonly string[]> | undefined;
  /** @defaultValue {@link json} */
  readonly codec?: Codec<In, Out> | undefined;
  /**
   * Reads the type of a message: the text by which `on('message:…')`, and all else that takes a type, know it. Of a
   * message without one it gives anything else. It is called once for each message, while anybody listens by type;
   * what it throws is reported with the global `reportError`, and that message has none.
   *
   * @defaultValue its `type`
   */
  readonly typeOf?: ((message: In) => unknown) | undefined;
  /**
   * `false` leaves the socket `idle` until `connect()`; so does `'page'` where there is no page, nor a worker of one:
   * for a socket made at module level, which a server imports, too.
   *
   * @defaultValue true
   */
  readonly autoConnect?: boolean | 'page' | undefined;
  /** For providers, native connect and handshake together, in milliseconds. @defaultValue 10_000 */
  readonly connectTimeout?: number | undefined;
  /**
   * Every message once and in order, across broken connections: `session()` of `holdline/session`. It stands in the
   * place of `handshake`, and of all of `queue` but its bounds, and has pings of its own.
   */
  readonly session?: Session | undefined;
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
  /** Who says that the network, the page or the machine was away. @defaultValue the page's own events */
  readonly lifecycle?: Lifecycle | undefined;
  /** The WebSocket class. @defaultValue the global one */
  readonly WebSocket?: WebSocketConstructor | undefined;
}

/** {@link SocketOptions}, merged with the defaults and checked: what everything inside works with. */
export interface Settings extends ConnectionSettings {
  readonly codec: Codec<unknown, unknown>;
  readonly typeOf: (message: unknown) => unknown;
  readonly autoConnect: boolean | 'page';
  readonly handshake: Handshake<unknown, unknown> | undefined;
  readonly session: Session | undefined;
  readonly heartbeat: HeartbeatTerms | undefined;
  readonly queue: QueueSettings;
  readonly signal: AbortSignal | undefined;
}

/** {@link HeartbeatOptions} with nothing left open but `answer`. */
type HeartbeatTerms = Settled<Omit<HeartbeatOptions<unknown, unknown>, 'answer'>> &
  Pick<HeartbeatOptions<unknown, unknown>, 'answer'>;

const ownType = (message: unknown): unknown => (message as { type?: unknown } | null)?.type;

const settleOptions = /* @__PURE__ */ section(() => ({
  protocols: rule<Settings['protocols']>((value) => isFunction(value) || checkProtocols(value), []),
  codec: rule<unknown>(having('encode', 'decode'), /* @__PURE__ */ json()),
  typeOf: rule<Settings['typeOf']>(isFunction, ownType),
  autoConnect: oneOf(true, false, 'page'),
  connectTimeout: number(10_000),
  handshake: callback,
  session: rule<Session | undefined>(having('start')),
  reconnect: settleReconnect,
  lifecycle: lifecycleRule,
  heartbeat: (value, name) => value !== false && settleHeartbeat(value, name),
  queue: settleQueue,
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
  const { session } = settings;
  const heartbeat: HeartbeatOptions<unknown, unknown> | false = settings.heartbeat;
  const own: Partial<HeartbeatMessages<unknown, unknown>> =
    heartbeatOf(settings.codec as Codec<unknown, unknown>) || {};
  const { message = own.message, isReply = own.isReply ?? (() => false) } = heartbeat || {};
  // A codec without a ping of its own has a heartbeat only where one is asked for.
  if (message === undefined && options.heartbeat && !session) {
    refuse('options.heartbeat.message', message);
  }
  return {
    ...settings,
    url,
    hasHandshake: () => canBeAsked(settings.handshake),
    heartbeat: heartbeat && message !== undefined ? { ...heartbeat, message, isReply } : undefined,
    ...session?.replace(settings, options as SocketOptions),
  } as Settings;
}
