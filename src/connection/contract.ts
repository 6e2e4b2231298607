import type { SocketError } from '../base/errors.js';
import type { Lifecycle } from '../platform/lifecycle.js';
import type { NativeSocket } from '../platform/websocket.js';
import type { AttemptOwner, AttemptSettings } from './attempt.js';
import type { CloseCause, CloseInfo, ConnectionClose } from './close.js';
import type { Status } from './machine.js';
import type { RetrySettings } from './retry-policy.js';
import type { ConnectionState, Retry } from './state.js';

/** What a connection goes by. */
export interface ConnectionSettings extends AttemptSettings, RetrySettings {
  readonly connectTimeout: number;
  /** In place of the platform's. It must not throw, nor call back before `watch` has returned. */
  readonly lifecycle?: Lifecycle | undefined;
}

/** A connection that is made anew whenever it is lost, until it is told to close. It knows no messages. */
export interface Connection {
  readonly status: Status;
  /** The last that was told: frozen, and the same object until something changes. */
  readonly state: ConnectionState;
  readonly native: NativeSocket | undefined;
  /** What the latest native socket was opened with; empty before the first. */
  readonly url: string;
  /**
   * Connects, or with `redial` connects anew; in a moment, where the last attempt was of no use just now.
   *
   * @param reason - goes into the close frame of the connection that is replaced
   * @throws {@link SocketError} `unsupported` where there is no WebSocket
   */
  readonly connect: (transition: 'connect' | 'redial', reason?: string) => void;
  /** Connects anew, though nobody has asked for it: what the application wants stays as it is. */
  readonly move: () => void;
  /**
   * Ends it, with a close handshake of at most `timeout` milliseconds if it is open; for good, or with `pause`
   * until somebody connects.
   */
  readonly close: (
    code: number | undefined,
    reason: string | undefined,
    timeout: number,
    transition?: 'close' | 'pause',
  ) => void;
  /**
   * Gives up this attempt, or this connection, and tries again if that can help.
   *
   * @param code - what it counts as
   */
  readonly fail: (cause: CloseCause, error: SocketError, code?: number) => void;
  /** The machine slept: what is lost now is put down to that. */
  readonly woke: () => void;
  /** Looks whether the native socket has closed without a word. */
  readonly check: () => void;
}

/** What became of a native socket, and so of what it holds. */
type Fate =
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
  /** There is a native socket, opened with this URL, and nothing has happened to it yet. */
  readonly made?: (native: NativeSocket, url: string) => void;
  /** The native socket has fired an `error` event; how it ends is still to come. */
  readonly erred?: (event: unknown) => void;
  /** A connection, or an attempt at one, is about to be lost; nothing has changed yet. Whoever knows more may end it. */
  readonly losing?: (() => void) | undefined;
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
