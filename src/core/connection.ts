import type { Timer } from '../platform/clock.js';
import type { Platform } from '../platform/platform.js';
import type { NativeSocket } from '../platform/websocket.js';
import type { UrlSource } from './address.js';
import { type CloseCause, CloseCode, type ConnectionClose } from './close-codes.js';
import type { Emitter } from './emitter.js';
import { closedError, SocketError } from './errors.js';
import type { LineEvents } from './events.js';
import { guarded } from './guarded.js';
import { Heartbeat, type HeartbeatHost } from './heartbeat.js';
import { Link, type LinkOwner } from './link.js';
import { type Status, type Transition, transitions } from './machine.js';
import type { Settings } from './options.js';
import { encode } from './payload.js';
import { Receiver } from './receiver.js';
import { RetryPolicy } from './retry-policy.js';
import { type CloseInfo, initialSnapshot, type Snapshot } from './snapshot.js';
import type { Transmitter } from './transmitter.js';
import { Waiters } from './waiters.js';

/** How a connection ended that holdline itself gave up. */
const ABANDONED = { code: CloseCode.AbnormalClosure, reason: '', wasClean: false } as const;

/** Errors after which the next attempt could only fail in the same way. */
const FINAL: readonly string[] = ['url', 'insecure', 'options', 'rejected'];

/** Runs the machine, on one native socket at a time. This is where it reconnects. */
export class Connection<In, Out> implements LinkOwner<In>, HeartbeatHost {
  snapshot: Snapshot = initialSnapshot;
  latency: number | undefined;
  readonly receiver: Receiver<In, Out>;
  readonly opening = new Waiters();
  readonly closing = new Waiters();

  #status: Status = 'idle';
  /** The timer of the present state; leaving the state cancels it. */
  #timer: Timer;
  #link: Link<In, Out> | undefined;
  #openedAt = 0;
  #connects = 0;
  #lastClose: CloseInfo | undefined;
  #unobserve: (() => void) | undefined;

  readonly #source: UrlSource;
  readonly #settings: Settings<In, Out>;
  readonly #platform: Platform;
  readonly #emitter: Emitter<LineEvents<Out>>;
  readonly #transmitter: Transmitter<Out>;
  readonly #policy: RetryPolicy;
  readonly #heartbeat: Heartbeat | undefined;

  constructor(
    source: UrlSource,
    settings: Settings<In, Out>,
    platform: Platform,
    emitter: Emitter<LineEvents<Out>>,
    transmitter: Transmitter<Out>,
  ) {
    const { heartbeat, protocols, reconnect, signal } = settings;
    const hasProvider = typeof source === 'function' || typeof protocols === 'function';
    this.#source = source;
    this.#settings = settings;
    this.#platform = platform;
    this.#emitter = emitter;
    this.#transmitter = transmitter;
    this.#policy = new RetryPolicy(reconnect, hasProvider, platform, emitter);
    this.#heartbeat = heartbeat && new Heartbeat(heartbeat, platform.clock, this);
    this.receiver = new Receiver(settings, emitter, this.#heartbeat);
    if (signal) this.#observe();
  }

  get native(): NativeSocket | undefined {
    return this.#link?.native;
  }

  get url(): string {
    return this.#link?.url ?? '';
  }

  /** Makes sure that there is a connection, or one on its way. */
  connect(): void {
    this.#startOver('connect', 'client', '');
  }

  /** Makes a new connection, whatever there is now. */
  redial(reason: string): void {
    this.#startOver('redial', 'reconnect', reason);
  }

  /** Ends it, with a close handshake of at most `timeout` milliseconds if the line is open. */
  close(code: number, reason: string, timeout: number): void {
    this.#emitter.batch(() => {
      const from = this.#status;
      if (!this.#move('close')) return;
      if (from === 'open') {
        this.#heartbeat?.stop();
        this.#transmitter.seal();
        this.#transmitter.detach(false);
        this.native?.close(code, reason);
        this.#arm(timeout, () => this.#ended({ ...ABANDONED, cause: 'client' }));
        this.#changed(undefined);
      } else {
        this.#release(false);
        if (from === 'connecting') this.#reportClose({ ...ABANDONED, cause: 'client' }, false);
        this.#finish(undefined);
      }
    });
  }

  #startOver(transition: Transition, cause: CloseCause, reason: string): void {
    const WebSocket = this.#settings.WebSocket ?? this.#platform.webSocket();
    if (!WebSocket) {
      throw new SocketError('unsupported', 'there is no WebSocket here; pass one as an option');
    }
    if (this.#settings.signal?.aborted) throw new SocketError('aborted', 'the signal was aborted');
    this.#emitter.batch(() => {
      const hadConnection = ['connecting', 'open', 'closing'].includes(this.#status);
      if (!this.#move(transition)) return;
      this.#release(false, CloseCode.NormalClosure, reason);
      if (hadConnection) this.#reportClose({ ...ABANDONED, reason, cause }, true);
      this.#policy.retries = 0;
      this.closing.resolve();
      this.#dial();
    });
  }

  /** Takes the transition, if the present state has it. */
  #move(transition: Transition): boolean {
    const next = transitions[this.#status][transition];
    if (!next) return false;
    this.#platform.clock.cancel(this.#timer);
    this.#timer = undefined;
    this.#status = next;
    return true;
  }

