import { isClosed } from '../base/errors.js';
import type { Connection } from '../connection/contract.js';
import type { Waiters, WaitOptions } from '../events/waiters.js';
import type { Outbox } from '../outbox/contract.js';
import type { Clock } from '../platform/clock.js';
import { settleClose } from './close-options.js';
import { type Flush, startFlush } from './flush.js';
import type { Socket } from './socket-interface.js';

/** How a socket is emptied, and how it ends: for good, or until somebody connects. */
export interface Closing extends Pick<Socket, 'drained' | 'ready' | 'close' | 'pause'> {
  /** Nothing is left to flush, or somebody else has the last word. */
  readonly callOff: () => void;
}

/** @param highWaterMark - above this `bufferedAmount`, in bytes, a socket is not drained */
export function createClosing(
  clock: Clock,
  connection: Connection,
  outbox: Outbox,
  waiters: Waiters,
  highWaterMark: number,
): Closing {
  let flush: Flush | undefined;
  const callOff = (): void => flush?.callOff();

  const isEnding = (): boolean => {
    const { status } = connection;
    return status === 'closing' || status === 'closed';
  };

  const isDrained = (): boolean =>
    outbox.messages === 0 && (connection.native?.bufferedAmount ?? 0) < highWaterMark;

  const isSettled = (): boolean => isDrained() && outbox.unsettled === 0;

  function until(isSo: () => boolean, options?: WaitOptions): Promise<void> {
    const promise = waiters.until(() => (isEnding() ? isClosed() : isSo()), options);
    // Nobody else says when the buffer has emptied.
    if (!isSo()) outbox.pumpLater();
    return promise;
  }

  return {
    callOff,
    drained: (options) => until(isDrained, options),
    ready: (options) =>
      waiters.until(() => {
        const { status, state } = connection;
        return status === 'open' || (status === 'closed' && isClosed(state.error));
      }, options),
    close(options) {
      const { code, reason, flush: willFlush, timeout } = settleClose(options);
      const end = (): void => connection.close(code, reason, timeout);
      callOff();
      if (willFlush && connection.status !== 'idle' && !isEnding()) {
        outbox.seal();
        flush = startFlush(clock, timeout, until(isSettled), end);
      } else end();
      // It is over, too, when somebody connects again.
      return waiters.until(() => connection.status === 'closed' || !outbox.isSealed);
    },
    pause() {
      if (isEnding()) return;
      // What waits goes on waiting, though it was to be flushed.
      callOff();
      outbox.unseal();
      const { code, reason, timeout } = settleClose();
      connection.close(code, reason, timeout, 'pause');
      waiters.check();
    },
  };
}
