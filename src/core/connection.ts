import type { Timer } from '../platform/clock.js';
import type { Platform } from '../platform/platform.js';
import type { NativeSocket } from '../platform/websocket.js';
import { ABNORMAL, type CloseCause, type ConnectionClose } from './close-codes.js';
import { Emitter } from './emitter.js';
import { isClosed, SocketError } from './errors.js';
import type { LineEvents } from './events.js';
import { Heartbeat } from './heartbeat.js';
import type { Line } from './line.js';
import { Link } from './link.js';
import { type Status, type Transition, transitions } from './machine.js';
import type { Settings } from './options.js';
import { Outbox } from './outbox.js';
import { Receiver } from './receiver.js';
import { nextDelay } from './retry-policy.js';
import { type CloseInfo, initialSnapshot, type Snapshot } from './snapshot.js';
import { Waiters } from './waiters.js';

/** How a connection ended that holdline itself gave up. */
const abandoned = (cause: CloseCause, reason = ''): ConnectionClose => ({
  code: ABNORMAL,
  reason,
  wasClean: false,
  cause,
});

/** Errors after which the next attempt could only fail in the same way. */
const FINAL: readonly unknown[] = ['url', 'insecure', 'options', 'rejected'];

/** Runs the machine, on one native socket at a time. This is where it reconnects. */
export class Connection<In, Out> implements Line<In, Out> {
  snapshot: Snapshot = initialSnapshot;
  latency: number | undefined;
  wokeAt = -Infinity;
  readonly emitter: Emitter<LineEvents<Out>>;
  readonly outbox: Outbox<In, Out>;
  readonly receiver: Receiver<In, Out>;
  /** Those who wait for the line to open. */
  readonly opening = new Waiters();
  /** Those who wait for the socket to be closed. */
  readonly closing = new Waiters();
  readonly settings: Settings<In, Out>;
  readonly platform: Platform;
  /** The connection, or the attempt at one. */
  link: Link<In, Out> | undefined;

  #status: Status = 'idle';
  /** The timer of the present state; leaving the state cancels it. */
  #timer: Timer;
  #openedAt = Infinity;
  /** In `closing`: until when at the latest. */
  #closeBy = 0;
  /** How many retries in a row there have been. */
  #retries = 0;
  #connects = 0;
  #lastClose: CloseInfo | undefined;
  /** How the connection really ended, while the application is asked what to do about it. */
  #verdict: ConnectionClose | undefined;
  #unobserve: (() => void) | undefined;
  readonly #heartbeat: Heartbeat<In, Out> | undefined;

