import type { MessageSource } from '../index.js';
import { after, now } from '../platform/turns.js';

const SECOND = 1_000;

/** The whole seconds until a socket's next attempt, for a view that shows them. */
export interface Countdown {
  /** `undefined` while none is waited for. */
  readonly get: () => number | undefined;
  /** Calls `listener` whenever it may have changed. */
  readonly subscribe: (listener: () => void) => () => void;
}

export function countdown(socket: MessageSource<never>): Countdown {
  const left = (): number => (socket.getSnapshot().retryAt ?? 0) - now();
  const get = (): number | undefined =>
    socket.getSnapshot().retryAt === undefined
      ? undefined
      : Math.max(0, Math.ceil(left() / SECOND));
  return {
    get,
    subscribe(listener) {
      let cancel: (() => void) | undefined;
      const arm = (): void => {
        cancel?.();
        // Until the next whole second, and a little, since timers may be early by a part of a millisecond.
        cancel = get() ? after((left() % SECOND || SECOND) + 1, tick) : undefined;
      };
      const tick = (): void => {
        arm();
        listener();
      };
      const stop = socket.subscribe(tick);
      arm();
      return () => {
        stop();
        cancel?.();
      };
    },
  };
}
