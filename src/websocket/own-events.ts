import type { DropReason } from '../outbox/send-options.js';

/** What a `drop` event tells: a message that will never be sent. */
export type DropEvent = CustomEvent<{ readonly message: unknown; readonly reason: DropReason }>;

/** What an `unknown` event tells: a message that may have arrived, or not; it is not sent again. */
export type UnknownEvent = CustomEvent<{ readonly message: unknown }>;

/** What the drop-in class fires beside the platform's events. */
export interface OwnEvents {
  drop: DropEvent;
  unknown: UnknownEvent;
}

/** Listening to {@link OwnEvents}. */
interface OwnEventTarget {
  addEventListener<Type extends keyof OwnEvents>(
    type: Type,
    listener: (event: OwnEvents[Type]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<Type extends keyof OwnEvents>(
    type: Type,
    listener: (event: OwnEvents[Type]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
}

/** An `EventTarget` whose events have their types: the platform's, and ours. */
export type LineEventTarget = new () => OwnEventTarget &
  Pick<WebSocket, 'addEventListener' | 'removeEventListener' | 'dispatchEvent'>;
