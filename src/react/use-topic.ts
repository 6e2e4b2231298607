import type { Topics } from '../topics/index.js';
import { useCurrent } from './use-current.js';
import { useOnPage } from './use-on-page.js';

/**
 * Calls `listener` with each message of `topic`, for as long as the component is on the page; always that of the latest
 * render. Without topics, or a topic, it waits for them.
 *
 * @param onGap - called when messages of the topic may be missing: fetch the state
 */
export function useTopic<In>(
  topics: Topics<In> | undefined,
  topic: string | null | undefined,
  listener: (message: In) => void,
  onGap?: () => void,
): void {
  const current = useCurrent({ listener, onGap });
  useOnPage(() => {
    if (!topics || typeof topic !== 'string') return () => undefined;
    return topics.on(topic, (message) => current.current.listener(message), {
      onGap: () => current.current.onGap?.(),
    });
  }, [topics, topic, current]);
}
