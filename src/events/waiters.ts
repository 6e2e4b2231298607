import { SocketError } from '../base/errors.js';
import type { Line } from '../socket/line.js';
import { abortSignal, section } from '../base/rules.js';

/** Options of a promise that waits. */
export interface WaitOptions {
  /** Aborting it rejects the promise with {@link SocketError} `aborted`. */
  readonly signal?: AbortSignal | undefined;
}

/** @throws {@link SocketError} `options` */
export const settleWait = /* @__PURE__ */ section<WaitOptions>(() => ({ signal: abortSignal }));

/** Those who listen to a signal, and the one native listener that tells them. */
interface Audience {
  readonly all: Set<() => void>;
  readonly tell: () => void;
}

/** One listener for each signal: Node warns of many, and is slow to find one among them. */
const audiences = /* @__PURE__ */ new WeakMap<AbortSignal, Audience>();

function newAudience(): Audience {
  const all = new Set<() => void>();
  return { all, tell: () => all.forEach((call) => call()) };
}

/** Calls back when `signal` is aborted from now on. @returns what stops that */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (!signal) return ignore;
  const audience = audiences.get(signal) ?? newAudience();
  const { all, tell } = audience;
  audiences.set(signal, audience);
  all.add(callback);
  signal.addEventListener('abort', tell);
  return () => {
    all.delete(callback);
    if (all.size === 0) signal.removeEventListener('abort', tell);
  };
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
      line.waiters?.delete(check);
      stop();
      if (found === true) resolve();
      else reject(found);
    };
    const stop = onAbort(signal, check);
    (line.waiters ??= new Set()).add(check);
    check();
  });
}

/** Something has changed that somebody may have waited for. */
export function checkWaiters({ waiters }: Line): void {
  waiters?.forEach((check) => check());
}
