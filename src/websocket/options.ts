import { SocketError } from '../base/errors.js';
import { callback, number, oneOf, refuse, rule, section, type Settled } from '../base/rules.js';
import { lifecycleRule } from '../connection/guarded.js';
import {
  type ReconnectOptions,
  type ReconnectSettings,
  settleReconnect,
} from '../connection/reconnect-options.js';
import { type HeartbeatOptions, settleHeartbeat } from '../heartbeat/heartbeat-options.js';
import { type QueueOptions, type QueueSettings, settleQueue } from '../outbox/queue-options.js';
import type { Lifecycle } from '../platform/lifecycle.js';
import type { Frame, Payload, WebSocketConstructor } from '../platform/websocket.js';

/** What reconnecting-websocket and partysocket call the same. */
export interface PredecessorOptions {
  /** `reconnect.baseDelay`, in milliseconds. */
  readonly minReconnectionDelay?: number | undefined;
  /** `reconnect.maxDelay`, in milliseconds. */
  readonly maxReconnectionDelay?: number | undefined;
  /** `reconnect.factor`. */
  readonly reconnectionDelayGrowFactor?: number | undefined;
  /** `reconnect.minUptime`, in milliseconds. */
  readonly minUptime?: number | undefined;
  /** `reconnect.maxAttempts`. */
  readonly maxRetries?: number | undefined;
  /** `connectTimeout`, in milliseconds. */
  readonly connectionTimeout?: number | undefined;
  /** `queue.maxMessages`, with `overflow: 'drop-newest'` and no bound in bytes. */
  readonly maxEnqueuedMessages?: number | undefined;
  /** Taken, and ignored: nothing is printed to the console. */
  readonly debug?: boolean | undefined;
  /** Taken, and ignored. */
  readonly debugLogger?: ((...args: never[]) => void) | undefined;
}

/** The heartbeat of the drop-in class: there is none without a `message` of the application's own. */
export interface RawHeartbeatOptions extends HeartbeatOptions<Frame, Payload> {
  /** Makes the ping; `false` where the server is who pings. */
  readonly message: (() => Payload) | false;
}

/** The options of {@link ReconnectingWebSocket}. `undefined` means the default, everywhere. */
export interface ReconnectingWebSocketOptions extends PredecessorOptions {
  /** `false` for the native mode: one connection, as the platform's class has it. */
  readonly reconnect?: ReconnectOptions | false | undefined;
  /**
   * What `send` does before it is open, in the reconnecting mode. `false` for none: it is dropped.
   *
   * @defaultValue as for `createSocket`, but `highWaterMark` is `Infinity`: what is sent on an open line is the platform's
   */
  readonly queue?: QueueOptions | false | undefined;
  /** @defaultValue none */
  readonly heartbeat?: RawHeartbeatOptions | false | undefined;
  /** How long an attempt may take, in milliseconds. @defaultValue 10_000 */
  readonly connectTimeout?: number | undefined;
  /** Does not connect before `reconnect()` is called. @defaultValue false */
  readonly startClosed?: boolean | undefined;
  /** Who says that the network, the page or the machine was away. @defaultValue the page's own events */
  readonly lifecycle?: Lifecycle | undefined;
  /** The platform's WebSocket class. @defaultValue the global one */
  readonly WebSocket?: WebSocketConstructor | undefined;
}

/** {@link RawHeartbeatOptions} with nothing left open but `answer`. */
export type RawHeartbeat = Settled<Omit<RawHeartbeatOptions, 'answer'>> &
  Pick<RawHeartbeatOptions, 'answer'>;

/** {@link ReconnectingWebSocketOptions}, merged with the defaults and checked. */
export interface LineSettings {
  /** Whether it is in the reconnecting mode. */
  readonly reconnects: boolean;
  readonly reconnect: ReconnectSettings;
  readonly queue: QueueSettings;
  readonly heartbeat: RawHeartbeat | undefined;
  readonly connectTimeout: number;
  readonly startClosed: boolean;
  readonly lifecycle: Lifecycle | undefined;
  readonly WebSocket: WebSocketConstructor | undefined;
}

/** What others call what we have; the rest of an error's sentence. */
const REPLACED: Readonly<Record<string, string>> = {
  protocols: 'the second argument',
  autoConnect: 'startClosed',
  automaticOpen: 'startClosed',
  reconnectInterval: 'reconnect.baseDelay',
  maxReconnectInterval: 'reconnect.maxDelay',
  reconnectDecay: 'reconnect.factor',
  maxReconnectAttempts: 'reconnect.maxAttempts',
  maxAttempts: 'reconnect.maxAttempts',
  timeoutInterval: 'connectTimeout',
  timeout: 'connectTimeout',
  connectionTimeoutInterval: 'connectTimeout',
  shouldReconnect: 'reconnect.shouldReconnect',
  shouldReconnectOnClose: 'reconnect.shouldReconnect',
  pingInterval: 'heartbeat',
  binaryType: 'the property of that name',
  maxEnqueuedBytes: 'queue.maxBytes',
};

