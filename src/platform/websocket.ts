/** What may be handed to a native socket. */
export type Payload = string | ArrayBufferLike | ArrayBufferView | Blob;

/** What arrives from a native socket: text, or binary as an `ArrayBuffer`. */
export type Frame = string | ArrayBuffer;

/** Bytes, or UTF-16 units of text: a bound on memory need not be more precise, and this costs nothing. */
export const sizeOfFrame = (frame: Frame): number =>
  typeof frame === 'string' ? frame.length : frame.byteLength;

/* eslint-disable @typescript-eslint/no-explicit-any -- the event types of the browser's class, of
   `ws` and of Node's own differ, and each must be accepted as it is */
/**
 * The part of the WHATWG `WebSocket` interface that holdline uses. The browser's class, Node's
 * built-in one and the `ws` package's satisfy it.
 */
export interface NativeSocket {
  readonly readyState: number;
  readonly bufferedAmount: number;
  readonly protocol: string;
  binaryType: any;
  onopen: ((event: any) => void) | null;
  onmessage: ((event: any) => void) | null;
  onclose: ((event: any) => void) | null;
  onerror: ((event: any) => void) | null;
  send(data: any): void;
  close(code?: number, reason?: string): void;
}
/* eslint-enable @typescript-eslint/no-explicit-any */

/** A WebSocket class. */
export type WebSocketConstructor = new (url: string, protocols?: string[]) => NativeSocket;

/** The states of the WHATWG class; constants, since the class may be absent. */
export const CONNECTING = 0;
export const OPEN = 1;
export const CLOSED = 3;
