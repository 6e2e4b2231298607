import type { Codec } from '../codecs/codec.js';
import { type Platform, systemPlatform } from '../platform/platform.js';
import { resolveUrl, type UrlSource } from './address.js';
import { type CloseOptions, settleClose } from './close-options.js';
import { Connection } from './connection.js';
import { asyncDisposeSymbol, disposeSymbol } from './dispose.js';
import { Emitter, type Listeners, type ListenOptions } from './emitter.js';
import { closedError, SocketError } from './errors.js';
import type { LineEvents, SocketEvents } from './events.js';
import type { Status } from './machine.js';
import { type Settings, settle, type SocketOptions } from './options.js';
import { encode } from './payload.js';
import type { SendOptions } from './send-options.js';
import { initialSnapshot, type Snapshot } from './snapshot.js';
import type { Queued, Socket, WaitOptions } from './socket-interface.js';
import { type SendResult, Transmitter } from './transmitter.js';

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
  const settings = settle(options);
  const canConnect = !!(settings.WebSocket ?? platform.webSocket());
  if (typeof url !== 'function') {
    const page = platform.location();
    // Where nothing will ever be connected (a server that renders), a relative URL is as good as any.
    resolveUrl(url, canConnect ? page : { ...page, base: page.base ?? 'http://localhost' });
  }
  const socket = new LineSocket(platform, url, settings);
  if (settings.signal?.aborted) void socket.close();
  else if (settings.autoConnect && canConnect) socket.connect();
  return socket;
}

const LINE_EVENTS = ['open', 'status', 'close', 'retry', 'drop', 'latency', 'error'];

/** Wires the parts together. */
class LineSocket<In, Out> implements Socket<In, Out> {
  readonly #clock: Platform['clock'];
  readonly #codec: Codec<In, Out>;
  readonly #emitter: Emitter<LineEvents<Out>>;
  readonly #transmitter: Transmitter<Out>;
  readonly #connection: Connection<In, Out>;
  /** A `close({ flush: true })` that is still flushing. */
  #flush: AbortController | undefined;

  constructor(platform: Platform, url: UrlSource, settings: Settings<In, Out>) {
    const emitter = new Emitter<LineEvents<Out>>((error) => platform.report(error));
    this.#clock = platform.clock;
    this.#codec = settings.codec;
    this.#emitter = emitter;
    this.#transmitter = new Transmitter(settings.queue, platform.clock, (parcel, outcome) => {
      const { message, terms } = parcel;
      if (terms?.onOutcome) emitter.later(() => terms.onOutcome?.(outcome));
      if (outcome !== 'sent' && outcome !== 'queued') {
        emitter.emit('drop', { message, reason: outcome });
      }
    });
    this.#connection = new Connection(url, settings, platform, emitter, this.#transmitter);
  }

  send(message: Out, options?: SendOptions): SendResult {
    return this.#transmitter.send(message, encode(this.#codec, message), options);
  }

  drained({ signal }: WaitOptions = {}): Promise<void> {
    return this.#transmitter.whenDrained(signal);
  }

  on<Event extends keyof SocketEvents<In, Out>>(
    event: Event,
    listener: (payload: SocketEvents<In, Out>[Event]) => void,
    options?: ListenOptions,
  ): () => void {
    return this.#listenersOf(String(event)).add(listener as (payload: unknown) => void, options);
  }

  connect(): void {
    this.#stopFlushing();
    this.#connection.connect();
  }

  reconnect(reason = ''): void {
    const settled = settleClose({ reason });
    this.#stopFlushing();
    this.#connection.redial(settled.reason);
  }

  close(options: CloseOptions = {}): Promise<void> {
    const { code, reason, flush, timeout } = settleClose(options);
    if (this.status === 'closed') return Promise.resolve();
    const closed = this.#connection.closing.wait();
    const close = (): void => this.#connection.close(code, reason, timeout);
    this.#stopFlushing();
    if (flush && this.status !== 'idle') this.#flushThen(close, timeout);
    else close();
    return closed;
  }

  ready({ signal }: WaitOptions = {}): Promise<void> {
    const { status, error } = this.getSnapshot();
    if (status === 'open') return Promise.resolve();
    if (status === 'closed') return Promise.reject(closedError(error));
    return this.#connection.opening.wait(signal);
  }

  get status(): Status {
    return this.#connection.snapshot.status;
  }

  get queued(): Queued {
    const { messages, bytes } = this.#transmitter.outbox;
    return { messages, bytes };
  }

  get latency(): number | undefined {
    return this.#connection.latency;
  }

  get url(): string {
    return this.#connection.url;
  }

  get protocol(): string {
    return this.#connection.native?.protocol ?? '';
  }

  get bufferedAmount(): number {
    return this.#connection.buffered();
  }

  readonly subscribe = (listener: () => void): (() => void) => this.on('status', listener);

  readonly getSnapshot = (): Snapshot => this.#connection.snapshot;

  readonly getServerSnapshot = (): Snapshot => initialSnapshot;

  [disposeSymbol](): void {
    void this.close();
  }

  [asyncDisposeSymbol](): Promise<void> {
    return this.close();
  }

  #listenersOf(event: string): Pick<Listeners<unknown>, 'add'> {
    const { receiver } = this.#connection;
    if (event === 'message') return receiver.messages;
    if (event.startsWith('message:')) return receiver.ofType(event.slice('message:'.length));
    if (LINE_EVENTS.includes(event)) return this.#emitter.of(event as keyof LineEvents<Out>);
    throw new SocketError('options', `there is no event ${JSON.stringify(event)}`);
  }

  #flushThen(close: () => void, timeout: number): void {
    const flush = new AbortController();
    this.#flush = flush;
    this.#transmitter.seal();
    const timer = this.#clock.after(timeout, () => flush.abort());
    const done = (): void => {
      this.#clock.cancel(timer);
      if (this.#flush === flush) close();
    };
    this.#transmitter.whenDrained(flush.signal).then(done, done);
  }

  #stopFlushing(): void {
    const flush = this.#flush;
    this.#flush = undefined;
    flush?.abort();
    if (flush) this.#transmitter.unseal();
  }
}
