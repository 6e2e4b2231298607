/** For libraries that look for the global class when they are loaded, and so after this. */
import { ReconnectingWebSocket } from '../../../../src/websocket/index.js';

export const GlobalLine = ReconnectingWebSocket.with({
  WebSocket: globalThis.WebSocket,
  reconnect: false,
});
globalThis.WebSocket = GlobalLine;
