import { getCurrentInstance, getCurrentScope, nextTick, onMounted, shallowRef, watch } from 'vue';

/**
 * Runs `start` on what `source` gives, and on what it gives later; each time having run first what
 * `start` returned before, as also when the scope is disposed of. In a component it begins when that
 * is mounted: on a server never, where it does not begin in a scope of its own either.
 */
export function whileMounted<T extends object>(
  source: () => T | undefined,
  start: (value: T) => () => void,
) {
  const instance = getCurrentInstance();
  const isOnPage = 'document' in globalThis;
  const isMounted = shallowRef(instance ? instance.isMounted : isOnPage);
  const begin = (): void => void (isMounted.value = true);
  if (!isMounted.value) onMounted(begin);
  // A store's scope outlives the component that happens to ask for it first, and that may never be mounted. What is
  // being hydrated is done within this task.
  const { scope } = (instance ?? {}) as { scope?: unknown };
  if (scope && isOnPage && getCurrentScope() !== scope) void nextTick(begin);
  watch(
    () => isMounted.value && source(),
    (value, _, onCleanup) => {
      if (value) onCleanup(start(value));
    },
    { immediate: true },
  );
}
