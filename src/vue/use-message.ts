import { computed, type ComputedRef, type MaybeRefOrGetter, shallowRef, toValue } from 'vue';
import type { MessageOf, MessageSource, MessageType, Socket } from '../index.js';
import { eventOf, latest, type LatestOptions, listenTo } from '../pool/latest.js';
import { orNone } from '../pool/no-socket.js';
import { whileMounted } from './while-mounted.js';

/** Calls `listener` with every message of this `type`, or of these: each one, in order, without a render. */
export function useMessage<In, Out, Type extends MessageType<In>>(
  socket: MaybeRefOrGetter<Socket<In, Out> | undefined>,
  type: Type | readonly Type[],
  listener: (message: MessageOf<In, Type>) => void,
): void;
/** The same for a socket of which only some messages are known. */
export function useMessage<In, Types extends string, Type extends Types>(
  source: MaybeRefOrGetter<MessageSource<In, Types> | undefined>,
  type: Type | readonly Type[],
  listener: (message: MessageOf<In, Type>) => void,
): void;
/** With every message. */
export function useMessage<In, Out>(
  socket: MaybeRefOrGetter<Socket<In, Out> | undefined>,
  listener: (message: In) => void,
): void;
export function useMessage(
  socket: MaybeRefOrGetter<MessageSource<unknown> | undefined>,
  type: unknown,
  listener = type as (message: unknown) => void,
): void {
  whileMounted(
    () => orNone(toValue(socket)),
    (socket) => listenTo(socket, type, listener),
  );
}

/**
 * What the newest message of this `type` says. However many arrive, it changes at most once a frame,
 * and only where the selected value is another. `select` may depend on refs.
 */
export function useLatest<
  In,
  Out,
  Type extends MessageType<In>,
  Selected = MessageOf<In, Type>,
  Initial = undefined,
>(
  socket: MaybeRefOrGetter<Socket<In, Out> | undefined>,
  type: Type,
  options?: LatestOptions<MessageOf<In, Type>, Selected, Initial>,
): ComputedRef<Exclude<Selected, undefined> | Initial>;
/** The same for a socket of which only some messages are known. */
export function useLatest<
  In,
  Types extends string,
  Type extends Types,
  Selected = MessageOf<In, Type>,
  Initial = undefined,
>(
  source: MaybeRefOrGetter<MessageSource<In, Types> | undefined>,
  type: Type,
  options?: LatestOptions<MessageOf<In, Type>, Selected, Initial>,
): ComputedRef<Exclude<Selected, undefined> | Initial>;
/** What the newest message of any type says. */
export function useLatest<In, Out, Selected = In, Initial = undefined>(
  socket: MaybeRefOrGetter<Socket<In, Out> | undefined>,
  options?: LatestOptions<In, Selected, Initial>,
): ComputedRef<Exclude<Selected, undefined> | Initial>;
export function useLatest(
  socket: MaybeRefOrGetter<MessageSource<unknown> | undefined>,
  type: unknown,
  options = (typeof type === 'object' ? type : undefined) as
    LatestOptions<unknown, unknown, unknown> | undefined,
): ComputedRef<unknown> {
  const { select, initial } = options ?? {};
  const selectFrom = (message: unknown): unknown =>
    message === undefined || !select ? message : select(message);
  const source = computed(() => latest(orNone(toValue(socket)), eventOf(type), selectFrom));
  const frames = shallowRef(0);
  whileMounted(
    () => source.value,
    ({ subscribe }) => subscribe(() => frames.value++),
  );
  return computed(() => {
    toValue(frames);
    const selected = selectFrom(source.value.get());
    return selected === undefined ? initial : selected;
  });
}
