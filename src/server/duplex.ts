import type { Frame } from '../platform/websocket.js';

/** A frame that goes out: text, or bytes. */
export type OutboundFrame = string | Uint8Array<ArrayBuffer>;

/**
 * Any transport that carries frames both ways, whole and in order: all that the server needs of a connection.
 */
export interface Duplex {
  send(frame: OutboundFrame): void;
  /** Closes the connection, whatever still waits to be sent goes first. */
  close(code: number, reason: string): void;
  /** How much waits to be sent, in bytes; without it, nobody is taken to be slow, nor not to read. */
  readonly bufferedAmount?: number;
  /** Has each frame that arrives from now on handed to `listener`; called once. */
  onFrame(listener: (frame: Frame) => void): void;
  /** Has `listener` called once when the connection is closed, by either side; called once. */
  onClose(listener: () => void): void;
}

/** Closes the line of a client that is to come back, to another node. */
export function sendAway(line: Pick<Duplex, 'close'>): void {
  line.close(1012, 'this server is going away');
}
