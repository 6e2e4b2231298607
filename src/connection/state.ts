import type { SocketError } from '../base/errors.js';
import type { CloseCause, CloseInfo } from './close.js';
import type { Status } from './machine.js';

/** Another attempt, after a while. */
export interface Retry {
  /** Which retry in a row this will be; 1 is the first. */
  readonly attempt: number;
  /** How long until then, in milliseconds. */
  readonly delay: number;
  readonly cause: CloseCause;
}

/** Where a connection stands at one moment. */
export interface ConnectionState {
  readonly status: Status;
  /** When this status began, in milliseconds since the epoch; 0 on a server. */
  readonly since: number;
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

export const initialState: ConnectionState = /* @__PURE__ */ Object.freeze({
  status: 'idle',
  since: 0,
  attempt: 0,
  retryAt: undefined,
  lastClose: undefined,
  error: undefined,
  connects: 0,
});
