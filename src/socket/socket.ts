import { type Platform, systemPlatform } from '../platform/platform.js';
import { resolveUrl, type UrlSource } from '../connection/address.js';
import { type CloseOptions, settleClose } from './close-options.js';
import { callOffFlush, close, connect, happenings, observe } from '../connection/connection.js';
import { listen, type ListenOptions } from '../events/emitter.js';
import { isClosed } from '../base/errors.js';
import { type Line, newLine } from './line.js';
import type { Status } from '../connection/machine.js';
import { type Settings, settle, type SocketOptions } from './options.js';
import { isDrained, pumpLater, send, type SendResult } from '../outbox/outbox.js';
import { refuse } from '../base/rules.js';
import type { SendOptions } from '../outbox/send-options.js';
import { initialSnapshot, type Snapshot } from './snapshot.js';
import type { Queued, Socket } from './socket-interface.js';
import { until, type WaitOptions } from '../events/waiters.js';

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
    resolveUrl(url, { base: base ?? (willConnect ? undefined : 'http://localhost'), isSecure });
  }
  const socket = new LineSocket(platform, settings) as unknown as Socket<In, Out>;
  if (settings.signal?.aborted) void socket.close();
  else if (willConnect) socket.connect();
  return socket;
}

const LINE_EVENTS: readonly unknown[] = [
  'open',
  'message',
  'status',
  'close',
  'retry',
  'drop',
  'latency',
  'error',
];

const getServerSnapshot = (): Snapshot => initialSnapshot;

/** The public face of a {@link Line}. */
class LineSocket {
  readonly #line: Line;

  constructor(platform: Platform, settings: Settings) {
    const line = newLine(settings, platform, happenings);
    this.#line = line;
    if (settings.signal) observe(line);
    for (const name of ['dispose', 'asyncDispose'] as const) {
      // Where the engine lacks the symbols, compilers fall back on registered ones.
      const symbol = (Symbol as Partial<SymbolConstructor>)[name] ?? Symbol.for(`Symbol.${name}`);
      // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on this again
      Object.assign(this, { [symbol]: this.close });
    }
  }

  send(message: unknown, options?: SendOptions): SendResult {
    return send(this.#line, message, options);
  }

  drained(options?: WaitOptions): Promise<void> {
    const line = this.#line;
    const drained = until(
      line,
      () => (line.isSealed && !line.flush ? isClosed() : isDrained(line)),
      options,
    );
    // Nobody else says when the buffer has emptied.
    if (!isDrained(line)) pumpLater(line);
    return drained;
  }

  on(event: unknown, listener: (payload: unknown) => void, options?: ListenOptions): () => void {
    const line = this.#line;
    const name = String(event);
    const [prefix, type] = name.split(/:(.*)/s);
    if (prefix === 'message' && type !== undefined) {
      // Without a prototype, or there would be types that nobody listens to.
      line.byType ??= Object.create(null) as NonNullable<typeof line.byType>;
      return listen(line.byType, type, listener, options);
    }
    if (!LINE_EVENTS.includes(event)) refuse('event', event);
    return listen(line.listeners, name, listener, options);
  }

  connect(): void {
    connect(this.#line, 'connect');
  }

  reconnect(reason?: string): void {
    settleClose({ reason });
    connect(this.#line, 'redial', reason);
  }

  close(options?: CloseOptions): Promise<void> {
    const line = this.#line;
    const { clock } = line;
    const { code, reason, flush, timeout } = settleClose(options);
    const end = (): void => {
      if (line.flush !== end) return;
      callOffFlush(line);
      close(line, code, reason, timeout);
    };
    callOffFlush(line);
    line.flush = end;
    if (flush && !/idle|clos/.test(line.status)) {
      line.isSealed = true;
      line.flushTimer = clock.after(timeout, end);
      this.drained().then(end, end);
    } else end();
    // It is over, too, when somebody connects again.
    return until(line, () => line.status === 'closed' || !line.isSealed);
  }

  ready(options?: WaitOptions): Promise<void> {
    const line = this.#line;
    return until(
      line,
      () => {
        const { status, snapshot } = line;
        return status === 'open' || (status === 'closed' && isClosed(snapshot.error));
      },
      options,
    );
  }

  get status(): Status {
    return this.#line.status;
  }

  get queued(): Queued {
    const { messages, bytes } = this.#line;
    return { messages, bytes };
  }

  get latency(): number | undefined {
    return this.#line.latency;
  }

  get url(): string {
    return this.#line.url;
  }

  get protocol(): string {
    return this.#line.native?.protocol ?? '';
  }

  get bufferedAmount(): number {
    return this.#line.native?.bufferedAmount ?? 0;
  }

  readonly subscribe = (listener: () => void): (() => void) => this.on('status', listener);

  readonly getSnapshot = (): Snapshot => this.#line.snapshot;

  readonly getServerSnapshot = getServerSnapshot;
}
