import { SocketError } from '../base/errors.js';
import type { AddressSource, ConnectContext, UrlSource } from '../connection/address.js';
import type { Status } from '../connection/machine.js';
import { sizeOf } from '../outbox/payload.js';
import { type Platform, systemPlatform } from '../platform/platform.js';
import { OPEN, type Payload, type WebSocketConstructor } from '../platform/websocket.js';
import { closeEvent, errorEvent, messageEvent } from './events.js';
import {
  closeArguments,
  needsOne,
  payloadFor,
  protocolsFor,
  textOf,
  textsOf,
  urlFor,
} from './idl.js';
import { shapeLikeThePlatforms } from './interface.js';
import { createLine, type Line } from './line.js';
import { type ReconnectingWebSocketOptions, settle } from './options.js';
import type { LineErrorEvent, LineEventTarget } from './own-events.js';

/** Subprotocols, or a function asked for them at every attempt; `null` for none. */
export type ProtocolsSource = AddressSource<string | string[] | null | undefined> | null;

const READY_STATES: Readonly<Record<Status, 0 | 1 | 2 | 3>> = {
  idle: 3,
  connecting: 0,
  waiting: 0,
  open: OPEN,
  closing: 2,
  closed: 3,
};
const CONNECTING = 0;

/**
 * The WHATWG `WebSocket`, whose connection comes back: a drop-in for code and libraries that use the platform's class.
 * With `{ reconnect: false }` it is the platform's to the letter, one connection, and attempts that end.
 *
 * @see https://websockets.spec.whatwg.org/#the-websocket-interface
 */
export class ReconnectingWebSocket extends (EventTarget as LineEventTarget) implements WebSocket {
  declare static readonly CONNECTING: 0;
  declare static readonly OPEN: 1;
  declare static readonly CLOSING: 2;
  declare static readonly CLOSED: 3;
  declare readonly CONNECTING: 0;
  declare readonly OPEN: 1;
  declare readonly CLOSING: 2;
  declare readonly CLOSED: 3;
  declare onopen: WebSocket['onopen'];
  declare onerror: ((this: WebSocket, event: LineErrorEvent) => unknown) | null;
  declare onclose: WebSocket['onclose'];
  declare onmessage: WebSocket['onmessage'];
  readonly #line: Line;
  readonly #reconnects: boolean;
  /** As it was given, until there is a connection. */
  readonly #url: string;
  #binaryType: BinaryType = 'blob';
  /** How many bytes were sent when nothing could be sent any more. */
  #discarded = 0;

  /**
   * @param url - also relative, also `http(s):`; or a function that is asked for it at every attempt
   * @throws DOMException `SyntaxError` for a URL or a subprotocol that can never work
   * @throws {@link SocketError} `options`, or `unsupported` where there is no WebSocket
   */
  constructor(url: UrlSource, protocols?: ProtocolsSource, options?: ReconnectingWebSocketOptions);
  constructor(
    url: UrlSource,
    protocols: ProtocolsSource = [],
    options: ReconnectingWebSocketOptions = {},
    platform: Platform = systemPlatform,
  ) {
    super();
    needsOne(arguments.length);
    const settings = settle(options);
    this.#reconnects = settings.reconnects;
    // In native mode everything is a value, as the platform takes it.
    const urlProvider = settings.reconnects && typeof url === 'function' ? url : undefined;
    const namesProvider =
      settings.reconnects && typeof protocols === 'function' ? protocols : undefined;
    const text = urlProvider ? '' : textOf(url);
    const names =
      namesProvider || (settings.reconnects && protocols === null) ? [] : textsOf(protocols);
    this.#url = urlProvider ? '' : urlFor(text, platform.location());
    const checked = protocolsFor(names);
    const address = {
      url: urlProvider ?? this.#url,
      protocols: namesProvider
        ? async (context: ConnectContext) => (await namesProvider(context)) ?? []
        : checked,
    };
    checkIsAnother(settings.WebSocket ?? platform.webSocket());
    const fire = (event: Event): void => void this.dispatchEvent(event);
    this.#line = createLine(platform, address, settings, {
      opened: () => fire(new Event('open')),
      received: (frame) => {
        const isBlob = this.#binaryType === 'blob' && typeof frame !== 'string';
        const data = isBlob ? new Blob([frame]) : frame;
        fire(messageEvent(data, this.#line.origin));
      },
      closed: (close, error) => {
        if (error) fire(errorEvent(error));
        fire(closeEvent(close));
      },
      failed: (error) => fire(errorEvent(error)),
      dropped: (message, reason) => fire(new CustomEvent('drop', { detail: { message, reason } })),
      unknown: (message) => fire(new CustomEvent('unknown', { detail: { message } })),
    });
    if (!settings.startClosed) this.#line.connect();
  }

