import type { Timer } from '../platform/clock.js';
import type { Platform } from '../platform/platform.js';
import type { NativeSocket } from '../platform/websocket.js';
import { ABNORMAL, type CloseCause, type ConnectionClose } from './close-codes.js';
import { Emitter } from './emitter.js';
import { isClosed, SocketError } from './errors.js';
import type { LineEvents } from './events.js';
import { Heartbeat, type HeartbeatHost } from './heartbeat.js';
import { establish, type Link, type LinkOwner } from './link.js';
import { type Status, type Transition, transitions } from './machine.js';
import type { Settings } from './options.js';
import { Receiver } from './receiver.js';
import { RetryPolicy } from './retry-policy.js';
import { isFunction } from './rules.js';
import { type CloseInfo, initialSnapshot, type Snapshot } from './snapshot.js';
import { Outbox } from './outbox.js';
import { Waiters } from './waiters.js';

/** How a connection ended that holdline itself gave up. */
const ABANDONED = { code: ABNORMAL, reason: '', wasClean: false } as const;

/** Errors after which the next attempt could only fail in the same way. */
const FINAL: readonly unknown[] = ['url', 'insecure', 'options', 'rejected'];

/** Runs the machine, on one native socket at a time. This is where it reconnects. */
export class Connection<In, Out> implements LinkOwner<In, Out>, HeartbeatHost {
  snapshot: Snapshot = initialSnapshot;
  latency: number | undefined;
  readonly emitter: Emitter<LineEvents<Out>>;
  readonly outbox: Outbox<Out>;
  readonly receiver: Receiver<In, Out>;
  /** Those who wait for the line to open. */
  readonly opening = new Waiters();
  /** Those who wait for the socket to be closed. */
  readonly closing = new Waiters();

  #status: Status = 'idle';
  /** The timer of the present state; leaving the state cancels it. */
  #timer: Timer;
  #link: Link | undefined;
  #openedAt = 0;
  #connects = 0;
  #lastClose: CloseInfo | undefined;
  /** How the connection really ended, while the application is asked what to do about it. */
  #verdict: ConnectionClose | undefined;
  #closeBy = 0;
  #unobserve: (() => void) | undefined;
  readonly #settings: Settings<In, Out>;
  readonly #platform: Platform;
  readonly #policy: RetryPolicy;
  readonly #heartbeat: Heartbeat | undefined;

  constructor(settings: Settings<In, Out>, platform: Platform) {
    const { url, protocols, heartbeat, reconnect, signal } = settings;
    const hasProvider = isFunction(url) || isFunction(protocols);
    const emitter = new Emitter<LineEvents<Out>>((error) => platform.report(error));
    this.#settings = settings;
    this.#platform = platform;
    this.emitter = emitter;
    this.outbox = new Outbox(settings, platform.clock, emitter);
    this.#policy = new RetryPolicy(reconnect, hasProvider, platform, emitter);
    this.#heartbeat = heartbeat && new Heartbeat(heartbeat, platform.clock, this);
    this.receiver = new Receiver(settings, emitter, this.#heartbeat);
    if (signal) this.#observe(signal);
  }

  get native(): NativeSocket | undefined {
    return this.#link?.native;
  }

  get bufferedAmount(): number {
    return this.native?.bufferedAmount ?? 0;
  }

  get bytesLeft(): number {
    return this.outbox.bytesLeft;
  }

  get url(): string {
    return this.#link?.url ?? '';
  }

  /** Connects, or with `redial` connects anew; see the two methods of `Socket`. */
  connect(transition: 'connect' | 'redial', reason = ''): void {
    const { WebSocket = this.#platform.webSocket(), signal } = this.#settings;
    if (!WebSocket)
      throw new SocketError('unsupported', 'no WebSocket here; pass one as an option');
    if (signal?.aborted) throw new SocketError('aborted', 'the signal is aborted');
    const cause = transition === 'connect' ? 'client' : 'reconnect';
    this.#change(transition, () => {
      this.#abandon({ ...ABANDONED, reason, cause }, true);
      this.#policy.retries = 0;
      this.outbox.isSealed = false;
      this.closing.settle();
      this.#dial();
    });
  }

  /** Ends it, with a close handshake of at most `timeout` milliseconds if the line is open. */
  close(code: number, reason: string, timeout: number): void {
    const close = { ...ABANDONED, cause: 'client' } as const;
    const { clock } = this.#platform;
    const closeBy = clock.now() + timeout;
    const isHastened = this.#status === 'closing' && closeBy < this.#closeBy;
    if (isHastened) {
      clock.cancel(this.#timer);
      this.#closeBy = closeBy;
      this.#arm(timeout, () => this.gone(close));
    }
    this.#change('close', () => {
      if (this.#status !== 'closing') return this.#end(close);
      this.outbox.abandonWaits();
      this.#silence(false);
      this.outbox.isSealed = true;
      this.native?.close(code, reason);
      this.#closeBy = closeBy;
      this.#arm(timeout, () => this.gone(close));
      this.#changed();
    });
  }

