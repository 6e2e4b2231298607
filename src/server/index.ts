export { SocketError } from '../base/errors.js';
export type { Counters } from './counters.js';
export type { Duplex, OutboundFrame } from './duplex.js';
export { memoryStore } from './memory.js';
export type { PlainConnection, PlainWebSocket } from './plain/plain-connection.js';
export type { PlainServerOptions } from './plain/plain-options.js';
export {
  type BroadcastOptions,
  createPlainServer,
  type PlainCloseOptions,
  type PlainServer,
  type PlainServerEvents,
} from './plain/plain-server.js';
export { createSessionServer } from './session-server.js';
export { SessionServerError, type SessionServerErrorCode } from './server-error.js';
export type { GoAwayOptions, SessionServer, SessionServerEvents } from './server-interface.js';
export type { Introduction, Principal, SessionServerOptions } from './server-options.js';
export type {
  Session,
  SessionCloseOptions,
  SessionEnd,
  SessionEvents,
  SessionMessage,
} from './session-interface.js';
export type { Encoded } from '../outbox/payload.js';
export type { Failure } from '../session/wire/frames.js';
export type * from './store.js';
export type { MemoryTopicOptions } from './topics/memory-topic-store.js';
export type * from './topics/topic-store.js';
export type { ServerWebSocket, WebSocketServerLike } from './ws.js';
