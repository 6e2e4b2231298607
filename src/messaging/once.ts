import { isClosed } from '../base/errors.js';
import type { SocketEvents } from '../socket/events.js';
import type { MessageSource, SourceEvents } from '../socket/message-source.js';
import type { Socket } from '../socket/socket-interface.js';
import { settleWait, type WaitOptions } from '../events/waiters.js';
import { scoped } from './scoped.js';

/**
 * The next `event`, as a promise. It rejects with {@link SocketError} `aborted` when `signal` is
 * aborted, and with `closed` when the socket is closed for good before the event came.
 */
export function once<In, Out, Event extends keyof SocketEvents<In, Out>>(
  socket: Socket<In, Out>,
  event: Event,
  options?: WaitOptions,
): Promise<SocketEvents<In, Out>[Event]>;
/** The same of a socket of which only some messages are known. */
export function once<In, Type extends string, Event extends keyof SourceEvents<In, Type>>(
  source: MessageSource<In, Type>,
  event: Event,
  options?: WaitOptions,
): Promise<SourceEvents<In, Type>[Event]>;
export async function once(
  socket: MessageSource<unknown>,
  event: keyof SourceEvents<unknown>,
  options?: WaitOptions,
): Promise<unknown> {
  return scoped<unknown>(settleWait(options).signal, ({ resolve, reject, done }) => {
    socket.on(event, resolve, { signal: done });
    const whenClosed = (): void => {
      const { status, error } = socket.getSnapshot();
      if (status === 'closed') reject(isClosed(error));
    };
    socket.on('status', whenClosed, { signal: done });
    whenClosed();
  });
}
