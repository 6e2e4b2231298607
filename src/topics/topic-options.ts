import {
  abortSignal,
  callback,
  isFunction,
  refuse,
  rule,
  type Rule,
  section,
} from '../base/rules.js';

/**
 * What a server is told of topics, and how its messages are read.
 *
 * @typeParam Out - the messages that are sent
 * @typeParam Ending - those of them that unsubscribe
 */
export interface TopicsOptions<In, Out, Ending = Out> {
  /**
   * Makes the message that subscribes to a topic; `undefined` where the server needs none.
   *
   * @param cursor - what {@link TopicsOptions.cursorOf} read last of this topic: the server goes on behind it
   */
  readonly subscribe: (topic: string, cursor: unknown) => Out | undefined;
  /** Makes the message that ends that; `undefined` where the server needs none. */
  readonly unsubscribe: (topic: string) => Ending | undefined;
  /** Reads which topic a message is of; anything but a text is none. */
  readonly topicOf: (message: In) => unknown;
  /**
   * Reads where in its topic a message is: a number, an id. `undefined` or `null` leaves the cursor where it was.
   *
   * @defaultValue there is none: after each reconnect messages may be missing
   */
  readonly cursorOf?: ((message: In) => unknown) | undefined;
}

const required: Rule<never> = (value, name) =>
  isFunction(value) ? (value as never) : refuse(name, value);

/** @throws `SocketError` `options` */
export const settleTopics = /* @__PURE__ */ section(() => ({
  subscribe: required,
  unsubscribe: required,
  topicOf: required,
  cursorOf: callback,
}));

/** How long a listener to a topic stays, and what else it wants to know. */
export interface TopicListenOptions {
  /** Removes the listener when aborted. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Called when messages of the topic may be missing: the server was asked for it later than you began to listen, or on
   * another connection, and could not be told a cursor. Fetch the state, and apply what arrives from now on.
   */
  readonly onGap?: (() => void) | undefined;
}

/** @throws `SocketError` `options` */
export const settleTopicListen = /* @__PURE__ */ section(() => ({
  signal: abortSignal,
  onGap: rule<(() => void) | undefined>(isFunction),
}));
