import { SocketError } from '../base/errors.js';
import { onAbort } from '../base/abort.js';

/** How a scoped promise settles, and until when its listeners are wanted. */
export interface Scope<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
  /** Aborted once the promise has settled. */
  readonly done: AbortSignal;
}

/** A promise that cleans up after itself, and that `signal` aborts. */
export function scoped<T>(
  signal: AbortSignal | undefined,
  start: (scope: Scope<T>) => void,
): Promise<T> {
  const cleanup = new AbortController();
  const promise = new Promise<T>((resolve, reject) => {
    const abort = (): void => {
      scope.reject(
        new SocketError('aborted', 'the signal was aborted', {
          cause: signal?.reason,
        }),
      );
    };
    // Settles first: what is cleaned up may want to settle it, too.
    const scope: Scope<T> = {
      resolve: (value) => (resolve(value), cleanup.abort()),
      reject: (error) => (reject(error), cleanup.abort()),
      done: cleanup.signal,
    };
    if (signal?.aborted) return abort();
    cleanup.signal.addEventListener('abort', onAbort(signal, abort));
    try {
      start(scope);
    } catch (error) {
      scope.reject(error as Error);
    }
  });
  return promise;
}
