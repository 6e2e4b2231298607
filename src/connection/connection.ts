import { SocketError } from '../base/errors.js';
import type { Delivery } from '../events/delivery.js';
import type { Timer } from '../platform/clock.js';
import type { LifecycleEvent } from '../platform/lifecycle.js';
import type { Platform } from '../platform/platform.js';
import { CONNECTING, type NativeSocket } from '../platform/websocket.js';
import { type Attempt, type AttemptOwner, type AttemptSettings, startAttempt } from './attempt.js';
import {
  abandoned,
  ABNORMAL,
  type CloseCause,
  type CloseInfo,
  type ConnectionClose,
} from './close.js';
import { isRefusal, isServerLeaving } from './close-codes.js';
import { type Status, type Transition, transitions } from './machine.js';
import type { ConnectionOwner } from './owner.js';
import { nextDelay, type RetrySettings } from './retry-policy.js';
import { type ConnectionState, initialState } from './state.js';
import { createWakeUps } from './wake-ups.js';

/** How long after a wake-up a loss is still put down to it, in milliseconds. */
const WAKE_GRACE = 5_000;
/** How far apart attempts are that the application asks for, where the last was of no use, in milliseconds. */
const PACE = 1_000;
/** After an attempt this long ago, in milliseconds, the application's wish for another begins anew. */
const FORGIVEN_AFTER = 10_000;
/** How long a page that is leaving makes no attempt, in milliseconds; then it has stayed. */
const LEAVE_GRACE = 3_000;

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
   * Connects, or with `redial` connects anew; in a moment, where the last attempt was of no use just now.
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
  /** Looks whether the native socket has closed without a word. */
  readonly check: () => void;
}

