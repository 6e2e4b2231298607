export { createSocket } from './socket/create-socket.js';
export type { Queued, Socket } from './socket/socket-interface.js';
export type { WaitOptions } from './events/waiters.js';
export type { CloseOptions, FailOptions } from './socket/close-options.js';
export type { DelayContext, ReconnectOptions } from './connection/reconnect-options.js';
export type { HeartbeatOptions } from './heartbeat/heartbeat-options.js';
export type { Pace } from './heartbeat/pace.js';
export type { Overflow, QueueOptions } from './outbox/queue-options.js';
export type { SocketOptions } from './socket/options.js';
export type { DropReason, Outcome, SendOptions } from './outbox/send-options.js';
export type { SendResult } from './outbox/contract.js';
export type { AddressSource, ConnectContext, UrlSource } from './connection/address.js';
export type { Handshake, HandshakeLink } from './socket/handshake.js';
export type { ListenOptions } from './events/listeners.js';
export type {
  Drop,
  LineEvents,
  MessageEvents,
  SocketEvents,
  TypedMessageEvents,
  Unknown,
} from './socket/events.js';
export type { GoAway, ResetReason, Session, SessionInfo } from './session/contract.js';
export type { AddListener, MessageSource, SourceEvents } from './socket/message-source.js';
export type { MessageOf, MessageType } from './socket/message-type.js';
export type { Retry } from './connection/state.js';
export type { CloseInfo } from './connection/close.js';
export type { Snapshot } from './socket/snapshot.js';
export type { Status } from './connection/machine.js';
export { type CloseCause, type ConnectionClose } from './connection/close.js';
export { CloseCode } from './connection/close-codes.js';
export { SocketError, type SocketErrorCode } from './base/errors.js';

export type { Codec, HeartbeatMessages } from './codecs/codec.js';
export { json } from './codecs/json.js';
export { text } from './codecs/text.js';
export { binary } from './codecs/binary.js';
export { type SchemaResult, type StandardSchema, validated } from './codecs/validated.js';

export { request, type RequestByIdOptions, type RequestOptions } from './messaging/request.js';
export { messages, type MessagesOptions } from './messaging/messages.js';
export { once } from './messaging/once.js';
export { pauseWhenHidden, type PauseWhenHiddenOptions } from './messaging/pause-when-hidden.js';

export { logTo } from './inspector/log-to.js';
export { type Phase, type Summary, summary } from './inspector/summary.js';
export type { LineEvent } from './inspector/line-event.js';

export type { Lifecycle, LifecycleEvent } from './platform/lifecycle.js';
export type { Frame, NativeSocket, Payload, WebSocketConstructor } from './platform/websocket.js';
