import { SocketError } from './errors.js';

/** Asks one of the application's functions, now; what it throws is told as an error, and costs no more. */
export function ask<T>(
  name: string,
  question: () => T | undefined,
  fallback: T,
  failed: (error: SocketError) => void,
): T {
  try {
    return question() ?? fallback;
  } catch (cause) {
    failed(new SocketError('callback', `${name} threw`, { cause }));
    return fallback;
  }
}
