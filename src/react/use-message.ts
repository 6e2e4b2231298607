import { useMemo, useSyncExternalStore } from 'react';
import type { MessageOf, MessageSource, MessageType, Socket } from '../index.js';
import { eventOf, latest, type LatestOptions, listenTo } from '../pool/latest.js';
import { orNone } from '../pool/no-socket.js';
import { useCurrent } from './use-current.js';
import { useOnPage } from './use-on-page.js';

/**
 * Calls `listener` with every message of this `type`, or of these: each one, in order, without a render. It is
 * always the listener of the latest render.
 */
export function useMessage<In, Out, Type extends MessageType<In>>(
  socket: Socket<In, Out> | undefined,
  type: Type | readonly Type[],
  listener: (message: MessageOf<In, Type>) => void,
): void;
/** The same for a socket of which only some messages are known. */
export function useMessage<In, Types extends string, Type extends Types>(
  source: MessageSource<In, Types> | undefined,
  type: Type | readonly Type[],
  listener: (message: MessageOf<In, Type>) => void,
): void;
/** With every message. */
export function useMessage<In, Out>(
  socket: Socket<In, Out> | undefined,
  listener: (message: In) => void,
): void;
export function useMessage(
  socket: MessageSource<unknown> | undefined,
  type: unknown,
  listener = type as (message: unknown) => void,
): void {
  const current = useCurrent(listener);
  useOnPage(
    () => listenTo(orNone(socket), type, (message) => current.current(message)),
    // Written inline, an array is another one at each render.
    [socket, JSON.stringify(type), current],
  );
}

/**
 * What the newest message of this `type` says. However many arrive, there is at most one render a
 * frame, and none where the selected value is the same.
 */
export function useLatest<
  In,
  Out,
  Type extends MessageType<In>,
  Selected = MessageOf<In, Type>,
  Initial = undefined,
>(
  socket: Socket<In, Out> | undefined,
  type: Type,
  options?: LatestOptions<MessageOf<In, Type>, Selected, Initial>,
): Exclude<Selected, undefined> | Initial;
/** The same for a socket of which only some messages are known. */
export function useLatest<
  In,
  Types extends string,
  Type extends Types,
  Selected = MessageOf<In, Type>,
  Initial = undefined,
>(
  source: MessageSource<In, Types> | undefined,
  type: Type,
  options?: LatestOptions<MessageOf<In, Type>, Selected, Initial>,
): Exclude<Selected, undefined> | Initial;
/** What the newest message of any type says. */
export function useLatest<In, Out, Selected = In, Initial = undefined>(
  socket: Socket<In, Out> | undefined,
  options?: LatestOptions<In, Selected, Initial>,
): Exclude<Selected, undefined> | Initial;
export function useLatest(
  socket: MessageSource<unknown> | undefined,
  type: unknown,
  options = (typeof type === 'object' ? type : undefined) as
    LatestOptions<unknown, unknown, unknown> | undefined,
): unknown {
  const { select, initial } = options ?? {};
  const selectFrom = (message: unknown): unknown =>
    message === undefined || !select ? message : select(message);
  const current = useCurrent(selectFrom);
  const event = eventOf(type);
  const { get, subscribe } = useMemo(
    () => latest(orNone(socket), event, (message) => current.current(message)),
    [socket, event, current],
  );
  const selected = selectFrom(useSyncExternalStore(subscribe, get, get));
  return selected === undefined ? initial : selected;
}
