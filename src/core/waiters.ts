import { SocketError } from './errors.js';
import { abortSignal, section } from './rules.js';

/** Options of a promise that waits. */
export interface WaitOptions {
  /** Aborting it rejects the promise with {@link SocketError} `aborted`. */
  readonly signal?: AbortSignal | undefined;
}

/** @throws {@link SocketError} `options` */
export const settleWait = /* @__PURE__ */ section<WaitOptions>(() => ({ signal: abortSignal }));

/** Promises that wait for the same thing. Each settles once, and leaves nothing behind. */
export class Waiters {
  #waiting: readonly ((error?: SocketError) => void)[] = [];

  get size(): number {
    return this.#waiting.length;
  }

  wait(options?: WaitOptions): Promise<void> {
    const { signal } = settleWait(options);
    return new Promise((resolve, reject) => {
      const settle = (error?: SocketError): void => {
        this.#waiting = this.#waiting.filter((other) => other !== settle);
        signal?.removeEventListener('abort', abort);
        if (error) reject(error);
        else resolve();
      };
      const abort = (): void => {
        settle(new SocketError('aborted', 'the wait was aborted', { cause: signal?.reason }));
      };
      this.#waiting = [...this.#waiting, settle];
      signal?.addEventListener('abort', abort);
      if (signal?.aborted) abort();
    });
  }

  /** Fulfils all, or rejects them with `error`. */
  settle(error?: SocketError): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const settle of waiting) settle(error);
  }
}
