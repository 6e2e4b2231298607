import { useMemo, useSyncExternalStore } from 'react';
import type { MessageSource, Snapshot } from '../index.js';
import { countdown } from '../pool/countdown.js';
import { orNone } from '../pool/no-socket.js';

/** Whatever its messages are: here they do not matter. */
type AnySocket = MessageSource<never> | undefined;

/** All that there is to say of the line, rendered whenever it changes. Of no socket, it is `idle`. */
export function useSnapshot(socket: AnySocket): Snapshot {
  const { subscribe, getSnapshot, getServerSnapshot } = orNone(socket);
  return useSyncExternalStore(subscribe, getSnapshot, getServerSnapshot);
}

const none = (): undefined => undefined;

/** The whole seconds until the next attempt; `undefined` while none is waited for. Renders once a second. */
export function useRetryIn(socket: AnySocket): number | undefined {
  const { subscribe, get } = useMemo(() => countdown(orNone(socket)), [socket]);
  return useSyncExternalStore(subscribe, get, none);
}
