import { sizeOf } from '../outbox/payload.js';
import { pageLocation } from '../platform/location.js';
import { CLOSED, CONNECTING, type Frame, OPEN } from '../platform/websocket.js';
import { closeEvent, messageEvent } from '../websocket/events.js';
import {
  closeArguments,
  needsOne,
  payloadFor,
  protocolsFor,
  textOf,
  textsOf,
  urlFor,
} from '../websocket/idl.js';
import { shapeLikeThePlatforms } from '../websocket/interface.js';
import type { ClientEnd, Close, Dial, Line } from './line.js';

const CLOSING = 2;

/**
 * The WHATWG `WebSocket` whose network is a fake server.
 *
 * @see https://websockets.spec.whatwg.org/#the-websocket-interface
 */
class FakeWebSocket extends EventTarget {
  readonly #url: string;
  readonly #line: Line;
  #readyState: 0 | 1 | 2 | 3 = CONNECTING;
  #protocol = '';
  #binaryType: BinaryType = 'blob';
  #bufferedAmount = 0;

  constructor(dial: Dial, url: unknown, protocols: unknown) {
    super();
    this.#url = urlFor(textOf(url), pageLocation());
    const names = protocolsFor(textsOf(protocols));
    this.#line = dial(this.#url, names, this.#end());
  }

  /** What the network has in hand. */
  #end(): ClientEnd {
    const readyState = () => this.#readyState;
    return {
      get readyState() {
        return readyState();
      },
      opened: (protocol) => {
        if (this.#readyState !== CONNECTING) return;
        this.#readyState = OPEN;
        this.#protocol = protocol;
        this.dispatchEvent(new Event('open'));
      },
      left: (bytes) => void (this.#bufferedAmount -= bytes),
      arrived: (frame) => {
        if (this.#readyState === OPEN) this.#receive(frame);
      },
      ended: (close, hasFailed) => this.#finish(close, hasFailed),
    };
  }

  #receive(frame: Frame): void {
    const isBlob = this.#binaryType === 'blob' && typeof frame !== 'string';
    const data = isBlob ? new Blob([frame]) : frame;
    this.dispatchEvent(messageEvent(data, new URL(this.#url).origin));
  }

  #finish(close: Close, hasFailed: boolean): void {
    if (this.#readyState === CLOSED) return;
    this.#readyState = CLOSED;
    if (hasFailed) this.dispatchEvent(new Event('error'));
    this.dispatchEvent(closeEvent(close));
  }

  get url(): string {
    return this.#url;
  }

  get readyState(): 0 | 1 | 2 | 3 {
    return this.#readyState;
  }

  get bufferedAmount(): number {
    return this.#bufferedAmount;
  }

  get extensions(): string {
    return '';
  }

  get protocol(): string {
    return this.#protocol;
  }

  get binaryType(): BinaryType {
    return this.#binaryType;
  }

  set binaryType(value: BinaryType) {
    const given = textOf(value);
    if (given === 'blob' || given === 'arraybuffer') this.#binaryType = given;
  }

  send(data: unknown): void {
    needsOne(arguments.length);
    const payload = payloadFor(data);
    if (this.#readyState === CONNECTING) {
      throw new DOMException('not yet open', 'InvalidStateError');
    }
    this.#bufferedAmount += sizeOf(payload);
    if (this.#readyState === OPEN) this.#line.send(payload);
  }

  close(...[code, reason]: unknown[]): void {
    const given = closeArguments(code, reason);
    if (this.#readyState >= CLOSING) return;
    const wasOpen = this.#readyState === OPEN;
    this.#readyState = CLOSING;
    if (wasOpen) this.#line.close(given.code, given.reason);
    else this.#line.abandon();
  }
}

shapeLikeThePlatforms(FakeWebSocket);

/** The class for one server: what it makes is connected to that. */
export function webSocketOf(dial: Dial): typeof WebSocket {
  class WebSocket extends FakeWebSocket {
    constructor(url: unknown, protocols: unknown = []) {
      needsOne(arguments.length);
      super(dial, url, protocols);
    }
  }
  return WebSocket as unknown as typeof globalThis.WebSocket;
}
