import type { SocketError } from '../base/errors.js';
import type { ConnectionClose } from '../connection/close.js';

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

/**
 * A message event that is half as dear to make as one with an init dictionary, which is what takes Chromium the time:
 * most of what a received message costs.
 */
class LineMessageEvent extends MessageEvent<unknown> {
  readonly #data: unknown;
  readonly #origin: string;

  constructor(data: unknown, origin: string) {
    super('message');
    this.#data = data;
    this.#origin = origin;
  }

  override get data(): unknown {
    return this.#data;
  }

  override get origin(): string {
    return this.#origin;
  }
}
// It is one, for whoever makes another of its kind.
Object.defineProperty(LineMessageEvent.prototype, 'constructor', { value: MessageEvent });

export const messageEvent = (data: unknown, origin: string): Event =>
  new LineMessageEvent(data, origin);

/** The platform's `error` event says nothing; where holdline has something to say, this one does. */
export function errorEvent(error?: SocketError): Event {
  const event = new Event('error');
  return error ? Object.assign(event, { error, message: error.message }) : event;
}
