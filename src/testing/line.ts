import type { Frame } from '../platform/websocket.js';

/** How a connection ended, as the client sees it. */
export interface Close {
  /** 1006 where there was no close frame, 1005 where there was no code in it. */
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
}

/** What a client sees of an end without a close frame. */
export const ABNORMAL: Close = { code: 1006, reason: '', wasClean: false };
/** What stands for a close frame with no code in it. */
export const NO_CODE = 1005;

/** One frame that was handed over, as it was at that moment. */
export type Parcel = string | Uint8Array<ArrayBuffer> | Blob;

/** The client's end, as the network sees it. Each call is an event, where the client is in a state for it. */
export interface ClientEnd {
  readonly readyState: 0 | 1 | 2 | 3;
  readonly opened: (protocol: string) => void;
  /** So many bytes have left the buffer. */
  readonly left: (bytes: number) => void;
  readonly arrived: (frame: Frame) => void;
  readonly ended: (close: Close, hasFailed: boolean) => void;
}

/** The network, as the client sees it. */
export interface Line {
  readonly send: (parcel: Parcel) => void;
  readonly close: (code: number | undefined, reason: string | undefined) => void;
  /** Gives up the attempt. */
  readonly abandon: () => void;
}

/** Makes a line to the server. */
export type Dial = (url: string, protocols: string[], client: ClientEnd) => Line;

/** Hands over what arrives of a parcel: at once, but for a Blob, whose bytes have to be read. */
export function whenRead(
  parcel: Parcel,
  use: (frame: Frame) => unknown,
): Promise<void> | undefined {
  if (typeof parcel !== 'string' && !(parcel instanceof Uint8Array)) {
    return parcel.arrayBuffer().then((bytes) => void use(bytes));
  }
  use(typeof parcel === 'string' ? parcel : parcel.buffer);
  return undefined;
}
