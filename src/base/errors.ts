/** What went wrong; see {@link SocketError.code}. */
export type SocketErrorCode =
  | 'options'
  | 'url'
  | 'insecure'
  | 'unsupported'
  | 'encode'
  | 'decode'
  | 'queue-full'
  | 'closed'
  | 'aborted'
  | 'timeout'
  | 'heartbeat'
  | 'provider'
  | 'handshake'
  | 'rejected'
  | 'callback'
  | 'gave-up'
  | 'never-sent'
  | 'outcome-unknown'
  | 'protocol'
  | 'storage'
  | 'failed';

/**
 * The one error class of holdline. Misuse throws it at once; trouble on the line arrives as an
 * `error` event.
 *
 * | code | meaning |
 * |---|---|
 * | `options` | an option or an argument is out of range, of the wrong type or unknown |
 * | `url` | the URL can never work |
 * | `insecure` | a `ws:` URL on an `https:` page |
 * | `unsupported` | there is no WebSocket here, or its constructor threw |
 * | `encode` / `decode` | a message could not be encoded, or the WebSocket did not take it / an inbound frame could not be decoded |
 * | `queue-full` | the queue is full and its `overflow` is `'throw'`; a request found no room; the buffer of `messages` is full |
 * | `closed` | the socket is closed, or a request's connection was lost before the answer |
 * | `aborted` | an `AbortSignal` was aborted, or the handshake is over |
 * | `timeout` | an attempt or a request took too long |
 * | `heartbeat` | the server did not answer a ping, or does not bear pings |
 * | `provider` | the `url` or `protocols` function failed |
 * | `handshake` | the handshake failed; the attempt is retried |
 * | `rejected` | thrown by a handshake or a provider to end the connection for good |
 * | `callback` | `shouldReconnect`, `delay`, `isReply`, `message`, `answer` or a function of `lifecycle` threw |
 * | `failed` | what the application gave to `fail()`, where that was no `SocketError` |
 * | `gave-up` | the retries are used up, or `shouldReconnect` or the close code forbids another |
 * | `never-sent` | in a session: the message was not sent, and never will be |
 * | `outcome-unknown` | in a session: the message may have been handled, or not, and nobody can tell any more |
 * | `protocol` | in a session: the server does not keep to the protocol |
 * | `storage` | in a session: its storage is of no use, and a reload of the page will not resume it |
 */
export class SocketError extends Error {
  override readonly name = 'SocketError';
  /** What went wrong, for programs. */
  readonly code: SocketErrorCode;
  /** With `code: 'decode'`: the frame as it arrived. */
  readonly data: unknown;

  constructor(
    code: SocketErrorCode,
    message: string,
    details?: { cause?: unknown; data?: unknown },
  ) {
    super(message, details);
    this.code = code;
    this.data = details?.data;
  }
}

/** What somebody else threw, as a {@link SocketError}. */
export function wrapped(code: SocketErrorCode, message: string, cause: unknown): SocketError {
  return cause instanceof SocketError ? cause : new SocketError(code, message, { cause });
}

/** What those are told who wait for a socket that is closed. */
export function isClosed(cause?: SocketError): SocketError {
  return new SocketError('closed', 'the socket is closed', { cause });
}
