import { SocketError } from './errors.js';
import type { Line } from './line.js';
import { abortSignal, section } from './rules.js';

/** Options of a promise that waits. */
export interface WaitOptions {
  /** Aborting it rejects the promise with {@link SocketError} `aborted`. */
  readonly signal?: AbortSignal | undefined;
}

/** @throws {@link SocketError} `options` */
export const settleWait = /* @__PURE__ */ section<WaitOptions>(() => ({ signal: abortSignal }));

/** Calls back when `signal` is aborted from now on. @returns what stops that */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (!signal) return ignore;
  signal.addEventListener('abort', callback);
  return () => signal.removeEventListener('abort', callback);
}

export const ignore = (): void => undefined;

/**
 * A promise of what `test` finds: kept once that is `true`, broken once it is an error.
 *
 * @throws {@link SocketError} `options`
 */
export function until(
  line: Line,
  test: () => boolean | SocketError,
  options?: WaitOptions,
): Promise<void> {
  const { signal } = settleWait(options);
  return new Promise((resolve, reject) => {
    const check = (): void => {
      const found = signal?.aborted
        ? new SocketError('aborted', 'the wait was aborted', { cause: signal.reason })
        : test();
      if (!found) return;
      line.waiters = line.waiters.filter((other) => other !== check);
      stop();
      if (found === true) resolve();
      else reject(found);
    };
    const stop = onAbort(signal, check);
    line.waiters = [...line.waiters, check];
    check();
  });
}

/** Something has changed that somebody may have waited for. */
export function checkWaiters({ waiters }: Line): void {
  for (const check of waiters) check();
}
