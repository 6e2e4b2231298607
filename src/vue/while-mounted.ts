import { getCurrentInstance, onMounted, shallowRef, watch } from 'vue';

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
  const isMounted = shallowRef(instance ? instance.isMounted : 'document' in globalThis);
  if (!isMounted.value) onMounted(() => void (isMounted.value = true));
  watch(
    () => isMounted.value && source(),
    (value, _, onCleanup) => {
      if (value) onCleanup(start(value));
    },
    { immediate: true },
  );
}
