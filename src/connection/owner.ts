import type { SocketError } from '../base/errors.js';
import type { NativeSocket } from '../platform/websocket.js';
import type { AttemptOwner } from './attempt.js';
import type { CloseInfo } from './close.js';
import type { ConnectionState, Retry } from './state.js';

/** Whom a connection tells what becomes of it: within the change, but for frames, gates and `opened`. */
export interface ConnectionOwner extends Pick<AttemptOwner, 'gate' | 'received'> {
  /** It is open, and through the gate. */
  readonly attached: (native: NativeSocket) => void;
  /** Everybody has heard that it is open: messages may flow. */
  readonly opened: (native: NativeSocket) => void;
  /**
   * The end of `attached`: nothing goes out any more. May be told again.
   *
   * @param hasDied - the native socket has closed, and will send nothing of what it holds
   */
  readonly released: (hasDied: boolean) => void;
  /** A connection, or an attempt at one, has ended. */
  readonly lost: (close: CloseInfo) => void;
  readonly changed: (state: ConnectionState) => void;
  /** Another attempt will be made. */
  readonly waiting: (retry: Retry) => void;
  readonly failed: (error: SocketError) => void;
  /** The page, the network or the machine was away, and is back. */
  readonly woken: () => void;
}