const settleOptions = /* @__PURE__ */ section(() => ({
  minReconnectionDelay: number(undefined, 0),
  maxReconnectionDelay: number(undefined, 0),
  reconnectionDelayGrowFactor: number(),
  minUptime: number(undefined, 0),
  maxRetries: number(undefined, 0),
  connectionTimeout: number(),
  maxEnqueuedMessages: number(undefined, 0),
  debug: rule<unknown>(() => true),
  debugLogger: rule<unknown>(() => true),
  reconnect: (value) => value,
  queue: (value) => value,
  heartbeat: (value) => value,
  connectTimeout: number(),
  startClosed: oneOf(false, true),
  lifecycle: lifecycleRule,
  WebSocket: callback,
}));

type Given = ReconnectingWebSocketOptions & Readonly<Record<string, unknown>>;

/** What makes sense only where the connection comes back. */
const OF_RECONNECTING = ['queue', 'maxEnqueuedMessages', 'startClosed'];

/** @throws {@link SocketError} `options`, for a name that we do not know, or not in this mode */
function checkNames(given: Given): void {
  for (const name of Object.keys(given)) {
    const replacement = Object.hasOwn(REPLACED, name) ? REPLACED[name] : undefined;
    if (replacement) {
      throw new SocketError('options', `unknown options.${name}: it is ${replacement} here`);
    }
    const isAsked = given[name] !== undefined && given[name] !== false;
    if (given.reconnect === false && isAsked && OF_RECONNECTING.includes(name)) {
      throw new SocketError('options', `options.${name} does not go with reconnect: false`);
    }
  }
}

/** A section, with what was said under other names beside it; anything else is for its rule to refuse. */
function beside(names: object, own: unknown = {}): unknown {
  if (typeof own !== 'object' || !own) return own;
  const said = Object.entries(own).filter(([, value]) => value !== undefined);
  return { ...names, ...Object.fromEntries(said) };
}

function queueOf(maxMessages: number | undefined, own: unknown): QueueSettings {
  const bounds = { maxMessages, maxBytes: Infinity, overflow: 'drop-newest' };
  const names = maxMessages === undefined ? {} : bounds;
  const isNone = maxMessages === 0 && own === undefined;
  // What is sent while the line is open is the platform's at once, as it would be without us.
  const given = isNone ? false : beside({ highWaterMark: Infinity, ...names }, own);
  return settleQueue(given, 'options.queue');
}

function heartbeatOf(given: unknown): RawHeartbeat | undefined {
  if (given === undefined || given === false) return undefined;
  const terms: Partial<RawHeartbeat> = settleHeartbeat(given, 'options.heartbeat');
  const { message, isReply = () => false } = terms;
  // Nothing goes out that the application did not choose.
  if (message === undefined) refuse('options.heartbeat.message', message);
  return { ...terms, message, isReply } as RawHeartbeat;
}

/**
 * Merges options with their defaults and checks them, once.
 *
 * @throws {@link SocketError} `options`, naming the option and its value
 */
export function settle(options: ReconnectingWebSocketOptions): LineSettings {
  if (Object(options) === options) checkNames(options as Given);
  const given = settleOptions(options);
  // Of these, 0 was usual: as soon as can be.
  const atLeast1 = (delay?: number) => (delay === undefined ? delay : Math.max(1, delay));
  const predecessors = {
    baseDelay: atLeast1(given.minReconnectionDelay),
    maxDelay: atLeast1(given.maxReconnectionDelay),
    factor: given.reconnectionDelayGrowFactor,
    minUptime: given.minUptime,
    maxAttempts: given.maxRetries,
  };
  return {
    reconnects: given.reconnect !== false,
    reconnect: settleReconnect(beside(predecessors, given.reconnect), 'options.reconnect'),
    queue:
      given.reconnect === false
        ? settleQueue(false, '')
        : queueOf(given.maxEnqueuedMessages, given.queue),
    heartbeat: heartbeatOf(given.heartbeat),
    connectTimeout: given.connectTimeout ?? given.connectionTimeout ?? 10_000,
    startClosed: given.startClosed,
    lifecycle: given.lifecycle,
    WebSocket: given.WebSocket,
  };
}
