import { inspect } from 'node:util';
import { SocketError, type SocketErrorCode } from '../../src/base/errors.js';

/** What `call` throws, which must be a {@link SocketError} with this `code`. */
export function thrown(call: () => unknown, code: SocketErrorCode): SocketError {
  try {
    call();
  } catch (error) {
    return checked(error, code);
  }
  throw new Error(`expected a SocketError with code ${code}, and nothing was thrown`);
}

/** What `promise` rejects with, which must be a {@link SocketError} with this `code`. */
export async function rejected(
  promise: Promise<unknown>,
  code: SocketErrorCode,
): Promise<SocketError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return checked(error, code);
}

/** Everything that a log would show of `error`: message, stack, own properties, causes. */
export function shownOf(error: unknown): string {
  return inspect(error, { depth: 10, showHidden: true });
}

function checked(error: unknown, code: SocketErrorCode): SocketError {
  if (error instanceof SocketError && error.code === code) return error;
  throw new Error(`expected a SocketError with code ${code}`, { cause: error });
}
