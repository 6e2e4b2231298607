import type { ConnectionClose } from '../connection/close.js';
import type { LineErrorEvent } from './own-events.js';

type CloseEventInit = Pick<ConnectionClose, 'code' | 'reason' | 'wasClean'>;

/** Where there is no such class (Node before 23), one that shows the same. */
class CloseEventStandIn extends Event {
  readonly #init: CloseEventInit;

  constructor(type: string, init: CloseEventInit) {
    super(type);
    this.#init = init;
  }

  get code(): number {
    return this.#init.code;
  }

  get reason(): string {
    return this.#init.reason;
  }

  get wasClean(): boolean {
    return this.#init.wasClean;
  }

  get [Symbol.toStringTag](): string {
    return 'CloseEvent';
  }
}

/** @see https://websockets.spec.whatwg.org/#the-closeevent-interface */
export function closeEvent({ code, reason, wasClean }: CloseEventInit): Event {
  const { CloseEvent = CloseEventStandIn } = globalThis as Partial<typeof globalThis>;
  return new CloseEvent('close', { code, reason, wasClean });
}

// Not every platform has one.
const { MessageEvent: PlatformMessageEvent = Event } = globalThis as {
  readonly MessageEvent?: unknown;
} as { readonly MessageEvent?: typeof Event };

/**
 * A message event that is half as dear to make as one with an init dictionary, which is what takes Chromium the time:
 * most of what a received message costs.
 */
class LineMessageEvent extends PlatformMessageEvent {
  readonly #data: unknown;
  readonly #origin: string;

  constructor(data: unknown, origin: string) {
    super('message');
    this.#data = data;
    this.#origin = origin;
  }

  get data(): unknown {
    return this.#data;
  }

  get origin(): string {
    return this.#origin;
  }
}
// It is one, for whoever makes another of its kind.
Object.defineProperty(LineMessageEvent.prototype, 'constructor', { value: PlatformMessageEvent });

export const messageEvent = (data: unknown, origin: string): Event =>
  new LineMessageEvent(data, origin);

/**
 * The platform's `error` event says nothing in browsers. Where holdline gave up, this one says why; and it says what an
 * engine tells, such as the `ws` package.
 *
 * @param source - an error, or the engine's event
 */
export function errorEvent(source: unknown): Event {
  const { error = source, message } = source as LineErrorEvent;
  const event = new Event('error');
  return typeof message === 'string' ? Object.assign(event, { error, message }) : event;
}
