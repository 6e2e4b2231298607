import type { WireError } from '../session/wire/read.js';

/** What went wrong at a server; see {@link SessionServerError.code}. */
export type SessionServerErrorCode =
  | 'malformed'
  | 'too-large'
  | 'violation'
  | 'unauthenticated'
  | 'too-many-sessions'
  | 'stale'
  | 'refused'
  | 'denied'
  | 'silent'
  | 'failed'
  | 'overflow'
  | 'store'
  | 'transport'
  | 'callback';

/**
 * What arrives as an `error` event of a session server. It never shows a token or a key.
 *
 * | code | meaning | closed with |
 * |---|---|---|
 * | `malformed` | what arrived is no frame of the protocol | 1007 |
 * | `too-large` | a message above `maxPayload`, or a head that is too long | 1009 |
 * | `violation` | a frame out of its order, or a number that cannot be | 1002 |
 * | `violation` | a client that asks, and does not read what it is answered | 4429 |
 * | `unauthenticated` | `authenticate` gave no principal, or threw (`cause`) | 4401 |
 * | `too-many-sessions` | the principal, or the server, has as many as it may | 1013 |
 * | `stale` | a hello that is older than another one of its session | 4409 |
 * | `refused` | a session could not be resumed: the client was given a fresh one | |
 * | `denied` | a client may not follow a topic, or not one more, or its name is too long: it was told so | |
 * | `silent` | no hello within 5 s, or nothing was heard for longer than `heartbeat` and 10 s | 4408 |
 * | `failed` | a message was not handled: a handler rejected, or it could not be decoded (`cause`) | |
 * | `overflow` | more than `maxBytes` wait to be acknowledged: the session is over | 1011 |
 * | `store` | the store did not do a step (`cause`); it is tried again, or the client tries again | 1013 |
 * | `transport` | the transport failed (`cause`) | |
 * | `callback` | a function of the options threw (`cause`) | |
 */
export class SessionServerError extends Error {
  override readonly name = 'SessionServerError';
  /** What went wrong, for programs. */
  readonly code: SessionServerErrorCode;
  /** What the connection was closed with, if it was. */
  readonly closeCode: number | undefined;

  constructor(
    code: SessionServerErrorCode,
    message: string,
    details?: { readonly cause?: unknown; readonly closeCode?: number | undefined },
  ) {
    super(message, details);
    this.code = code;
    this.closeCode = details?.closeCode;
  }
}

/** What it is called that a client has broken the protocol so. */
export const codeOf = ({ code }: WireError): SessionServerErrorCode =>
  code === 1002 ? 'violation' : code === 1007 ? 'malformed' : 'too-large';
