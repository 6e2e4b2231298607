import { SocketError } from '../base/errors.js';
import type { Delivery } from '../events/delivery.js';
import type { Timer } from '../platform/clock.js';
import type { Platform } from '../platform/platform.js';
import type { NativeSocket } from '../platform/websocket.js';
import { type Attempt, type AttemptOwner, type AttemptSettings, startAttempt } from './attempt.js';
import {
  abandoned,
  ABNORMAL,
  type CloseCause,
  type CloseInfo,
  type ConnectionClose,
} from './close.js';
import { type Status, type Transition, transitions } from './machine.js';
import { nextDelay, type RetrySettings } from './retry-policy.js';
import type { ConnectionOwner } from './owner.js';
import { type ConnectionState, initialState } from './state.js';

/** How long after a wake-up a loss is still put down to it, in milliseconds. */
const WAKE_GRACE = 5_000;

/** Errors after which the next attempt could only fail in the same way. */
const FINAL: readonly unknown[] = ['url', 'insecure', 'options', 'rejected'];

/** What a connection goes by. */
export interface ConnectionSettings extends AttemptSettings, RetrySettings {
  readonly connectTimeout: number;
}

/** A connection that is made anew whenever it is lost, until it is told to close. It knows no messages. */
export interface Connection {
  readonly status: Status;
  /** The last that was told: frozen, and the same object until something changes. */
  readonly state: ConnectionState;
  readonly native: NativeSocket | undefined;
  /** What the latest native socket was opened with; empty before the first. */
  readonly url: string;
  /**
   * Connects, or with `redial` connects anew.
   *
   * @param reason - goes into the close frame of the connection that is replaced
   * @throws {@link SocketError} `unsupported` where there is no WebSocket
   */
  readonly connect: (transition: 'connect' | 'redial', reason?: string) => void;
  /** Ends it, with a close handshake of at most `timeout` milliseconds if it is open. */
  readonly close: (code: number, reason: string, timeout: number) => void;
  /** Gives up this attempt, or this connection, and tries again if that can help. */
  readonly fail: (cause: CloseCause, error: SocketError) => void;
  /** The machine slept: what is lost now is put down to that. */
  readonly woke: () => void;
}

