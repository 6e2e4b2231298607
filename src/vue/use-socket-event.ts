import { type MaybeRefOrGetter, onScopeDispose, toValue } from 'vue';
import type { Socket, SocketEvents } from '../index.js';
import { hearOut } from '../pool/leaving.js';
import { whileMounted } from './while-mounted.js';

/**
 * Calls `listener` at every `event` of the socket. When the URL has changed, it still hears of a `drop`, or an
 * `unknown` fate, of what waited on the line before.
 */
export function useSocketEvent<In, Out, Event extends keyof SocketEvents<In, Out>>(
  socket: MaybeRefOrGetter<Socket<In, Out> | undefined>,
  event: Event,
  listener: (payload: SocketEvents<In, Out>[Event]) => void,
): void {
  let isOver = false;
  whileMounted(
    () => toValue(socket),
    (current) => {
      const stop = current.on(event, listener);
      return () => {
        stop();
        hearOut(current, event, (payload) => {
          if (!isOver) listener(payload);
        });
      };
    },
  );
  onScopeDispose(() => (isOver = true));
}
