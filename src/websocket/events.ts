import type { ConnectionClose } from '../connection/close.js';
import type { LineErrorEvent } from './own-events.js';

type CloseEventInit = Pick<ConnectionClose, 'code' | 'reason' | 'wasClean'>;

/** Where there is no such class (Node before 23), one that shows the same. */
class CloseEventStandIn extends Event {
  static override readonly name = 'CloseEvent';
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

/** @see https://websockets.spec.whatwg.org/#feedback-from-the-protocol */
export const messageEvent = (data: unknown, origin: string): Event =>
  new MessageEvent('message', { data, origin });

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
