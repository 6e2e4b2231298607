import type { SocketError } from '../base/errors.js';
import type { NativeSocket } from '../platform/websocket.js';
import type { AttemptOwner } from './attempt.js';
import type { CloseInfo, ConnectionClose } from './close.js';
import type { ConnectionState, Retry } from './state.js';

/** What became of a native socket, and so of what it holds. */
export type Fate =
  /** It has been asked to close, and still sends what it holds. */
  | 'halted'
  /** It has closed as it was asked to, and has sent all that it held. */
  | 'finished'
  /** It has closed by itself, and sends nothing any more. */
  | 'died'
  /** It was given up, and what it holds may yet be sent. */
  | 'abandoned';

/**
 * Whom a connection tells what becomes of it: within the change, but for frames, gates, `opened` and what
 * happens to the page.
 */
export interface ConnectionOwner extends Pick<AttemptOwner, 'gate' | 'received'> {
  /** The application wants a connection; nothing has changed yet. */
  readonly wanted: () => void;
  /** It is open, and through the gate. */
  readonly attached: (native: NativeSocket) => void;
  /** Everybody has heard that it is open: messages may flow. */
  readonly opened: (native: NativeSocket) => void;
  /**
   * Nothing goes out any more, if anything did. May be told again, of something worse.
   *
   * @param isExplained - the page, the network or the machine was away: that is why
   */
  readonly released: (fate: Fate, close: ConnectionClose, isExplained: boolean) => void;
  /**
   * Whether this close is to be put down to something that will not happen again: then it is retried,
   * whatever its code.
   */
  readonly excuses: (close: ConnectionClose) => boolean;
  /** A connection, or an attempt at one, has ended. */
  readonly lost: (close: CloseInfo) => void;
  readonly changed: (state: ConnectionState) => void;
  /** Another attempt will be made. */
  readonly waiting: (retry: Retry) => void;
  readonly failed: (error: SocketError) => void;
  /** The page, the network or the machine was away, and is back. */
  readonly woken: () => void;
  /** The browser says that there is no network any more. */
  readonly wentOffline: () => void;
}
