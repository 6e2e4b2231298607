import type { ListenOptions } from '../events/listeners.js';
import type { LineEvents, TypedMessageEvents } from './events.js';
import type { MessageType } from './message-type.js';
import type { Socket } from './socket-interface.js';

/** The events of a {@link MessageSource}, and what their listeners get. */
export type SourceEvents<In, Type extends string = MessageType<In>> = LineEvents<unknown> &
  TypedMessageEvents<In, Type>;

/** `on`, of what has these events. To have more of them is to have these. */
export interface AddListener<out Events> {
  <Event extends keyof Events>(
    event: Event,
    listener: (payload: Events[Event]) => void,
    options?: ListenOptions,
  ): () => void;
}

/**
 * A socket on which, among others, these messages arrive: what a component asks for that listens to some of them
 * only. It has all of a {@link Socket} that other messages do not change: not `send`, and not the event `message`.
 *
 * A `Socket<Chat | Price, Out>` is a `MessageSource<Price>`, whatever `Out` is; and every socket is a
 * `MessageSource<never>`.
 *
 * @typeParam In - the messages that it must bring
 * @typeParam Type - their types; to be given where a message has several literals that could be one
 */
export interface MessageSource<In, Type extends string = MessageType<In>> extends Omit<
  Socket<unknown, never>,
  'on' | 'send'
> {
  /**
   * Calls `listener` at every `event`. One that throws is reported with the global `reportError`.
   *
   * @returns a function that removes the listener
   * @throws {@link SocketError} `options`
   */
  readonly on: AddListener<SourceEvents<In, Type>>;
}
