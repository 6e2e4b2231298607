import type { MessageSource, Socket, SourceEvents } from '../index.js';
import { nextTask } from '../platform/turns.js';

/** Lines that their last user has left, until what waited on them has gone out, or is dropped. */
const leaving = /* @__PURE__ */ new WeakMap<object, Promise<void>>();

/** Sends what waits on a line that nobody uses any more, as far as there is time, and closes it. */
export function closeLeft(socket: Pick<Socket, 'close'>): Promise<void> {
  const closed = socket.close({ flush: true });
  leaving.set(socket, closed);
  return closed;
}

/** What a message has come to, which may be known only when its sender has gone on to another line. */
const FATES: readonly unknown[] = ['drop', 'unknown'];

/** Listens to what a line that was just left still says of what waited on it; until it is closed, or others use it. */
export function hearOut(
  source: MessageSource<unknown>,
  event: keyof SourceEvents<unknown>,
  listener: (payload: unknown) => void,
): void {
  if (!FATES.includes(event)) return;
  const stop = source.on(event, listener);
  // It is left in the next task, since who leaves may come back in this one.
  nextTask(() => {
    nextTask(() => void (leaving.get(source) ?? Promise.resolve()).then(stop));
  });
}
