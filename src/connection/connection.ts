import { SocketError } from '../base/errors.js';
import type { Delivery } from '../events/delivery.js';
import { createAlarm } from '../platform/clock.js';
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
import { isServerLeaving } from './close-codes.js';
import { type Status, type Transition, transitions } from './machine.js';
import type { Connection, ConnectionOwner, ConnectionSettings } from './contract.js';
import { isFinalError, nextDelay } from './retry-policy.js';
import { type ConnectionState, initialState } from './state.js';
import { createTrackRecord } from './track-record.js';
import { createWakeUps } from './wake-ups.js';

/** How long after a wake-up a loss is still put down to it, in milliseconds. */
const WAKE_GRACE = 5_000;
/** How long a page that is leaving makes no attempt, in milliseconds; then it has stayed. */
const LEAVE_GRACE = 3_000;

export function createConnection(
  settings: ConnectionSettings,
  platform: Platform,
  { batch, later }: Delivery,
  owner: ConnectionOwner,
): Connection {
  const { clock, random } = platform;
  const { lifecycle = platform.lifecycle } = settings;
  const record = createTrackRecord(clock, settings.reconnect.minUptime);
  const worthOf = createWakeUps(clock);
  let status: Status = 'idle';
  let state: ConnectionState = Object.freeze({ ...initialState, since: clock.now() });
  /** The timer of the present status; leaving the status cancels it. */
  const alarm = createAlarm(clock);
  let attempt: Attempt | undefined;
  let url = '';
  let protocols: string[] = [];
  let connects = 0;
  let wokeAt = -Infinity;
  let leftAt = -Infinity;
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
    alarm.cancel();
    status = next;
    batch(action);
  }

  function arm(delay: number, action: () => void): void {
    // While there is something to wait for, the page is watched.
    unwatch ??= lifecycle.watch(noticed);
    alarm.set(delay, action);
  }

  function changed(error?: SocketError): void {
    const since = status === state.status ? state.since : clock.now();
    const retryAt = status === 'waiting' ? alarm.dueAt : undefined;
    const counts = { attempt: record.retries, connects };
    state = Object.freeze({ status, since, ...counts, retryAt, lastClose, error });
    owner.changed(state);
  }

  /**
   * Being in `connecting`: one attempt, from the providers to the gate.
   *
   * @param isRedialled - the application has asked for it, in place of another
   * @param known - asks no provider, but takes what the last one gave
   */
  function dial(isRedialled = false, known?: Pick<AttemptSettings, 'url' | 'protocols'>): void {
    const { connectTimeout } = settings;
    // Woken while the application was still asked what to do about the last one.
    if (verdict) abandon(verdict, true);
    arm(connectTimeout, () => {
      fail('timeout', new SocketError('timeout', `not open after ${connectTimeout} ms`));
    });
    record.begin(isRedialled);
    const about = { attempt: record.retries, lastClose };
    attempt = startAttempt({ ...settings, ...known }, platform, about, attemptOwner);
    changed(state.error);
  }

  /** Being in `waiting`, until the delay is over or something wakes us. */
  function wait(delay: number, error: SocketError | undefined, isRedialled = false): void {
    arm(delay, () => change('due', () => dial(isRedialled)));
    changed(error);
  }

  /** Entering `open`. */
  function opened(native: NativeSocket): void {
    change('opened', () => {
      connects++;
      record.open();
      owner.attached(native);
      changed();
    });
    owner.opened(native);
  }

  function fail(cause: CloseCause, error: SocketError, code?: number): void {
    lose(abandoned(cause, '', code), error);
  }

  function gone(close: ConnectionClose): void {
    if (status !== 'closing' && status !== 'idle') return lose(close);
    change('ended', () => {
      if (close.wasClean) owner.released('finished', close, false);
      end({ ...close, cause: 'client' }, true);
    });
  }

  const attemptOwner: AttemptOwner = {
    gate: owner.gate,
    received: owner.received,
    made(native, ...address) {
      [url, protocols] = address;
      owner.made?.(native, url);
    },
    opened,
    failed: fail,
    erred: (event) => owner.erred?.(event),
    gone,
  };

  function lose(close: ConnectionClose, error?: SocketError): void {
    if (!transitions[status].lost) return;
    const lost = attempt;
    owner.losing?.();
    if (attempt !== lost) return;
    change('lost', () => {
      if (error) owner.failed(error);
      const now = clock.now();
      const hasJustWoken = now - wokeAt < WAKE_GRACE;
      // Without an error of ours it is the native socket that has closed.
      owner.released(error ? 'abandoned' : 'died', close, hasJustWoken || !lifecycle.isOnline());
      verdict = close;
      const isFinal = isFinalError(error, close.cause);
      const loss = {
        lastClose: close,
        ...record.lose(close.code),
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
      const next = record.retry();
      isOrdered = isServerLeaving(close.code);
      abandon(close, true);
      const delay = Math.max(chosen, leftAt + LEAVE_GRACE - now);
      wait(delay, error);
      owner.waiting({ attempt: next, delay, cause: close.cause });
    });
  }

  /** Being in `closed`, or in `idle` again: nothing is awaited or kept alive any more. */
  function end(close: ConnectionClose, isWanted: boolean, error?: SocketError): void {
    const hadSocket = !!attempt?.native;
    abandon(close, false);
    unwatch?.();
    unwatch = undefined;
    if (isWanted) record.end(hadSocket);
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
    const canBegin = status === 'connecting' || (status === 'waiting' && !isOrdered);
    const worth = worthOf(event, canBegin);
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
    if (isAnew || status === 'waiting') record.wake(isAnew);
    if (status === 'waiting') change('wake', () => dial());
    else if (isAnew && isStalled) {
      change('wake', () => {
        abandon(abandoned('network'), true);
        dial(false, { url, protocols });
      });
    }
  }

  /** Firefox closes the connections of a page that goes; a new one would be of no use. */
  function leave(): void {
    leftAt = clock.now();
    const isSoon = status === 'waiting' && alarm.dueAt - leftAt < LEAVE_GRACE;
    if (isSoon) batch(() => wait(LEAVE_GRACE, state.error));
  }

  function woke(): void {
    wokeAt = clock.now();
  }

  /** Connects, or connects anew; in a moment, where the last attempt was of no use just now. */
  function begin(transition: 'connect' | 'redial', reason?: string): void {
    // Before it has begun, another attempt would be the same one, and its close event might ask for a third.
    if (!transitions[status][transition] || attempt?.isFresh) return;
    const isRedialled = transition === 'redial';
    const stays = status === 'idle' ? 0 : leftAt + LEAVE_GRACE - clock.now();
    const delay = Math.max(record.wish(status), stays);
    // It waits already, and no longer than that.
    if (delay > 0 && status === 'waiting' && alarm.dueAt - clock.now() <= delay) return;
    change(delay > 0 ? 'hold' : transition, () => {
      abandon(abandoned(isRedialled ? 'reconnect' : 'client', reason), true);
      isOrdered = false;
      if (delay > 0) wait(delay, state.error, isRedialled);
      else dial(isRedialled);
    });
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
      begin(transition, reason);
    },
    move: () => begin('redial'),
    close(code, reason, timeout, transition = 'close') {
      const isOpen = status === 'open';
      const given = abandoned('client');
      const giveUp = (): void => arm(timeout, () => change('ended', () => end(given, true)));
      // Asked again, with less time.
      if (status === 'closing' && clock.now() + timeout < alarm.dueAt) giveUp();
      change(transition, () => {
        if (!isOpen) return end(given, true);
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
