import type { Clock } from '../platform/clock.js';
import type { Platform } from '../platform/platform.js';
import type { NativeSocket } from '../platform/websocket.js';
import type { ConnectContext } from '../connection/address.js';
import type { CloseCause, ConnectionClose } from '../connection/close-codes.js';
import type { EventState } from '../events/emitter.js';
import type { FlightState } from '../outbox/flight.js';
import type { SocketError } from '../base/errors.js';
import type { Session } from './handshake.js';
import type { HeartbeatState } from '../heartbeat/heartbeat.js';
import type { ConnectionState } from '../connection/connection.js';
import type { Settings } from './options.js';
import type { QueueState } from '../outbox/queue.js';
import { initialSnapshot } from './snapshot.js';

/**
 * Everything that one socket knows. It is one flat record, and the parts of the core are functions of
 * it: each says what it adds, and changes only that. So a socket costs one object, and no part needs
 * to be wired to another.
 */
export interface Line
  extends EventState, ConnectionState, AttemptState, HeartbeatState, FlightState, QueueState {
  readonly settings: Settings;
  readonly platform: Platform;
  readonly clock: Clock;
  /** Whom the other parts tell what became of the connection. */
  readonly happenings: Happenings;
}

/** What may become of an attempt, and of the connection that it leads to. */
export interface Happenings {
  /** It is open, and the handshake is done, which did not take the `leftover`. */
  opened(line: Line, native: NativeSocket, leftover: readonly unknown[]): void;
  /** It did not come to that, or the server is silent. */
  failed(line: Line, cause: CloseCause, error: SocketError): void;
  /** The native socket has closed. */
  gone(line: Line, close: ConnectionClose): void;
}

/** One generation of the connection. */
interface AttemptState {
  /** What this generation knows itself by; gone with it. */
  context: ConnectContext | undefined;
  /** Aborted with it; there is one where somebody might listen. */
  controller: AbortController | undefined;
  native: NativeSocket | undefined;
  /** While there is a handshake. */
  session: Session | undefined;
  /** The latest URL, resolved. */
  url: string;
}

export function newLine(settings: Settings, platform: Platform, happenings: Happenings): Line {
  return {
    settings,
    platform,
    clock: platform.clock,
    happenings,

    listeners: {},
    byType: undefined,
    pending: [],
    depth: 0,
    waiters: undefined,

    status: 'idle',
    snapshot: initialSnapshot,
    timer: undefined,
    dueAt: 0,
    openedAt: Infinity,
    attempt: 0,
    connects: 0,
    lastClose: undefined,
    verdict: undefined,
    wokeAt: -Infinity,
    flush: undefined,
    flushTimer: undefined,
    unobserve: undefined,

    context: undefined,
    controller: undefined,
    native: undefined,
    session: undefined,
    url: '',

    phase: 'off',
    isListening: false,
    beatTimer: undefined,
    beatAt: 0,
    pingedAt: NaN,
    askedAt: NaN,
    latency: undefined,
    isProven: false,
    handedAtPing: 0,
    leftAtPing: 0,

    isSealed: false,
    flight: [],
    oldest: 0,
    aloft: 0,
    handed: 0,
    left: 0,
    queue: [],
    first: 0,
    messages: 0,
    bytes: 0,
    byKey: undefined,
    pumpTimer: undefined,
  };
}
