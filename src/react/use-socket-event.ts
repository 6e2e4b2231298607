import { useEffect, useRef } from 'react';
import type { MessageSource, Socket, SocketEvents, SourceEvents } from '../index.js';
import { hearOut } from '../pool/leaving.js';
import { orNone } from '../pool/no-socket.js';
import { useCurrent } from './use-current.js';
import { useOnPage } from './use-on-page.js';

/**
 * Calls `listener` at every `event` of the socket, without a render; always that of the latest render. When the URL
 * has changed, it still hears of a `drop`, or an `unknown` fate, of what waited on the line before.
 */
export function useSocketEvent<In, Out, Event extends keyof SocketEvents<In, Out>>(
  socket: Socket<In, Out> | undefined,
  event: Event,
  listener: (payload: SocketEvents<In, Out>[Event]) => void,
): void;
/** The same for a socket of which only some messages are known. */
export function useSocketEvent<In, Type extends string, Event extends keyof SourceEvents<In, Type>>(
  source: MessageSource<In, Type> | undefined,
  event: Event,
  listener: (payload: SourceEvents<In, Type>[Event]) => void,
): void;
export function useSocketEvent(
  socket: MessageSource<unknown> | undefined,
  event: keyof SourceEvents<unknown>,
  listener: (payload: unknown) => void,
): void {
  const current = useCurrent(listener);
  const own = useRef({ left: socket, isOnPage: false }).current;
  useOnPage(
    () => orNone(socket).on(event, (payload) => current.current(payload)),
    [socket, event, current],
  );
  useEffect(() => {
    const { left } = own;
    own.left = socket;
    if (!left || left === socket) return;
    hearOut(left, event, (payload) => {
      // Who has come back to that line listens to it anyway.
      if (own.isOnPage && own.left !== left) current.current(payload);
    });
  }, [socket, event, current, own]);
  useEffect(() => {
    own.isOnPage = true;
    return () => void (own.isOnPage = false);
  }, [own]);
}
