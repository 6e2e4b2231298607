export type { Counters } from './counters.js';
export type { Duplex, OutboundFrame } from './duplex.js';
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
export type * from './store.js';
export type { ServerWebSocket, WebSocketServerLike } from './ws.js';
