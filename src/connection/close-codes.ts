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

/** The server is going away, restarting or overloaded: all its clients hear this at once. */
export function isServerLeaving(code: number): boolean {
  return code === 1001 || code === 1012 || code === 1013;
}

/** A bad gateway, a timeout, too early, too many requests: that says nothing of what was asked, as with their HTTP models. */
export function isTransient(code: number): boolean {
  return code === 1014 || code === 4408 || code === 4425 || code === 4429;
}

/** The server does not take us as we are: its policy, or a stale token. Others may, or another token. */
export function isRefusal(code: number): boolean {
  return code === 1008 || code === 4401;
}

/** Who might bring another token, and how often that has been of no use. */
export interface Credentials {
  readonly hasProvider: boolean;
  readonly hasHandshake: boolean;
  /** How often in a row the server has refused us, this time included. */
  readonly refusals: number;
}

/** A banned user must not come back for ever: this refusal in a row is the last one. */
const LAST_REFUSAL = 3;

/**
 * The default of `shouldReconnect`: not where the client is in the wrong (a protocol error, data that
 * the server does not take, a message too big), since trying again cannot help. A refusal can be helped
 * where a provider, or for 4401 a handshake, brings a fresh token.
 */
export function isWorthRetrying(code: number, credentials: Credentials): boolean {
  const { hasProvider, hasHandshake, refusals } = credentials;
  if (isRefusal(code)) {
    return refusals < LAST_REFUSAL && (hasProvider || (hasHandshake && code === 4401));
  }
  if (isTransient(code)) return true;
  const isOurFault = code === 1002 || code === 1003 || (code >= 1007 && code <= 1010);
  return !isOurFault && !(code >= 4400 && code <= 4499);
}