  #arm(delay: number, action: () => void): void {
    this.#timer = this.#platform.clock.after(delay, action);
  }

  /** Entering `connecting`: one attempt, from the providers to the end of the handshake. */
  #dial(): void {
    const { connectTimeout } = this.#settings;
    this.#arm(connectTimeout, () => {
      this.failed('timeout', new SocketError('timeout', `not open after ${connectTimeout} ms`));
    });
    this.#observe();
    this.#transmitter.unseal();
    this.#changed(this.snapshot.error);
    this.#link = new Link({
      source: this.#source,
      settings: this.#settings,
      platform: this.#platform,
      receiver: this.receiver,
      owner: this,
    });
    void this.#link.establish({ attempt: this.#policy.retries, lastClose: this.#lastClose });
  }

  /** Entering `open`. */
  opened(native: NativeSocket, leftover: readonly In[]): void {
    this.#emitter.batch(() => {
      this.#move('opened');
      this.#connects += 1;
      this.#openedAt = this.#platform.clock.now();
      this.#transmitter.attach(native);
      this.#heartbeat?.start();
      this.opening.resolve();
      this.#changed(undefined);
      this.#emitter.emit('open', this.snapshot);
    });
    for (const message of leftover) if (native === this.native) this.receiver.deliver(message);
    this.#transmitter.pump();
  }

  failed(cause: CloseCause, error: SocketError): void {
    this.#lose({ ...ABANDONED, cause }, error, false);
  }

  gone(close: ConnectionClose): void {
    if (this.#status === 'closing') this.#ended({ ...close, cause: 'client' });
    else this.#lose(close, undefined, true);
  }

  #lose(close: ConnectionClose, error: SocketError | undefined, hasDied: boolean): void {
    this.#emitter.batch(() => {
      if (this.#status === 'open') {
        this.#policy.survived(this.#platform.clock.now() - this.#openedAt);
      }
      this.#move('lost');
      this.#release(hasDied);
      if (error) this.#emitter.emit('error', error);
      const isFinal = error !== undefined && FINAL.includes(error.code);
      const willRetry = !isFinal && this.#policy.shouldRetry(close);
      const delay = willRetry ? this.#policy.nextDelay(close) : 0;
      // The policy asked the application, which may have closed the socket, or begun anew.
      const isOvertaken = this.#status !== 'waiting';
      this.#reportClose(close, isOvertaken ? this.#status !== 'closed' : willRetry);
      if (isOvertaken) return;
      if (willRetry) {
        this.#wait(delay, close.cause, error);
      } else {
        this.#move('refused');
        this.#finish(isFinal ? error : gaveUp(close, error));
      }
    });
  }

  /** Being in `waiting`, until the delay is over or something wakes us. */
  #wait(delay: number, cause: CloseCause, error: SocketError | undefined): void {
    this.#arm(delay, () => this.#redialOn('due'));
    this.#changed(error, this.#platform.clock.now() + delay);
    this.#emitter.emit('retry', { attempt: this.#policy.retries, delay, cause });
  }

  #redialOn(transition: 'due' | 'wake'): void {
    this.#emitter.batch(() => {
      if (this.#move(transition)) this.#dial();
    });
  }

  /** The close handshake is over, or has taken too long. */
  #ended(close: ConnectionClose): void {
    this.#emitter.batch(() => {
      this.#move('ended');
      this.#release(false);
      this.#reportClose(close, false);
      this.#finish(undefined);
    });
  }

  /** Being in `closed`: nothing is queued, awaited or kept alive any more. */
  #finish(error: SocketError | undefined): void {
    this.#unobserve?.();
    this.#unobserve = undefined;
    this.#transmitter.finish();
    this.opening.reject(closedError(error));
    this.closing.resolve();
    this.#changed(error);
  }

  #release(hasDied: boolean, code?: number, reason?: string): void {
    this.#heartbeat?.stop();
    this.#transmitter.detach(hasDied);
    this.#link?.release(code, reason);
  }

  #reportClose(close: ConnectionClose, willReconnect: boolean): void {
    this.#lastClose = Object.freeze({ ...close, willReconnect });
    this.#emitter.emit('close', this.#lastClose);
  }

  #changed(error: SocketError | undefined, retryAt?: number): void {
    this.snapshot = Object.freeze({
      status: this.#status,
      attempt: this.#policy.retries,
      retryAt,
      lastClose: this.#lastClose,
      error,
      connects: this.#connects,
    });
    this.#emitter.emit('status', this.snapshot);
  }

  /** Listens to the page, and to the application's signal, until the socket is closed. */
  #observe(): void {
    if (this.#unobserve) return;
    const { signal } = this.#settings;
    const onAbort = (): void => this.close(CloseCode.NormalClosure, '', 0);
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
      this.#policy.woke();
      this.#heartbeat?.probe();
    } else {
      this.#redialOn('wake');
    }
  }

  ping(): boolean {
    const { heartbeat, codec } = this.#settings;
    const send = (): boolean => {
      this.#transmitter.ping(encode(codec, heartbeat?.message() as Out));
      return true;
    };
    return guarded(this.#emitter, 'heartbeat.message', send, false);
  }

  buffered(): number {
    return this.native?.bufferedAmount ?? 0;
  }

  overslept(): void {
    this.#policy.woke();
  }

  dead(): void {
    this.failed('heartbeat', new SocketError('heartbeat', 'the server did not answer a ping'));
  }

  answered(latency: number): void {
    this.latency = latency;
    this.#emitter.emit('latency', latency);
  }
}

function gaveUp({ code }: ConnectionClose, cause: SocketError | undefined): SocketError {
  return new SocketError('gave-up', `not connecting again after close code ${code}`, { cause });
}
