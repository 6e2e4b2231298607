import {
  computed,
  type ComputedRef,
  type MaybeRefOrGetter,
  shallowRef,
  toValue,
  triggerRef,
} from 'vue';
import type { MessageOf, MessageType, Socket } from '../index.js';
import { eventOf, type Latest, latest, type LatestOptions } from '../pool/latest.js';
import { whileMounted } from './while-mounted.js';

/** Calls `listener` with every message of this `type`: each one, in order, without a render. */
export function useMessage<In, Out, Type extends MessageType<In>>(
  socket: MaybeRefOrGetter<Socket<In, Out>>,
  type: Type,
  listener: (message: MessageOf<In, Type>) => void,
): void;
/** With every message. */
export function useMessage<In, Out>(
  socket: MaybeRefOrGetter<Socket<In, Out>>,
  listener: (message: In) => void,
): void;
export function useMessage(
  socket: MaybeRefOrGetter<Socket>,
  type: unknown,
  listener = type as (message: unknown) => void,
): void {
  whileMounted(
    () => toValue(socket),
    (socket) => socket.on(eventOf(type), listener),
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
  socket: MaybeRefOrGetter<Socket<In, Out>>,
  type: Type,
  options?: LatestOptions<MessageOf<In, Type>, Selected, Initial>,
): ComputedRef<Exclude<Selected, undefined> | Initial>;
/** What the newest message of any type says. */
export function useLatest<In, Out, Selected = In, Initial = undefined>(
  socket: MaybeRefOrGetter<Socket<In, Out>>,
  options?: LatestOptions<In, Selected, Initial>,
): ComputedRef<Exclude<Selected, undefined> | Initial>;
export function useLatest(
  socket: MaybeRefOrGetter<Socket>,
  type: unknown,
  options = (typeof type === 'object' ? type : undefined) as
    LatestOptions<unknown, unknown, unknown> | undefined,
): ComputedRef<unknown> {
  const { select = (message: unknown) => message, initial } = options ?? {};
  const messages = shallowRef<{ latest?: Latest<unknown> }>({});
  whileMounted(
    () => toValue(socket),
    (socket) => {
      const { value } = messages;
      const isNews = value.latest?.get() !== undefined;
      value.latest = latest(socket, eventOf(type), select);
      if (isNews) triggerRef(messages);
      return value.latest.subscribe(() => triggerRef(messages));
    },
  );
  return computed(() => {
    const message = messages.value.latest?.get();
    const selected = message === undefined ? message : select(message);
    return selected === undefined ? initial : selected;
  });
}
