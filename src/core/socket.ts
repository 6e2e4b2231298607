import type { Clock } from '../platform/clock.js';
import { type Platform, systemPlatform } from '../platform/platform.js';
import { resolveUrl, type UrlSource } from './address.js';
import { type CloseOptions, settleClose } from './close-options.js';
import { Connection } from './connection.js';
import { closing, type Closing } from './dispose.js';
import type { Listeners, ListenOptions } from './emitter.js';
import { isClosed } from './errors.js';
import type { LineEvents, SocketEvents } from './events.js';
import type { Status } from './machine.js';
import { type Settings, settle, type SocketOptions } from './options.js';
import type { SendOptions } from './send-options.js';
import { initialSnapshot, type Snapshot } from './snapshot.js';
import type { Queued, Socket } from './socket-interface.js';
import { refuse } from './rules.js';
import type { WaitOptions } from './waiters.js';
import type { SendResult } from './outbox.js';

/**
 * Opens a WebSocket that holds the line: it reconnects, keeps alive, queues, encodes and decodes.
 *
 * @typeParam In - the messages that arrive
 * @typeParam Out - the messages that are sent
 * @param url - as for `new WebSocket()`: also relative, also `http(s):`; or a function that is asked
 * for it at every attempt
 * @throws {@link SocketError} `options`, `url` or `insecure`, at once
 */
export function createSocket<In = unknown, Out = In>(
  url: UrlSource,
  options: SocketOptions<In, Out> = {},
): Socket<In, Out> {
  return createSocketOn(systemPlatform, url, options);
}

/** {@link createSocket} in a world of one's own. */
export function createSocketOn<In = unknown, Out = In>(
  platform: Platform,
  url: UrlSource,
  options: SocketOptions<In, Out>,
): Socket<In, Out> {
  const settings = settle(url, options);
  const willConnect = settings.autoConnect && !!(settings.WebSocket ?? platform.webSocket());
  if (typeof url !== 'function') {
    const { base, isSecure } = platform.location();
    // Where nothing is connected (a server that renders), a relative URL is as good as any.
    resolveUrl(url, {
      base: base ?? (willConnect ? undefined : 'http://localhost'),
      isSecure,
    });
  }
  const socket = new ClosingLineSocket(platform, settings) as Socket<In, Out>;
  if (settings.signal?.aborted) void socket.close();
  else if (willConnect) socket.connect();
  return socket;
}

const LINE_EVENTS = ['open', 'status', 'close', 'retry', 'drop', 'latency', 'error'];

/** The public face of the parts. */
class LineSocket<In, Out> implements Omit<Socket<In, Out>, keyof Closing> {
  readonly #connection: Connection<In, Out>;
  readonly #clock: Clock;
  /** While a `close({ flush: true })` is flushing: calls that off. */
  #stopFlushing: (() => void) | undefined;

  constructor(platform: Platform, settings: Settings<In, Out>) {
    this.#connection = new Connection(settings, platform);
    this.#clock = platform.clock;
  }

  send(message: Out, options?: SendOptions): SendResult {
    return this.#connection.outbox.send(message, options);
  }

  drained(options?: WaitOptions): Promise<void> {
    return this.#connection.outbox.drained(options);
  }

  on<Event extends keyof SocketEvents<In, Out>>(
    event: Event,
    listener: (payload: SocketEvents<In, Out>[Event]) => void,
    options?: ListenOptions,
  ): () => void {
    const { emitter, receiver } = this.#connection;
    const name = event as string;
    const [prefix, type] = name.split(/:(.*)/s);
    if (prefix !== 'message' && !LINE_EVENTS.includes(name)) refuse('event', name);
    const list =
      prefix === 'message' ? receiver.of(type) : emitter.of(event as keyof LineEvents<Out>);
    return (list as unknown as Listeners<unknown>).add(
      listener as (payload: unknown) => void,
      options,
    );
  }

  connect(): void {
    this.#callOffFlush();
    this.#connection.connect('connect');
  }

  reconnect(reason?: string): void {
    settleClose({ reason });
    this.#callOffFlush();
    this.#connection.connect('redial', reason);
  }

  close(options?: CloseOptions): Promise<void> {
    const { code, reason, flush, timeout } = settleClose(options);
    const { closing } = this.#connection;
    const closed = closing.wait();
    const close = (): void => this.#connection.close(code, reason, timeout);
    this.#stopFlushing?.();
    if (this.status === 'closed') closing.settle();
    else if (flush && this.status !== 'idle') this.#flushThen(close, timeout);
    else close();
    return closed;
  }

  ready(options?: WaitOptions): Promise<void> {
    const { opening, snapshot } = this.#connection;
    const ready = opening.wait(options);
    if (snapshot.status === 'open') opening.settle();
    if (snapshot.status === 'closed') opening.settle(isClosed(snapshot.error));
    return ready;
  }

  get status(): Status {
    return this.#connection.snapshot.status;
  }

  get queued(): Queued {
    const { messages, bytes } = this.#connection.outbox.queue;
    return { messages, bytes };
  }

  get latency(): number | undefined {
    return this.#connection.latency;
  }

  get url(): string {
    return this.#connection.link?.url ?? '';
  }

  get protocol(): string {
    return this.#connection.link?.native?.protocol ?? '';
  }

  get bufferedAmount(): number {
    return this.#connection.link?.native?.bufferedAmount ?? 0;
  }

  readonly subscribe = (listener: () => void): (() => void) => this.on('status', listener);

  readonly getSnapshot = (): Snapshot => this.#connection.snapshot;

  readonly getServerSnapshot = (): Snapshot => initialSnapshot;

  /** A later call has the last word; who waits for the end of the flush waits for nothing. */
  #callOffFlush(): void {
    if (!this.#stopFlushing) return;
    this.#stopFlushing();
    this.#connection.outbox.isSealed = false;
    this.#connection.closing.settle();
  }

  #flushThen(close: () => void, timeout: number): void {
    const { outbox } = this.#connection;
    const stop = (): void => {
      this.#clock.cancel(timer);
      this.#stopFlushing = undefined;
    };
    const done = (): void => {
      if (this.#stopFlushing !== stop) return;
      stop();
      close();
    };
    const timer = this.#clock.after(timeout, done);
    this.#stopFlushing = stop;
    outbox.isSealed = true;
    outbox.drained().then(done, done);
  }
}

const ClosingLineSocket = /* @__PURE__ */ closing(LineSocket);
