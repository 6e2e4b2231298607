import { expect } from 'vitest';
import { SocketError, type SocketErrorCode } from '../../src/base/errors.js';

/** For `toThrow`, `toEqual` and their like: a SocketError with that code, and that in its message. */
export function socketError(code: SocketErrorCode, ...said: string[]): Error {
  return expect.toSatisfy(
    (error: unknown) =>
      error instanceof SocketError &&
      error.code === code &&
      said.every((text) => error.message.includes(text)),
    `a SocketError '${code}' that says ${said.join(', ')}`,
  ) as Error;
}
