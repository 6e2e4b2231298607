import { callback, isFunction, number, oneOf, rule, section } from '../base/rules.js';

/** How to tell a dead connection from a quiet one. */
export interface HeartbeatOptions<In, Out> {
  /**
   * How long nothing must have arrived, or been sent, before a ping is sent, in milliseconds. Until the server
   * has answered one, pings go out at this distance whatever arrives, the first a second after opening.
   *
   * @defaultValue 30_000
   */
  readonly interval?: number | undefined;
  /** How long the server has to answer, in milliseconds. @defaultValue 10_000 */
  readonly timeout?: number | undefined;
  /**
   * Makes the ping. `false` where the server is who pings: then a line on which nothing was heard for `interval`
   * and `timeout` together is dead.
   *
   * @defaultValue `{"type":"ping"}`, or what the codec says (`text()`: `ping`)
   */
  readonly message?: (() => Out) | false | undefined;
  /**
   * Tells the answer to a ping; while one is out, listeners do not see it.
   *
   * @defaultValue a `type` of `pong`, or what the codec says (`text()`: `pong`)
   */
  readonly isReply?: ((message: In) => boolean) | undefined;
  /**
   * What a ping of the server's gets for an answer: it is sent past the queue, also during a handshake, and
   * listeners do not see the ping. `true` is a ping that needs none; of `undefined`, it was no ping.
   */
  readonly answer?: ((message: In) => NoInfer<Out> | true | undefined) | undefined;
  /**
   * Whether silence kills. `'auto'`: as soon as the server has once answered in time, until two connections
   * in a row were given up without an answer.
   *
   * @defaultValue 'auto'
   */
  readonly expectReply?: boolean | 'auto' | undefined;
}

/** @throws {@link SocketError} `options` */
export const settleHeartbeat = /* @__PURE__ */ section(() => ({
  interval: number(30_000),
  timeout: number(10_000),
  message: rule<(() => never) | false>((value) => value === false || isFunction(value)),
  isReply: callback,
  answer: callback,
  expectReply: oneOf('auto', true, false),
}));
