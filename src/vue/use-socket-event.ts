import { type MaybeRefOrGetter, onScopeDispose, toValue } from 'vue';
import type { MessageSource, Socket, SocketEvents, SourceEvents } from '../index.js';
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
): void;
/** The same for a socket of which only some messages are known. */
export function useSocketEvent<In, Type extends string, Event extends keyof SourceEvents<In, Type>>(
  source: MaybeRefOrGetter<MessageSource<In, Type> | undefined>,
  event: Event,
  listener: (payload: SourceEvents<In, Type>[Event]) => void,
): void;
export function useSocketEvent(
  socket: MaybeRefOrGetter<MessageSource<unknown> | undefined>,
  event: keyof SourceEvents<unknown>,
  listener: (payload: unknown) => void,
): void {
  let present: unknown;
  let isOver = false;
  whileMounted(
    () => toValue(socket),
    (current) => {
      present = current;
      const stop = current.on(event, listener);
      return () => {
        stop();
        // Unless it comes back to that line, and listens to it anyway.
        if (present === current) present = undefined;
        hearOut(current, event, (payload) => {
          if (!isOver && present !== current) listener(payload);
        });
      };
    },
  );
  onScopeDispose(() => (isOver = true));
}
