import type { DropReason } from '../outbox/send-options.js';

/** What a `drop` event tells: a message that will never be sent. */
export type DropEvent = CustomEvent<{ readonly message: unknown; readonly reason: DropReason }>;

/** What an `unknown` event tells: a message that may have arrived, or not; it is not sent again. */
export type UnknownEvent = CustomEvent<{ readonly message: unknown }>;

/** The platform's `error` event, and what went wrong, where that is known: holdline's own verdict, or the engine's. */
export interface LineErrorEvent extends Event {
  readonly error?: unknown;
  readonly message?: string;
}

/** What the drop-in class fires beside the platform's events, or with more in it. */
export interface OwnEvents {
  error: LineErrorEvent;
  drop: DropEvent;
  unknown: UnknownEvent;
}

/** Listening to {@link OwnEvents}. */
interface OwnEventTarget {
  addEventListener<Type extends keyof OwnEvents>(
    type: Type,
    listener: ((event: OwnEvents[Type]) => unknown) | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<Type extends keyof OwnEvents>(
    type: Type,
    listener: ((event: OwnEvents[Type]) => unknown) | null,
    options?: boolean | EventListenerOptions,
  ): void;
}

/** An `EventTarget` whose events have their types: the platform's, and ours. */
export type LineEventTarget = new () => OwnEventTarget &
  Pick<WebSocket, 'addEventListener' | 'removeEventListener' | 'dispatchEvent'>;
