import type { Duplex } from './duplex.js';
import { SessionServerError, type SessionServerErrorCode } from './server-error.js';

/* eslint-disable @typescript-eslint/no-explicit-any -- the overloads of an EventEmitter's `on` fit nothing narrower */
/** The part of a connection of the `ws` package that is used. */
export interface ServerWebSocket {
  readonly bufferedAmount: number;
  send(data: string | Uint8Array): void;
  close(code?: number, reason?: string): void;
  on(event: any, listener: (...args: any[]) => void): unknown;
}

/** The part of a `WebSocketServer` of the `ws` package that is used. */
export interface WebSocketServerLike {
  readonly options?: { maxPayload?: number | undefined };
  on(event: any, listener: (...args: any[]) => void): unknown;
  off(event: any, listener: (...args: any[]) => void): unknown;
}
/* eslint-enable @typescript-eslint/no-explicit-any */

/** Has every connection of a server accepted from now on. @returns what stops that */
export function onConnection(
  server: WebSocketServerLike,
  accept: Parameters<WebSocketServerLike['on']>[1],
): () => void {
  server.on('connection', accept);
  return () => void server.off('connection', accept);
}

/** What `ws` closes a connection for by itself, and how. */
const CODES: Readonly<Record<string, readonly [SessionServerErrorCode, number]>> = {
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: ['too-large', 1009],
  WS_ERR_INVALID_UTF8: ['malformed', 1007],
};

/** @param failed - told what goes wrong with the connection; it is closed then, too */
export function duplexOf(
  socket: ServerWebSocket,
  failed: (error: SessionServerError) => void,
): Duplex {
  // Without a listener it would be thrown.
  socket.on('error', (cause: { readonly code?: string }) => {
    const [code, closeCode] = CODES[cause.code ?? ''] ?? ['transport', undefined];
    failed(new SessionServerError(code, 'a connection failed', { cause, closeCode }));
  });
  return {
    send: (frame) => socket.send(frame),
    close: (code, reason) => socket.close(code, reason),
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    onFrame(listener) {
      socket.on('message', (data: RawData, isBinary: boolean) =>
        listener(isBinary ? bytesOf(data) : textOf(data)),
      );
    },
    onClose: (listener) => void socket.on('close', listener),
  };
}

/** As `ws` hands it over, by the connection's `binaryType`. */
type RawData = Buffer | ArrayBuffer | Buffer[];

const bufferOf = (data: RawData): Buffer =>
  Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data);

const textOf = (data: RawData): string => bufferOf(data).toString();

/** A copy: a small buffer is a view of one that it shares with others. */
function bytesOf(data: RawData): ArrayBuffer {
  return new Uint8Array(bufferOf(data)).buffer;
}
