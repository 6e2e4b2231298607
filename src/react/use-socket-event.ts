import type { Socket, SocketEvents } from '../index.js';
import { orNone } from '../pool/no-socket.js';
import { useCurrent } from './use-current.js';
import { useOnPage } from './use-on-page.js';

/** Calls `listener` at every `event` of the socket, without a render; always that of the latest render. */
export function useSocketEvent<In, Out, Event extends keyof SocketEvents<In, Out>>(
  socket: Socket<In, Out> | undefined,
  event: Event,
  listener: (payload: SocketEvents<In, Out>[Event]) => void,
): void {
  const current = useCurrent(listener);
  useOnPage(
    () => orNone(socket).on(event, (payload) => current.current(payload)),
    [socket, event, current],
  );
}
