/**
 * WebSocket close codes by name.
 *
 * @see RFC 6455, section 7.4.1, and the IANA WebSocket Close Code registry
 */
export const CloseCode = {
  NormalClosure: 1000,
  GoingAway: 1001,
  ProtocolError: 1002,
  UnsupportedData: 1003,
  /** Reported when the close frame had no code; never sent. */
  NoStatusReceived: 1005,
  /** Reported when the connection died without a close frame; never sent. */
  AbnormalClosure: 1006,
  InvalidPayload: 1007,
  PolicyViolation: 1008,
  MessageTooBig: 1009,
  MandatoryExtension: 1010,
  InternalError: 1011,
  ServiceRestart: 1012,
  TryAgainLater: 1013,
  BadGateway: 1014,
  /** holdline's convention, after HTTP 401: the token is stale. Retried when a provider can bring a new one. */
  Unauthorized: 4401,
} as const;

/** Why a connection ended. */
export type CloseCause =
  /** The application called `close()`, or aborted `signal`. */
  | 'client'
  /** The application called `reconnect()`. */
  | 'reconnect'
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

/** The code of a connection that died without a close frame, or that holdline itself gave up. */
export const ABNORMAL = 1006;

/** The server is going away, restarting or overloaded: all its clients hear this at once. */
export function isServerLeaving(code: number): boolean {
  return /^10(01|12|13)$/.test(`${code}`);
}

/**
 * The default of `shouldReconnect`: not where the client is in the wrong (a protocol error, data that
 * the server does not take, its policy, a message too big), since trying again cannot help. A stale
 * token (4401) can be helped where a provider brings a fresh one.
 */
export function isWorthRetrying(code: number, hasProvider: boolean): boolean {
  return code === 4401 ? hasProvider : !/^(10(0[23789]|10)|44..)$/.test(`${code}`);
}