export function createConnection(
  settings: ConnectionSettings,
  platform: Platform,
  { batch, later }: Delivery,
  owner: ConnectionOwner,
): Connection {
  const { clock, lifecycle } = platform;
  let status: Status = 'idle';
  let state = initialState;
  /** The timer of the present status, and when it is due; leaving the status cancels it. */
  let timer: Timer;
  let dueAt = 0;
  let attempt: Attempt | undefined;
  let url = '';
  /** How many retries in a row there have been. */
  let retries = 0;
  let connects = 0;
  let openedAt = Infinity;
  let wokeAt = -Infinity;
  let lastClose: CloseInfo | undefined;
  /** How the connection really ended, while the application is asked what to do about it. */
  let verdict: ConnectionClose | undefined;
  let unwatch: (() => void) | undefined;

  /** The only way from one status to another; what happens in the wrong one is ignored. */
  function change(transition: Transition, action: () => void): void {
    const next = transitions[status][transition];
    if (!next) return;
    disarm();
    status = next;
    batch(action);
  }

  function arm(delay: number, action: () => void): void {
    disarm();
    dueAt = clock.now() + delay;
    timer = clock.after(delay, action);
  }

  function disarm(): void {
    clock.cancel(timer);
    timer = undefined;
  }

  function changed(error?: SocketError): void {
    const retryAt = status === 'waiting' ? dueAt : undefined;
    state = Object.freeze({ status, attempt: retries, retryAt, lastClose, error, connects });
    owner.changed(state);
  }

  /** Being in `connecting`: one attempt, from the providers to the gate. */
  function dial(): void {
    const { connectTimeout } = settings;
    // Woken while the application was still asked what to do about the last one.
    if (verdict) abandon(verdict, true);
    arm(connectTimeout, () => {
      fail('timeout', new SocketError('timeout', `not open after ${connectTimeout} ms`));
    });
    unwatch ??= lifecycle.watch(wake);
    openedAt = Infinity;
    attempt = startAttempt(settings, platform, { attempt: retries, lastClose }, attemptOwner);
    changed(state.error);
  }

  /** Entering `open`. */
  function opened(native: NativeSocket): void {
    change('opened', () => {
      connects++;
      openedAt = clock.now();
      owner.attached(native);
      changed();
    });
    owner.opened(native);
  }

  function fail(cause: CloseCause, error: SocketError): void {
    lose(abandoned(cause), error);
  }

  function gone(close: ConnectionClose): void {
    if (status !== 'closing') return lose(close);
    change('ended', () => end({ ...close, cause: 'client' }));
  }

  const attemptOwner: AttemptOwner = {
    gate: owner.gate,
    received: owner.received,
    made: (resolved) => (url = resolved),
    opened,
    failed: fail,
    gone,
  };

  function lose(close: ConnectionClose, error?: SocketError): void {
    change('lost', () => {
      if (error) owner.failed(error);
      // Without an error of ours it is the native socket that has closed.
      owner.released(!error);
      const now = clock.now();
      if (now - openedAt >= settings.reconnect.minUptime) retries = 0;
      const hasJustWoken = now - wokeAt < WAKE_GRACE && close.code === ABNORMAL;
      // Once for each wake-up, or a server that accepts and kills would be hammered.
      wokeAt = -Infinity;
      verdict = close;
      const isFinal = FINAL.includes(error?.code);
      const loss = { lastClose: close, attempt: retries + 1, hasJustWoken };
      const delay = isFinal ? undefined : nextDelay(loss, settings, platform, owner.failed);
      // That asked the application, which may have closed the socket, or begun anew.
      if (status !== 'waiting') return;
      if (delay === undefined) {
        const gaveUp = new SocketError('gave-up', `no retry after ${close.code}`, { cause: error });
        return change('refused', () => end(close, isFinal ? error : gaveUp));
      }
      // Being in `waiting`, until the delay is over or something wakes us.
      retries++;
      abandon(close, true);
      arm(delay, () => change('due', dial));
      changed(error);
      owner.waiting({ attempt: retries, delay, cause: close.cause });
    });
  }

  /** Being in `closed`: nothing is awaited or kept alive any more. */
  function end(close: ConnectionClose, error?: SocketError): void {
    abandon(close, false);
    unwatch?.();
    unwatch = undefined;
    changed(error);
  }

  /** Lets go of the connection, or the attempt at one, and says so; if there is one. */
  function abandon(close: ConnectionClose, willReconnect: boolean): void {
    owner.released(false);
    if (!attempt) return;
    const { release, abort } = attempt;
    attempt = undefined;
    release(close.reason);
    later(abort);
    lastClose = Object.freeze({ ...(verdict ?? close), willReconnect });
    verdict = undefined;
    owner.lost(lastClose);
  }

  /** The network, or the page, is back. */
  function wake(): void {
    if (status === 'open') woke();
    owner.woken();
    change('wake', dial);
  }

  function woke(): void {
    wokeAt = clock.now();
  }

  return {
    get status() {
      return status;
    },
    get state() {
      return state;
    },
    get native() {
      return attempt?.native;
    },
    get url() {
      return url;
    },
    connect(transition, reason) {
      if (!(settings.WebSocket ?? platform.webSocket())) {
        throw new SocketError('unsupported', 'there is no WebSocket here');
      }
      change(transition, () => {
        abandon(abandoned(transition === 'connect' ? 'client' : 'reconnect', reason), true);
        retries = 0;
        dial();
      });
    },
    close(code, reason, timeout) {
      const given = abandoned('client');
      const wait = (): void => arm(timeout, () => gone(given));
      // Asked again, with less time.
      if (status === 'closing' && clock.now() + timeout < dueAt) wait();
      change('close', () => {
        if (status !== 'closing') return end(given);
        owner.released(false);
        wait();
        changed();
        attempt?.native?.close(code, reason);
      });
    },
    fail,
    woke,
  };
}
