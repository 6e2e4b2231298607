import { computed, type MaybeRefOrGetter, type Ref, shallowRef, toValue } from 'vue';
import type { MessageSource, Snapshot } from '../index.js';
import { countdown } from '../pool/countdown.js';
import { orNone } from '../pool/no-socket.js';
import { whileMounted } from './while-mounted.js';

/** Whatever its messages are: here they do not matter. */
type AnySocket = MaybeRefOrGetter<MessageSource<never> | undefined>;

/** Something that tells when it has changed. */
interface Store<T> {
  readonly get: () => T;
  readonly subscribe: (listener: () => void) => () => void;
}

/** What the store says that `source` makes now; before it is mounted, `initial`, as a server has rendered it. */
function stored<T>(source: () => Store<T>, initial: T): Readonly<Ref<T>> {
  const store = computed(source);
  const shown = shallowRef(initial);
  whileMounted(
    () => store.value,
    ({ get, subscribe }) => {
      const update = (): void => void (shown.value = get());
      update();
      return subscribe(update);
    },
  );
  return shown;
}

/** All that there is to say of the line. Of no socket, it is `idle`. */
export function useSnapshot(socket: AnySocket): Readonly<Ref<Snapshot>> {
  return stored(() => {
    const { getSnapshot, subscribe } = orNone(toValue(socket));
    return { get: getSnapshot, subscribe };
  }, orNone(undefined).getServerSnapshot());
}

/** The whole seconds until the next attempt; `undefined` while none is waited for. */
export function useRetryIn(socket: AnySocket): Readonly<Ref<number | undefined>> {
  return stored(() => countdown(orNone(toValue(socket))), undefined);
}
