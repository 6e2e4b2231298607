/** What has arrived somewhere, in order, for tests that wait for it. */
import { EventEmitter, once } from 'node:events';

export function arrivals<T>() {
  const all: T[] = [];
  const changes = new EventEmitter();
  return {
    all: all as readonly T[],

    /** Needs no `this`, so that it can be handed to a library as a listener. */
    add: (item: T): void => {
      all.push(item);
      changes.emit('change');
    },

    /** Settles when something has arrived that fits, past or future. */
    async until(fits: (item: T) => boolean): Promise<T> {
      for (;;) {
        const found = all.find(fits);
        if (found !== undefined) return found;
        await once(changes, 'change');
      }
    },

    /** Settles when so many have arrived. */
    async count(wanted: number): Promise<void> {
      while (all.length < wanted) await once(changes, 'change');
    },
  };
}
