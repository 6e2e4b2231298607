import { type MaybeRefOrGetter, toValue } from 'vue';
import type { Topics } from '../topics/index.js';
import { whileMounted } from './while-mounted.js';

/**
 * Calls `listener` with each message of `topic`, for as long as the component is mounted. Without topics, or a topic, it
 * waits for them.
 *
 * @param onGap - called when messages of the topic may be missing: fetch the state
 */
export function useTopic<In>(
  topics: MaybeRefOrGetter<Topics<In> | undefined>,
  topic: MaybeRefOrGetter<string | null | undefined>,
  listener: (message: In) => void,
  onGap?: () => void,
): void {
  let last: { readonly own: Topics<In>; readonly name: string } | undefined;
  whileMounted(
    () => {
      const [own, name] = [toValue(topics), toValue(topic)];
      if (!own || typeof name !== 'string') return undefined;
      // It begins anew only where one of the two is another.
      if (last?.own !== own || last.name !== name) last = { own, name };
      return last;
    },
    ({ own, name }) => own.on(name, (message) => listener(message), { onGap }),
  );
}
