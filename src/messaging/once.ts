import { isClosed } from '../base/errors.js';
import type { SocketEvents } from '../socket/events.js';
import type { Socket } from '../socket/socket-interface.js';
import { settleWait, type WaitOptions } from '../events/waiters.js';
import { scoped } from './scoped.js';

/**
 * The next `event`, as a promise. It rejects with {@link SocketError} `aborted` when `signal` is
 * aborted, and with `closed` when the socket is closed for good before the event came.
 */
export async function once<In, Out, Event extends keyof SocketEvents<In, Out>>(
  socket: Socket<In, Out>,
  event: Event,
  options?: WaitOptions,
): Promise<SocketEvents<In, Out>[Event]> {
  return scoped(settleWait(options).signal, ({ resolve, reject, done }) => {
    socket.on(event, resolve, { signal: done });
    const whenClosed = (): void => {
      const { status, error } = socket.getSnapshot();
      if (status === 'closed') reject(isClosed(error));
    };
    socket.on('status', whenClosed, { signal: done });
    whenClosed();
  });
}
