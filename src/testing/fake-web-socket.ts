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
 * The WHATWG `WebSocket`, for one server: what it makes is connected to that. A class of its own for each, so that it
 * inherits from nothing but the `EventTarget` that there is when the server is made.
 *
 * @see https://websockets.spec.whatwg.org/#the-websocket-interface
 */
export function webSocketOf(dial: Dial): typeof globalThis.WebSocket {
  class WebSocket extends EventTarget {
    readonly #url: string;
    readonly #line: Line;
    #readyState: 0 | 1 | 2 | 3 = CONNECTING;
    #protocol = '';
    readonly #extensions = '';
    #binaryType: BinaryType = 'blob';
    #bufferedAmount = 0;

    constructor(url: unknown, protocols: unknown = []) {
      super();
      needsOne(arguments.length);
      const text = textOf(url);
      const names = textsOf(protocols);
      this.#url = urlFor(text, pageLocation());
      this.#line = dial(this.#url, protocolsFor(names), this.#end());
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
      return this.#extensions;
    }

    get protocol(): string {
      return this.#protocol;
    }

    get binaryType(): BinaryType {
      return this.#binaryType;
    }

    set binaryType(value: BinaryType) {
      const before = this.#binaryType;
      const given = textOf(value);
      this.#binaryType = given === 'blob' || given === 'arraybuffer' ? given : before;
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
      const line = this.#line;
      const given = closeArguments(code, reason);
      const before = this.#readyState;
      if (before >= CLOSING) return;
      this.#readyState = CLOSING;
      if (before === OPEN) line.close(given.code, given.reason);
      else line.abandon();
    }
  }

  shapeLikeThePlatforms(WebSocket);
  return WebSocket as unknown as typeof globalThis.WebSocket;
}
