/** Why a connection ended. */
export type CloseCause =
  /** The application called `close()` or `pause()`, or aborted `signal`. */
  | 'client'
  /** The application called `reconnect()`, or a session has left a server that is about to go. */
  | 'reconnect'
  /** The application called `fail()`, or the WebSocket refused a part of a message. */
  | 'failed'
  /** The server sent a close frame. */
  | 'server'
  /** The connection died without one, or the upgrade was refused (code 1006). */
  | 'network'
  /** The attempt outlasted `connectTimeout`. */
  | 'timeout'
  /** A ping was not answered. */
  | 'heartbeat'
  /** The `url` or `protocols` function failed, or gave what cannot be used. */
  | 'provider'
  /** The WebSocket constructor threw. */
  | 'constructor'
  /** The handshake rejected. */
  | 'handshake';

/** How a connection, or an attempt at one, ended. */
export interface ConnectionClose {
  /** The close code as the browser reported it; 1006 where holdline gave up on the connection itself. */
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
  readonly cause: CloseCause;
}

/** A {@link ConnectionClose}, and what comes of it. */
export interface CloseInfo extends ConnectionClose {
  readonly willReconnect: boolean;
}

/** The code of a connection that died without a close frame, or that holdline itself gave up. */
export const ABNORMAL = 1006;

/** How a connection ended that holdline itself gave up. */
export const abandoned = (
  cause: CloseCause,
  reason = '',
  code: number = ABNORMAL,
): ConnectionClose => ({
  code,
  reason,
  wasClean: false,
  cause,
});
