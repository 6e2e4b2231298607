import { computed, type ComputedRef, type MaybeRefOrGetter, shallowRef, toValue } from 'vue';
import type { MessageOf, MessageType, Socket } from '../index.js';
import { eventOf, latest, type LatestOptions, listenTo } from '../pool/latest.js';
import { orNone } from '../pool/no-socket.js';
import { whileMounted } from './while-mounted.js';

/** Calls `listener` with every message of this `type`, or of these: each one, in order, without a render. */
export function useMessage<In, Out, Type extends MessageType<In>>(
  socket: MaybeRefOrGetter<Socket<In, Out> | undefined>,
  type: Type | readonly Type[],
  listener: (message: MessageOf<In, Type>) => void,
): void;
/** With every message. */
export function useMessage<In, Out>(
  socket: MaybeRefOrGetter<Socket<In, Out> | undefined>,
  listener: (message: In) => void,
): void;
export function useMessage(
  socket: MaybeRefOrGetter<Socket | undefined>,
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
/** What the newest message of any type says. */
export function useLatest<In, Out, Selected = In, Initial = undefined>(
  socket: MaybeRefOrGetter<Socket<In, Out> | undefined>,
  options?: LatestOptions<In, Selected, Initial>,
): ComputedRef<Exclude<Selected, undefined> | Initial>;
export function useLatest(
  socket: MaybeRefOrGetter<Socket | undefined>,
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
