export { createSocket } from './core/socket.js';
export type { Queued, Socket } from './core/socket-interface.js';
export type { WaitOptions } from './core/waiters.js';
export type { CloseOptions } from './core/close-options.js';
export type {
  DelayContext,
  HeartbeatOptions,
  Overflow,
  QueueOptions,
  ReconnectOptions,
  SocketOptions,
} from './core/options.js';
export type { DropReason, Outcome, SendOptions } from './core/send-options.js';
export type { SendResult } from './core/outbox.js';
export type { AddressSource, ConnectContext, UrlSource } from './core/address.js';
export type { Handshake, HandshakeLink } from './core/handshake.js';
export type { ListenOptions } from './core/emitter.js';
export type {
  Drop,
  LineEvents,
  MessageEvents,
  MessageOf,
  MessageType,
  Retry,
  SocketEvents,
} from './core/events.js';
export type { CloseInfo, Snapshot } from './core/snapshot.js';
export type { Status } from './core/machine.js';
export { type CloseCause, CloseCode, type ConnectionClose } from './core/close-codes.js';
export { SocketError, type SocketErrorCode } from './core/errors.js';

export type { Codec, HeartbeatMessages } from './codecs/codec.js';
export { json } from './codecs/json.js';
export { text } from './codecs/text.js';
export { binary } from './codecs/binary.js';
export { type SchemaResult, type StandardSchema, validated } from './codecs/validated.js';

export { request, type RequestOptions } from './messaging/request.js';
export { messages, type MessagesOptions } from './messaging/messages.js';
export { once } from './messaging/once.js';

export type { Frame, NativeSocket, Payload, WebSocketConstructor } from './platform/websocket.js';
