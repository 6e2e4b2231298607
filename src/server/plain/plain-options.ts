import { having, number, rule, section } from '../../base/rules.js';
import type { Codec } from '../../codecs/codec.js';
import { json } from '../../codecs/json.js';

/** Options of {@link createPlainServer}. */
export interface PlainServerOptions<In = unknown, Out = unknown> {
  /**
   * How large a message of a client's may be, in bytes; a larger one closes its connection with 1009. `ws` has a limit
   * of its own, `maxPayload` of a `WebSocketServer`: give it the same, so that nothing larger is even kept.
   *
   * @defaultValue 1048576
   */
  readonly maxPayload?: number | undefined;
  /**
   * How often it is looked who is still there, in milliseconds: who was not heard meanwhile gets a ping of the
   * WebSocket protocol, and is cut off when nothing has come by the next time. `Infinity`: never.
   *
   * @defaultValue 30000
   */
  readonly heartbeat?: number | undefined;
  /** When more bytes than that wait to be sent to a client, it is slow, and gets nothing more. @defaultValue 1048576 */
  readonly maxBuffered?: number | undefined;
  /**
   * How many messages a client may send in a second, pings included; so many may also come at once. More of them close
   * its connection with 4429.
   *
   * @defaultValue Infinity
   */
  readonly maxRate?: number | undefined;
  /** How many connections there may be; others are closed with 1013. @defaultValue 15000 */
  readonly capacity?: number | undefined;
  /** Turns messages into what goes over the line and back. @defaultValue `json()` */
  readonly codec?: Codec<In, Out> | undefined;
}

export interface PlainSettings {
  readonly maxPayload: number;
  readonly heartbeat: number;
  readonly maxBuffered: number;
  readonly maxRate: number;
  readonly capacity: number;
  readonly codec: Codec<unknown, unknown>;
}

/** @throws {@link SocketError} `options` */
export const settlePlain = /* @__PURE__ */ section<PlainSettings>(() => ({
  maxPayload: number(1_048_576),
  heartbeat: number(30_000),
  maxBuffered: number(1_048_576),
  maxRate: number(Infinity),
  capacity: number(15_000),
  codec: rule(having('encode', 'decode'), json()),
}));
