import { onAbort } from '../base/abort.js';
import { SocketError } from '../base/errors.js';
import { abortSignal, section } from '../base/rules.js';

/** Options of a promise that waits. */
export interface WaitOptions {
  /** Aborting it rejects the promise with {@link SocketError} `aborted`. */
  readonly signal?: AbortSignal | undefined;
}

/** @throws {@link SocketError} `options` */
export const settleWait = /* @__PURE__ */ section<WaitOptions>(() => ({ signal: abortSignal }));

/** Those who wait for something to come true. */
export interface Waiters {
  /**
   * A promise of what `test` finds: kept once that is `true`, broken once it is an error.
   *
   * @throws {@link SocketError} `options`
   */
  until(test: () => boolean | SocketError, options?: WaitOptions): Promise<void>;
  /** Something has changed that somebody may have waited for. @returns whether anybody still waits */
  readonly check: () => boolean;
}

export function createWaiters(): Waiters {
  /** Each looks whether what it waits for has come true. */
  const checks = new Set<() => void>();
  return {
    until(test, options) {
      const { signal } = settleWait(options);
      return new Promise((resolve, reject) => {
        const check = (): void => {
          const found = signal?.aborted
            ? new SocketError('aborted', 'the wait was aborted', { cause: signal.reason })
            : test();
          if (!found) return;
          checks.delete(check);
          stop();
          if (found === true) resolve();
          else reject(found);
        };
        const stop = onAbort(signal, check);
        checks.add(check);
        check();
      });
    },
    check() {
      checks.forEach((check) => check());
      return checks.size > 0;
    },
  };
}
