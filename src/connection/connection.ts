import type { Timer } from '../platform/clock.js';
import type { NativeSocket } from '../platform/websocket.js';
import { attemptConnection, release } from './attempt.js';
import { ABNORMAL, type CloseCause, type ConnectionClose } from './close-codes.js';
import { batch, emit } from '../events/emitter.js';
import { SocketError } from '../base/errors.js';
import { attach } from '../outbox/flight.js';
import { beat, probe, startHeartbeat } from '../heartbeat/heartbeat.js';
import type { Happenings, Line } from '../socket/line.js';
import { type Status, type Transition, transitions } from './machine.js';
import { detach, pump } from '../outbox/outbox.js';
import { dropAll } from '../outbox/queue.js';
import { deliver } from '../socket/receiver.js';
import { nextDelay } from './retry-policy.js';
import type { CloseInfo, Snapshot } from '../socket/snapshot.js';
import { checkWaiters, onAbort } from '../events/waiters.js';

/** Where the machine stands. */
export interface ConnectionState {
  status: Status;
  snapshot: Snapshot;
  /** The timer of the present state, and when it is due; leaving the state cancels it. */
  timer: Timer;
  dueAt: number;
  openedAt: number;
  /** How many retries in a row there have been. */
  attempt: number;
  connects: number;
  lastClose: CloseInfo | undefined;
  /** How the connection really ended, while the application is asked what to do about it. */
  verdict: ConnectionClose | undefined;
  /** When the page, the network or the machine was last back. */
  wokeAt: number;
  /** While a `close({ flush: true })` is flushing: ends that, and then the line. */
  flush: (() => void) | undefined;
  flushTimer: Timer;
  unobserve: (() => void) | undefined;
}

/** How a connection ended that holdline itself gave up. */
const abandoned = (cause: CloseCause, reason = ''): ConnectionClose => ({
  code: ABNORMAL,
  reason,
  wasClean: false,
  cause,
});

/** Errors after which the next attempt could only fail in the same way. */
const FINAL: readonly unknown[] = ['url', 'insecure', 'options', 'rejected'];

/** Connects, or with `redial` connects anew; see the two methods of `Socket`. */
export function connect(line: Line, transition: 'connect' | 'redial', reason?: string): void {
  const { WebSocket = line.platform.webSocket(), signal } = line.settings;
  if (!WebSocket) throw new SocketError('unsupported', 'there is no WebSocket here');
  if (signal?.aborted) throw new SocketError('aborted', 'the signal is aborted');
  callOffFlush(line);
  line.isSealed = false;
  // Also where there is nothing else to do, somebody may wait for the end of a flush.
  checkWaiters(line);
  change(line, transition, () => {
    abandon(line, abandoned(transition === 'connect' ? 'client' : 'reconnect', reason), true);
    line.attempt = 0;
    dial(line);
  });
}

/** Ends it, with a close handshake of at most `timeout` milliseconds if the line is open. */
export function close(line: Line, code: number, reason: string, timeout: number): void {
  const given = abandoned('client');
  const wait = (): void => arm(line, timeout, () => gone(line, given));
  // Asked again, with less time.
  const isSooner = line.clock.now() + timeout < line.dueAt;
  if (line.status === 'closing' && isSooner) wait();
  change(line, 'close', () => {
    if (line.status !== 'closing') return end(line, given);
    line.isSealed = true;
    silence(line, false);
    wait();
    changed(line);
    line.native?.close(code, reason);
  });
}

/** A later call, or the end, has the last word; who waits for the end of the flush waits for nothing. */
export function callOffFlush(line: Line): void {
  line.clock.cancel(line.flushTimer);
  line.flush = undefined;
}

/** The only way from one state to another; what happens in the wrong state is ignored. */
function change(line: Line, transition: Transition, action: () => void): void {
  const next = transitions[line.status][transition];
  if (!next) return;
  disarm(line);
  line.status = next;
  batch(line, action);
}

function arm(line: Line, delay: number, action: () => void): void {
  disarm(line);
  line.dueAt = line.clock.now() + delay;
  line.timer = line.clock.after(delay, action);
}

function disarm(line: Line): void {
  line.clock.cancel(line.timer);
  line.timer = undefined;
}