export function createConnection(
  settings: ConnectionSettings,
  platform: Platform,
  { batch, later }: Delivery,
  owner: ConnectionOwner,
): Connection {
  const { clock, lifecycle, random } = platform;
  const { minUptime } = settings.reconnect;
  const worthOf = createWakeUps(clock);
  let status: Status = 'idle';
  let state = initialState;
  /** The timer of the present status, and when it is due; leaving the status cancels it. */
  let timer: Timer;
  let dueAt = 0;
  let attempt: Attempt | undefined;
  let url = '';
  let protocols: string[] = [];
  /** How many retries in a row there have been, and how many of them a wake-up began. */
  let retries = 0;
  let uncounted = 0;
  let refusals = 0;
  let connects = 0;
  let begunAt = -Infinity;
  let openedAt = Infinity;
  let wokeAt = -Infinity;
  let leftAt = -Infinity;
  /** Whether the application has asked for the present attempt, in place of another. */
  let isRedialled = false;
  /** Whether the last attempt failed, or what came of it ended at once. */
  let wasOfNoUse = false;
  /** Whether the server has asked for the present wait. */
  let isOrdered = false;
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
    // While there is something to wait for, the page is watched.
    unwatch ??= lifecycle.watch(noticed);
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

  /**
   * Being in `connecting`: one attempt, from the providers to the gate.
   *
   * @param known - asks no provider, but takes what the last one gave
   */
  function dial(known?: Pick<AttemptSettings, 'url' | 'protocols'>): void {
    const { connectTimeout } = settings;
    // Woken while the application was still asked what to do about the last one.
    if (verdict) abandon(verdict, true);
    arm(connectTimeout, () => {
      fail('timeout', new SocketError('timeout', `not open after ${connectTimeout} ms`));
    });
    begunAt = clock.now();
    openedAt = Infinity;
    isRedialled = false;
    const about = { attempt: retries, lastClose };
    attempt = startAttempt({ ...settings, ...known }, platform, about, attemptOwner);
    changed(state.error);
  }

  /** Being in `waiting`, until the delay is over or something wakes us. */
  function wait(delay: number, error: SocketError | undefined): void {
    arm(delay, () => change('due', dial));
    changed(error);
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
    change('ended', () => {
      if (close.wasClean) owner.released('finished', close, false);
      end({ ...close, cause: 'client' }, true);
    });
  }

  const attemptOwner: AttemptOwner = {
    gate: owner.gate,
    received: owner.received,
    made: (...made) => ([url, protocols] = made),
    opened,
    failed: fail,
    gone,
  };

  function lose(close: ConnectionClose, error?: SocketError): void {
    change('lost', () => {
      if (error) owner.failed(error);
      const now = clock.now();
      const uptime = now - openedAt;
      const hasJustWoken = now - wokeAt < WAKE_GRACE;
      // Without an error of ours it is the native socket that has closed.
      owner.released(error ? 'abandoned' : 'died', close, hasJustWoken || !lifecycle.isOnline());
      wasOfNoUse = !(uptime >= PACE);
      if (uptime >= minUptime) retries = uncounted = refusals = 0;
      if (isRefusal(close.code)) refusals++;
      verdict = close;
      const isFinal = FINAL.includes(error?.code);
      const loss = {
        lastClose: close,
        attempt: retries + 1,
        uncounted,
        refusals,
        hasJustWoken: hasJustWoken && close.code === ABNORMAL,
        isExcused: !error && owner.excuses(close),
        offline: !lifecycle.isOnline(),
      };
      const chosen = isFinal ? undefined : nextDelay(loss, settings, random, owner.failed);
      // That asked the application, which may have closed the socket, or begun anew.
      if (status !== 'waiting' || verdict !== close) return;
      if (chosen === undefined) {
        const gaveUp = new SocketError('gave-up', `no retry after ${close.code}`, { cause: error });
        return change('refused', () => end(close, false, isFinal ? error : gaveUp));
      }
      // Once for each wake-up, or a server that accepts and kills would be hammered.
      wokeAt = -Infinity;
      const next = ++retries;
      isOrdered = isServerLeaving(close.code);
      abandon(close, true);
      const delay = Math.max(chosen, leftAt + LEAVE_GRACE - now);
      wait(delay, error);
      owner.waiting({ attempt: next, delay, cause: close.cause });
    });
  }

  /** Being in `closed`: nothing is awaited or kept alive any more. */
  function end(close: ConnectionClose, isWanted: boolean, error?: SocketError): void {
    abandon(close, false);
    unwatch?.();
    unwatch = undefined;
    if (isWanted) wasOfNoUse = false;
    changed(error);
  }

  /** Lets go of the connection, or the attempt at one, and says so; if there is one. */
  function abandon(close: ConnectionClose, willReconnect: boolean): void {
    owner.released('abandoned', close, true);
    if (!attempt) return;
    const { release, abort } = attempt;
    attempt = undefined;
    release(close.reason);
    later(abort);
    lastClose = Object.freeze({ ...(verdict ?? close), willReconnect });
    verdict = undefined;
    owner.lost(lastClose);
  }

  /** Something has happened to the page, the network or the machine. */
  function noticed(event: LifecycleEvent): void {
    if (event === 'leaving') leave();
    if (event === 'offline') owner.wentOffline();
    const worth = worthOf(event, status === 'open');
    if (!worth) return;
    leftAt = -Infinity;
    if (status === 'open') woke();
    attempt?.check();
    owner.woken();
    wakeUp(worth === 'anew');
  }

  /** Ends a wait, or an attempt that is stalled; the server's wish to wait is kept. */
  function wakeUp(isAnew: boolean): void {
    const isStalled = attempt?.native?.readyState === CONNECTING;
    const isDown = status === 'waiting' || status === 'connecting';
    if (!isDown || (isOrdered && status === 'waiting')) return;
    if (isAnew) retries = uncounted = 0;
    else uncounted++;
    if (status === 'waiting') change('wake', dial);
    else if (isAnew && isStalled) {
      change('wake', () => {
        abandon(abandoned('network'), true);
        dial({ url, protocols });
      });
    }
  }

  /** Firefox closes the connections of a page that goes; a new one would be of no use. */
  function leave(): void {
    leftAt = clock.now();
    const isSoon = status === 'waiting' && dueAt - leftAt < LEAVE_GRACE;
    if (isSoon) batch(() => wait(LEAVE_GRACE, state.error));
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
      owner.wanted();
      // Before it has begun, another attempt would be the same one, and its close event might ask for a third.
      if (!transitions[status][transition] || attempt?.isFresh) return;
      const now = clock.now();
      const isLive = status === 'connecting' || status === 'open';
      // While it is down, and no retry has helped, this is one of them.
      const isForgiven =
        now - openedAt >= minUptime ||
        now - begunAt >= FORGIVEN_AFTER ||
        (status === 'closed' && !wasOfNoUse);
      const isInCircles = isLive ? isRedialled && !(now - openedAt >= PACE) : wasOfNoUse;
      const delay = isInCircles ? begunAt + PACE - now : 0;
      // It waits already, and no longer than that.
      if (delay > 0 && status === 'waiting' && dueAt - now <= delay) return;
      change(delay > 0 ? 'hold' : transition, () => {
        abandon(abandoned(transition === 'connect' ? 'client' : 'reconnect', reason), true);
        if (isForgiven) retries = uncounted = refusals = 0;
        isOrdered = false;
        if (delay > 0) wait(delay, state.error);
        else dial();
        isRedialled = transition === 'redial';
      });
    },
    close(code, reason, timeout) {
      const given = abandoned('client');
      const giveUp = (): void => arm(timeout, () => change('ended', () => end(given, true)));
      // Asked again, with less time.
      if (status === 'closing' && clock.now() + timeout < dueAt) giveUp();
      change('close', () => {
        if (status !== 'closing') return end(given, true);
        owner.released('halted', given, false);
        giveUp();
        changed();
        try {
          attempt?.native?.close(code, reason);
        } catch {
          // Some stand-ins throw; then it ends when the time is over.
        }
      });
    },
    fail,
    woke,
    check: () => attempt?.check(),
  };
}
