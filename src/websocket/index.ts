export { ReconnectingWebSocket, type ProtocolsSource } from './reconnecting-websocket.js';
export type {
  PredecessorOptions,
  RawHeartbeatOptions,
  ReconnectingWebSocketOptions,
} from './options.js';
export type { DropEvent, LineErrorEvent, OwnEvents, UnknownEvent } from './own-events.js';
export type { ReconnectOptions, DelayContext } from '../connection/reconnect-options.js';
export type { QueueOptions, Overflow } from '../outbox/queue-options.js';
export type { HeartbeatOptions } from '../heartbeat/heartbeat-options.js';
export type { AddressSource, ConnectContext, UrlSource } from '../connection/address.js';
export type { CloseCause, CloseInfo, ConnectionClose } from '../connection/close.js';
export type { DropReason } from '../outbox/send-options.js';
export type { Lifecycle, LifecycleEvent } from '../platform/lifecycle.js';
export type { Frame, NativeSocket, Payload, WebSocketConstructor } from '../platform/websocket.js';
export { SocketError, type SocketErrorCode } from '../base/errors.js';
