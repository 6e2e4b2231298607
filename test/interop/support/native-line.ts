/**
 * The drop-in class as docs/drop-in.md hands it to libraries that make a new WebSocket for each attempt. Below it is
 * `ws`, since Node 20 has no class of its own.
 */
import { WebSocket } from 'ws';
import {
  ReconnectingWebSocket,
  type ReconnectingWebSocketOptions,
} from '../../../src/websocket/index.js';

export const nativeLine = (options: ReconnectingWebSocketOptions = {}) =>
  ReconnectingWebSocket.with({ reconnect: false, WebSocket, ...options });

export const NativeLine = nativeLine();