  constructor(settings: Settings<In, Out>, platform: Platform) {
    const { heartbeat, signal } = settings;
    this.settings = settings;
    this.platform = platform;
    this.emitter = new Emitter(platform.report);
    this.outbox = new Outbox(this);
    this.#heartbeat = heartbeat && new Heartbeat(heartbeat, this);
    this.receiver = new Receiver(this, this.#heartbeat);
    if (signal) this.#observe();
  }

  /** Connects, or with `redial` connects anew; see the two methods of `Socket`. */
  connect(transition: 'connect' | 'redial', reason?: string): void {
    const { WebSocket = this.platform.webSocket(), signal } = this.settings;
    if (!WebSocket) throw new SocketError('unsupported', 'there is no WebSocket here');
    if (signal?.aborted) throw new SocketError('aborted', 'the signal is aborted');
    this.#change(transition, () => {
      this.#abandon(abandoned(transition === 'connect' ? 'client' : 'reconnect', reason), true);
      this.#retries = 0;
      this.outbox.isSealed = false;
      this.closing.settle();
      this.#dial();
    });
  }

  /** Ends it, with a close handshake of at most `timeout` milliseconds if the line is open. */
  close(code: number, reason: string, timeout: number): void {
    const close = abandoned('client');
    const { clock } = this.platform;
    const closeBy = clock.now() + timeout;
    const wait = (): void => {
      this.#closeBy = closeBy;
      this.#arm(timeout, () => this.gone(close));
    };
    if (this.#status === 'closing' && closeBy < this.#closeBy) {
      clock.cancel(this.#timer);
      wait();
    }
    this.#change('close', () => {
      if (this.#status !== 'closing') return this.#end(close);
      this.outbox.seal();
      this.#silence(false);
      wait();
      this.#changed();
      this.link?.native?.close(code, reason);
    });
  }

  /** The only way from one state to another; what happens in the wrong state is ignored. */
  #change(transition: Transition, change: () => void): void {
    const next = transitions[this.#status][transition];
    if (!next) return;
    this.platform.clock.cancel(this.#timer);
    this.#status = next;
    this.emitter.batch(change);
  }

  #arm(delay: number, action: () => void): void {
    this.#timer = this.platform.clock.after(delay, action);
  }

  /** Being in `connecting`: one attempt, from the providers to the end of the handshake. */
  #dial(): void {
    const { connectTimeout } = this.settings;
    this.#arm(connectTimeout, () => {
      this.failed('timeout', new SocketError('timeout', `not open after ${connectTimeout} ms`));
    });
    this.#observe();
    this.#openedAt = Infinity;
    this.link = new Link(this, this.#retries, this.#lastClose);
    this.#changed(this.snapshot.error);
  }

  /** Entering `open`. */
  opened(native: NativeSocket, leftover: readonly In[]): void {
    this.#change('opened', () => {
      this.#connects++;
      this.#openedAt = this.platform.clock.now();
      this.outbox.attach(native);
      this.#heartbeat?.start();
      this.opening.settle();
      this.#changed();
      this.emitter.emit('open', this.snapshot);
    });
    for (const message of leftover) {
      if (this.link?.native === native) this.receiver.deliver(message);
    }
    this.outbox.pump();
  }

  failed(cause: CloseCause, error: SocketError): void {
    this.#lose(abandoned(cause), error);
  }

  gone(close: ConnectionClose): void {
    if (this.#status !== 'closing') return this.#lose(close);
    this.#change('ended', () => this.#end({ ...close, cause: 'client' }));
  }

  #lose(close: ConnectionClose, error?: SocketError): void {
    const { clock } = this.platform;
    this.#change('lost', () => {
      if (error) this.emitter.emit('error', error);
      // Without an error of ours it is the native socket that has closed.
      this.#silence(!error);
      if (clock.now() - this.#openedAt >= this.settings.reconnect.minUptime) this.#retries = 0;
      this.#verdict = close;
      const isFinal = FINAL.includes(error?.code);
      const delay = isFinal ? undefined : nextDelay(this, this.#retries, close);
      // That asked the application, which may have closed the socket, or begun anew.
      if (this.#status !== 'waiting') return;
      if (delay === undefined) {
        const end = new SocketError('gave-up', `no retry after ${close.code}`, { cause: error });
        return this.#change('refused', () => this.#end(close, isFinal ? error : end));
      }
      // Being in `waiting`, until the delay is over or something wakes us.
      const attempt = ++this.#retries;
      this.#abandon(close, true);
      this.#arm(delay, () => this.#change('due', () => this.#dial()));
      this.#changed(error, clock.now() + delay);
      this.emitter.emit('retry', { attempt, delay, cause: close.cause });
    });
  }

  /** Being in `closed`: nothing is queued, awaited or kept alive any more. */
  #end(close: ConnectionClose, error?: SocketError): void {
    this.#abandon(close, false);
    this.#unobserve?.();
    this.#unobserve = undefined;
    this.outbox.finish();
    this.opening.settle(isClosed(error));
    this.closing.settle();
    this.#changed(error);
  }

  /** Lets go of the connection, or the attempt at one, and says so; if there is one. */
  #abandon(close: ConnectionClose, willReconnect: boolean): void {
    this.#silence(false);
    if (!this.link?.release(close.reason)) return;
    this.#lastClose = Object.freeze({ ...(this.#verdict ?? close), willReconnect });
    this.#verdict = undefined;
    this.emitter.emit('close', this.#lastClose);
  }

  /** Nothing goes out any more. */
  #silence(hasDied: boolean): void {
    this.#heartbeat?.stop();
    this.outbox.detach(hasDied);
  }

  #changed(error?: SocketError, retryAt?: number): void {
    this.snapshot = Object.freeze({
      status: this.#status,
      attempt: this.#retries,
      retryAt,
      lastClose: this.#lastClose,
      error,
      connects: this.#connects,
    });
    this.emitter.emit('status', this.snapshot);
  }

  /** Listens to the page, and to the application's signal, until the socket is closed. */
  #observe(): void {
    if (this.#unobserve) return;
    const { signal } = this.settings;
    const onAbort = (): void => this.close(1000, '', 0);
    const unwatch = this.platform.lifecycle.watch(() => this.#wake());
    signal?.addEventListener('abort', onAbort);
    this.#unobserve = () => {
      unwatch();
      signal?.removeEventListener('abort', onAbort);
    };
  }

  /** The network, or the page, is back. */
  #wake(): void {
    if (this.#status === 'open') this.wokeAt = this.platform.clock.now();
    this.#heartbeat?.probe();
    this.#change('wake', () => this.#dial());
  }
}
