import type { Socket } from '../../src/socket/socket-interface.js';

type Listener = (payload: unknown) => void;

/** Counts how often a listener is called that was added to `socket` from now on. */
export function countCalls<In, Out>(socket: Socket<In, Out>): { readonly calls: number } {
  const count = { calls: 0 };
  const on = socket.on.bind(socket) as (
    event: string,
    listener: Listener,
    options?: object,
  ) => () => void;
  const counting: typeof on = (event, listener, options) =>
    on(
      event,
      (payload) => {
        count.calls += 1;
        listener(payload);
      },
      options,
    );
  socket.on = counting as typeof socket.on;
  return count;
}
