import { SocketError } from './errors.js';

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: SocketError) => void;
}

/** Promises that wait for the same thing. Each settles once, and leaves nothing behind. */
export class Waiters {
  #waiting: Waiter[] = [];

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  wait(signal?: AbortSignal): Promise<void> {
    const aborted = (): SocketError =>
      new SocketError('aborted', 'the wait was aborted', { cause: signal?.reason });
    if (signal?.aborted) return Promise.reject(aborted());
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting = this.#waiting.filter((other) => other !== waiter);
        reject(aborted());
      };
      const done = (): void => signal?.removeEventListener('abort', onAbort);
      const waiter: Waiter = {
        resolve: () => (done(), resolve()),
        reject: (error) => (done(), reject(error)),
      };
      this.#waiting.push(waiter);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  resolve(): void {
    for (const waiter of this.#waiting.splice(0)) waiter.resolve();
  }

  reject(error: SocketError): void {
    for (const waiter of this.#waiting.splice(0)) waiter.reject(error);
  }
}
