import type { Platform } from '../platform/platform.js';
import type { NativeSocket } from '../platform/websocket.js';
import type { CloseCause, ConnectionClose } from './close-codes.js';
import type { Emitter } from './emitter.js';
import type { SocketError } from './errors.js';
import type { LineEvents } from './events.js';
import type { Settings } from './options.js';
import type { Outbox } from './outbox.js';
import type { Receiver } from './receiver.js';

/** What the parts of one socket share, and whom they tell. */
export interface Line<In, Out> {
  readonly settings: Settings<In, Out>;
  readonly platform: Platform;
  readonly emitter: Emitter<LineEvents<Out>>;
  readonly outbox: Outbox<In, Out>;
  readonly receiver: Receiver<In, Out>;
  /** When the page, the network or the machine was last back. */
  wokeAt: number;
  /** The last ping's round trip, in milliseconds. */
  latency: number | undefined;
  /** The line is open, and the handshake is done, which did not take the `leftover`. */
  opened(native: NativeSocket, leftover: readonly In[]): void;
  /** It did not come to that, or the server is silent. */
  failed(cause: CloseCause, error: SocketError): void;
  /** The native socket has closed. */
  gone(close: ConnectionClose): void;
}
