import type { ConnectionClose } from '../connection/close-codes.js';
import type { SocketError } from '../base/errors.js';
import type { Status } from '../connection/machine.js';

/** A {@link ConnectionClose}, and what comes of it. */
export interface CloseInfo extends ConnectionClose {
  readonly willReconnect: boolean;
}

/** The state of a socket at one moment: frozen, and the same object until something changes. */
export interface Snapshot {
  readonly status: Status;
  /** Which retry in a row made, makes or will make the connection; 0 when it is none. */
  readonly attempt: number;
  /** With status `waiting`: when the next attempt starts, in milliseconds since the epoch. */
  readonly retryAt: number | undefined;
  /** How the last connection or attempt ended. */
  readonly lastClose: CloseInfo | undefined;
  /** Why the line is not open, where holdline knows; gone once it is. */
  readonly error: SocketError | undefined;
  /** How many connections have been opened. */
  readonly connects: number;
}

/** What a server renders, and a client hydrates with. */
export const initialSnapshot: Snapshot = /* @__PURE__ */ Object.freeze({
  status: 'idle',
  attempt: 0,
  retryAt: undefined,
  lastClose: undefined,
  error: undefined,
  connects: 0,
});
