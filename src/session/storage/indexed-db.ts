import { createStore, del, get, keys, set, type UseStore } from 'idb-keyval';
import type { SessionKeeper } from '../keeping.js';
import { keepIn } from './kept-session.js';

/**
 * Keeps sessions in IndexedDB, through `idb-keyval`, which is to be installed beside holdline.
 *
 * ```ts
 * session({ storage: inIndexedDb() })
 * ```
 */
export function inIndexedDb(): SessionKeeper {
  let store: UseStore | undefined;

  /** Browsers close a database as they like, in the background above all: once more, with a new one. */
  async function use<T>(action: (store: UseStore) => Promise<T>): Promise<T> {
    // Not before it is needed: a server that renders has none.
    const current = (store ??= createStore('holdline', 'sessions'));
    try {
      return await action(current);
    } catch {
      if (store === current) store = createStore('holdline', 'sessions');
      return action(store);
    }
  }

  return keepIn({
    get: (key) => use((database) => get(key, database)),
    set: (key, value) => use((database) => set(key, value, database)),
    remove: (key) => use((database) => del(key, database)),
    keys: () => use((database) => keys(database)),
  });
}
