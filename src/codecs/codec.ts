import type { Frame, Payload } from '../platform/websocket.js';

/** Turns messages into what goes over the line and back. */
export interface Codec<In, Out> {
  /**
   * Throws when `message` cannot be encoded; nothing is sent then. An array is one message in several frames:
   * they wait, are counted, sent, dropped and given back together.
   */
  encode(message: Out): Payload | readonly Payload[];
  /** Throws when `data` cannot be decoded; that is an `error` event, and the connection lives on. */
  decode(data: Frame): In;
  /**
   * How a ping and its answer look in this encoding; `false` means that there is no natural ping, so
   * that there is no heartbeat unless the `heartbeat` option brings a `message`.
   *
   * @defaultValue `{"type":"ping"}`, answered by anything whose `type` is `pong`
   */
  readonly heartbeat?: HeartbeatMessages<In, Out> | false | undefined;
}

/** The two messages of a heartbeat. */
export interface HeartbeatMessages<In, Out> {
  /** Makes the ping. */
  readonly message: () => Out;
  /** Tells the answer to a ping; messages for which it holds are not handed to listeners. */
  readonly isReply: (message: In) => boolean;
}

const typedHeartbeat: HeartbeatMessages<unknown, unknown> = {
  message: () => ({ type: 'ping' }),
  isReply: (message) => (message as { type?: unknown } | null | undefined)?.type === 'pong',
};

/** The heartbeat messages of `codec`, its own or the default ones. */
export function heartbeatOf<In, Out>(codec: Codec<In, Out>): HeartbeatMessages<In, Out> | false {
  return codec.heartbeat ?? (typedHeartbeat as HeartbeatMessages<In, Out>);
}