  /** Takes the transition, if the present state has it. */
  #change(transition: Transition, change: () => void): void {
    const next = transitions[this.#status][transition];
    if (!next) return;
    this.#platform.clock.cancel(this.#timer);
    this.#status = next;
    this.emitter.batch(change);
  }

  #arm(delay: number, action: () => void): void {
    this.#timer = this.#platform.clock.after(delay, action);
  }

  /** Being in `connecting`: one attempt, from the providers to the end of the handshake. */
  #dial = (): void => {
    const { connectTimeout, signal } = this.#settings;
    this.#arm(connectTimeout, () => {
      this.failed('timeout', new SocketError('timeout', `not open after ${connectTimeout} ms`));
    });
    this.#observe(signal);
    this.#link = establish(
      this,
      this.#settings,
      this.#platform,
      this.#policy.retries,
      this.#lastClose,
    );
    this.#changed(this.snapshot.error);
  };

  /** Entering `open`. */
  opened(native: NativeSocket, leftover: readonly In[]): void {
    this.#change('opened', () => {
      this.#connects++;
      this.#openedAt = this.#platform.clock.now();
      this.outbox.attach(native);
      this.#heartbeat?.start();
      this.opening.settle();
      this.#changed();
      this.emitter.emit('open', this.snapshot);
    });
    for (const message of leftover) if (native === this.native) this.receiver.deliver(message);
    this.outbox.pump();
  }

  failed(cause: CloseCause, error: SocketError): void {
    this.#lose({ ...ABANDONED, cause }, error);
  }

  gone(close: ConnectionClose): void {
    if (this.#status !== 'closing') return this.#lose(close);
    this.#change('ended', () => this.#end({ ...close, cause: 'client' }));
  }

  #lose(close: ConnectionClose, error?: SocketError): void {
    const { clock } = this.#platform;
    const uptime = this.#status === 'open' ? clock.now() - this.#openedAt : -1;
    this.#change('lost', () => {
      // Without an error of ours it is the native socket that has closed.
      this.#silence(!error);
      if (error) this.emitter.emit('error', error);
      const isFinal = FINAL.includes(error?.code);
      this.#verdict = close;
      const delay = isFinal ? undefined : this.#policy.next(close, uptime);
      this.#verdict = undefined;
      // The policy asked the application, which may have closed the socket, or begun anew.
      if (this.#status !== 'waiting') {
        this.#policy.retries = 0;
        return;
      }
      if (delay === undefined) {
        const end = isFinal
          ? error
          : new SocketError('gave-up', `no retry after ${close.code}`, {
              cause: error,
            });
        return this.#change('refused', () => this.#end(close, end));
      }
      // Being in `waiting`, until the delay is over or something wakes us.
      this.#abandon(close, true);
      this.#arm(delay, () => this.#change('due', this.#dial));
      this.#changed(error, clock.now() + delay);
      this.emitter.emit('retry', {
        attempt: this.#policy.retries,
        delay,
        cause: close.cause,
      });
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
    if (!this.#link?.release(1000, close.reason)) return;
    this.#lastClose = Object.freeze({ ...(this.#verdict ?? close), willReconnect });
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
      attempt: this.#policy.retries,
      retryAt,
      lastClose: this.#lastClose,
      error,
      connects: this.#connects,
    });
    this.emitter.emit('status', this.snapshot);
  }

  /** Listens to the page, and to the application's signal, until the socket is closed. */
  #observe(signal: AbortSignal | undefined): void {
    if (this.#unobserve) return;
    const onAbort = (): void => this.close(1000, '', 0);
    const unwatch = this.#platform.lifecycle.watch(() => this.#wake());
    signal?.addEventListener('abort', onAbort);
    this.#unobserve = () => {
      unwatch();
      signal?.removeEventListener('abort', onAbort);
    };
  }

  /** The network, or the page, is back. */
  #wake(): void {
    if (this.#status === 'open') {
      this.overslept();
      this.#heartbeat?.probe();
    }
    this.#change('wake', this.#dial);
  }

  ping(): boolean {
    try {
      this.outbox.ping(this.#settings.heartbeat?.message() as Out);
      return true;
    } catch (cause) {
      this.emitter.emit(
        'error',
        new SocketError('callback', 'heartbeat.message failed', { cause }),
      );
      return false;
    }
  }

  answered(latency: number): void {
    this.latency = latency;
    this.emitter.emit('latency', latency);
  }

  overslept(): void {
    this.#policy.wokeAt = this.#platform.clock.now();
  }

  silent(): void {
    this.failed('heartbeat', new SocketError('heartbeat', 'a ping was not answered'));
  }
}