/** Being in `connecting`: one attempt, from the providers to the end of the handshake. */
function dial(line: Line): void {
  const { connectTimeout } = line.settings;
  // Woken while the application was still asked what to do about the last one.
  if (line.verdict) abandon(line, line.verdict, true);
  arm(line, connectTimeout, () => {
    failed(line, 'timeout', new SocketError('timeout', `not open after ${connectTimeout} ms`));
  });
  observe(line);
  line.openedAt = Infinity;
  attemptConnection(line);
  changed(line, line.snapshot.error);
}

/** Entering `open`. */
function opened(line: Line, native: NativeSocket, leftover: readonly unknown[]): void {
  change(line, 'opened', () => {
    line.connects++;
    line.openedAt = line.clock.now();
    attach(line, native);
    startHeartbeat(line);
    changed(line);
    emit(line, 'open', line.snapshot);
  });
  for (const message of leftover) if (line.native === native) deliver(line, message);
  pump(line);
}

function failed(line: Line, cause: CloseCause, error: SocketError): void {
  lose(line, abandoned(cause), error);
}

function gone(line: Line, close: ConnectionClose): void {
  if (line.status !== 'closing') return lose(line, close);
  change(line, 'ended', () => end(line, { ...close, cause: 'client' }));
}

export const happenings: Happenings = { opened, failed, gone };

function lose(line: Line, close: ConnectionClose, error?: SocketError): void {
  change(line, 'lost', () => {
    const { clock } = line;
    if (error) emit(line, 'error', error);
    // Without an error of ours it is the native socket that has closed.
    silence(line, !error);
    if (clock.now() - line.openedAt >= line.settings.reconnect.minUptime) line.attempt = 0;
    line.verdict = close;
    const isFinal = FINAL.includes(error?.code);
    const delay = isFinal ? undefined : nextDelay(line, close);
    // That asked the application, which may have closed the socket, or begun anew.
    if (line.status !== 'waiting') return;
    if (delay === undefined) {
      const gaveUp = new SocketError('gave-up', `no retry after ${close.code}`, { cause: error });
      return change(line, 'refused', () => end(line, close, isFinal ? error : gaveUp));
    }
    // Being in `waiting`, until the delay is over or something wakes us.
    const attempt = ++line.attempt;
    abandon(line, close, true);
    arm(line, delay, () => change(line, 'due', () => dial(line)));
    changed(line, error);
    emit(line, 'retry', { attempt, delay, cause: close.cause });
  });
}

/** Being in `closed`: nothing is queued, awaited or kept alive any more. */
function end(line: Line, close: ConnectionClose, error?: SocketError): void {
  callOffFlush(line);
  abandon(line, close, false);
  line.unobserve?.();
  line.unobserve = undefined;
  dropAll(line);
  changed(line, error);
}

/** Lets go of the connection, or the attempt at one, and says so; if there is one. */
function abandon(line: Line, close: ConnectionClose, willReconnect: boolean): void {
  silence(line, false);
  if (!release(line, close.reason)) return;
  line.lastClose = Object.freeze({ ...(line.verdict ?? close), willReconnect });
  line.verdict = undefined;
  emit(line, 'close', line.lastClose);
}

/** Nothing goes out any more. */
function silence(line: Line, hasDied: boolean): void {
  beat(line, 'off');
  detach(line, hasDied);
}

function changed(line: Line, error?: SocketError): void {
  const { status, attempt, lastClose, connects } = line;
  const retryAt = status === 'waiting' ? line.dueAt : undefined;
  line.snapshot = Object.freeze({ status, attempt, retryAt, lastClose, error, connects });
  emit(line, 'status', line.snapshot);
}

/** Listens to the page, and to the application's signal, until the socket is closed. */
export function observe(line: Line): void {
  if (line.unobserve) return;
  const { platform, settings } = line;
  const unwatch = platform.lifecycle.watch(() => wake(line));
  const stop = onAbort(settings.signal, () => close(line, 1000, '', 0));
  line.unobserve = () => (unwatch(), stop());
}

/** The network, or the page, is back. */
function wake(line: Line): void {
  if (line.status === 'open') line.wokeAt = line.clock.now();
  probe(line);
  change(line, 'wake', () => dial(line));
}
