export { createSocket } from './socket/socket.js';
export type { Queued, Socket } from './socket/socket-interface.js';
export type { WaitOptions } from './events/waiters.js';
export type { CloseOptions } from './socket/close-options.js';
export type {
  DelayContext,
  HeartbeatOptions,
  Overflow,
  QueueOptions,
  ReconnectOptions,
  SocketOptions,
} from './socket/options.js';
export type { DropReason, Outcome, SendOptions } from './outbox/send-options.js';
export type { SendResult } from './outbox/outbox.js';
export type { AddressSource, ConnectContext, UrlSource } from './connection/address.js';
export type { Handshake, HandshakeLink } from './socket/handshake.js';
export type { ListenOptions } from './events/emitter.js';
export type {
  Drop,
  LineEvents,
  MessageEvents,
  MessageOf,
  MessageType,
  Retry,
  SocketEvents,
} from './socket/events.js';
export type { CloseInfo, Snapshot } from './socket/snapshot.js';
export type { Status } from './connection/machine.js';
export { type CloseCause, CloseCode, type ConnectionClose } from './connection/close-codes.js';
export { SocketError, type SocketErrorCode } from './base/errors.js';

export type { Codec, HeartbeatMessages } from './codecs/codec.js';
export { json } from './codecs/json.js';
export { text } from './codecs/text.js';
export { binary } from './codecs/binary.js';
export { type SchemaResult, type StandardSchema, validated } from './codecs/validated.js';

export { request, type RequestOptions } from './messaging/request.js';
export { messages, type MessagesOptions } from './messaging/messages.js';
export { once } from './messaging/once.js';

export type { Frame, NativeSocket, Payload, WebSocketConstructor } from './platform/websocket.js';