  /**
   * This class with its options fixed, for what makes sockets itself of a URL and subprotocols. Whatever else that
   * passes is not looked at; classes made of this one add their options to it.
   *
   * @throws {@link SocketError} `options`
   */
  static with(options: ReconnectingWebSocketOptions): typeof ReconnectingWebSocket {
    settle(options);
    class Fixed extends this {
      constructor(
        url: UrlSource,
        protocols: ProtocolsSource = [],
        more?: ReconnectingWebSocketOptions,
      ) {
        needsOne(arguments.length);
        super(url, protocols, new.target === Fixed ? options : { ...options, ...more });
      }
    }
    // Some print it.
    return Object.defineProperty(Fixed, 'name', { value: this.name });
  }

  /** As it was resolved; of a function's, what the latest attempt was made with. */
  get url(): string {
    return this.#line.url || this.#url;
  }

  /** CONNECTING also between two connections; CLOSED when none will follow. */
  get readyState(): 0 | 1 | 2 | 3 {
    const { isClosing, connection, native } = this.#line;
    if (isClosing) return 2;
    const { status } = connection;
    // The server may have begun to close it.
    return status === 'open' ? (native?.readyState as 1 | 2 | 3) : READY_STATES[status];
  }

  /** In bytes, what waits for the next connection included. */
  get bufferedAmount(): number {
    const { connection, outbox, native } = this.#line;
    // What a connection that was lost still held waits again.
    const current = connection.status === 'closed' ? native : connection.native;
    return outbox.bytes + this.#discarded + (current?.bufferedAmount ?? 0);
  }

  get extensions(): string {
    return (this.#line.native as { readonly extensions?: string } | undefined)?.extensions ?? '';
  }

  get protocol(): string {
    return this.#line.native?.protocol ?? '';
  }

  get binaryType(): BinaryType {
    return this.#binaryType;
  }

  set binaryType(value: BinaryType) {
    const before = this.#binaryType;
    const given = textOf(value);
    this.#binaryType = given === 'blob' || given === 'arraybuffer' ? given : before;
  }

  /** How many retries in a row there have been; 0 once it has been open for `minUptime`. */
  get retryCount(): number {
    return this.#line.retries;
  }

  /** Whether a connection that is lost is followed by another. */
  get shouldReconnect(): boolean {
    const { isClosing, connection } = this.#line;
    const { status } = connection;
    return this.#reconnects && !isClosing && status !== 'closed' && status !== 'idle';
  }

  /**
   * Sends, or lets it wait for the connection; after `close()` it does nothing but count, as the platform has it.
   *
   * @throws DOMException `InvalidStateError`, in native mode while it is connecting
   * @throws {@link SocketError} `queue-full`, where `overflow` is `'throw'`; `encode`, where the WebSocket refuses the data
   */
  send(data: Payload): void {
    const line = this.#line;
    needsOne(arguments.length);
    const payload = payloadFor(data);
    if (!this.#reconnects) {
      const state = this.readyState;
      if (state === CONNECTING) throw new DOMException('not yet open', 'InvalidStateError');
      if (state !== OPEN) return this.#discard(payload);
    } else if (line.isClosing || line.connection.status === 'closed') return this.#discard(payload);
    line.send(payload);
  }

  /**
   * @param code - 1000, or 3000–4999
   * @param reason - at most 123 bytes of UTF-8
   * @throws DOMException `InvalidAccessError`, `SyntaxError`
   */
  close(code?: number, reason?: string): void;
  close(...[code, reason]: unknown[]): void {
    this.#line.close(closeArguments(code, reason));
  }

  /**
   * Connects anew, at once if need be, also after `close()`.
   *
   * @param code - what the present connection is closed with
   * @throws DOMException `InvalidAccessError`, `SyntaxError`; `InvalidStateError` in native mode
   */
  reconnect(code?: number, reason?: string): void {
    const given = closeArguments(code, reason);
    if (!this.#reconnects) throw new DOMException('it does not reconnect', 'InvalidStateError');
    this.#discarded = 0;
    this.#line.reconnect(given);
  }

  #discard(payload: string | Uint8Array<ArrayBuffer> | Blob): void {
    this.#discarded += sizeOf(payload);
  }
}

shapeLikeThePlatforms(ReconnectingWebSocket);

/** Where it has taken the place of the global class, it would make itself for ever. */
function checkIsAnother(given: WebSocketConstructor | undefined): void {
  const isOurs = (given?.prototype as unknown) instanceof ReconnectingWebSocket;
  if (!isOurs && (given as unknown) !== ReconnectingWebSocket) return;
  throw new SocketError('options', 'options.WebSocket is this class: give it the one it replaces');
}
