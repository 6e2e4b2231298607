import type { LineEvents } from '../socket/events.js';
import { SocketError } from '../base/errors.js';
import type { Line } from '../socket/line.js';
import { abortSignal, isFunction, oneOf, refuse, section } from '../base/rules.js';
import { checkWaiters, onAbort } from './waiters.js';

/** How long a listener stays. */
export interface ListenOptions {
  /** Removes the listener when aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Removes the listener before its first call. @defaultValue false */
  readonly once?: boolean | undefined;
}

const settleListen = /* @__PURE__ */ section<ListenOptions>(() => ({
  signal: abortSignal,
  once: oneOf(false, true),
}));

interface Entry {
  /** Gone once the listener is removed. */
  call?: ((payload: unknown) => void) | undefined;
}

/** Each list is replaced, never changed: a dispatch walks the one that it began with. */
type Listeners = Record<string, readonly Entry[] | undefined>;

/** What a line knows of those who listen. */
export interface EventState {
  /** By event. */
  readonly listeners: Listeners;
  /** Those who want messages of one `type` only, by that. */
  byType: Listeners | undefined;
  /** What is to be told once the change that is under way is complete. */
  readonly pending: (() => void)[];
  /** How many changes are under way, one within the other. */
  depth: number;
  /** Those who wait for something to come true: each looks whether it has. */
  waiters: Set<() => void> | undefined;
}

export function listen(
  listeners: Listeners,
  key: string,
  listener: (payload: unknown) => void,
  options?: ListenOptions,
): () => void {
  const { signal, once } = settleListen(options);
  if (!isFunction(listener)) refuse('listener', listener);
  const entry: Entry = {};
  const others = () => (listeners[key] ?? []).filter((other) => other !== entry);
  const remove = (): void => {
    entry.call = undefined;
    const rest = others();
    if (rest.length > 0) listeners[key] = rest;
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- types come and go, and must not pile up
    else delete listeners[key];
    stop();
  };
  entry.call = once ? (payload) => (remove(), listener(payload)) : listener;
  listeners[key] = others().concat(entry);
  const stop = onAbort(signal, remove);
  if (signal?.aborted) remove();
  return remove;
}

/** Calls listeners now; one that throws is reported, and starves nobody. */
export function dispatch(
  { platform }: Line,
  entries: readonly Entry[] | undefined,
  payload: unknown,
): void {
  if (!entries) return;
  for (const entry of entries) {
    try {
      entry.call?.(payload);
    } catch (error) {
      platform.report(error);
    }
  }
}

/** Tells the listeners of `event`, in its turn. */
export function emit<Event extends keyof LineEvents<unknown>>(
  line: Line,
  event: Event,
  payload: LineEvents<unknown>[Event],
): void {
  later(line, () => dispatch(line, line.listeners[event], payload));
}

/** Calls back into the application, in its turn. */
export function later(line: Line, call: () => void): void {
  batch(line, () => line.pending.push(call));
}

/**
 * Makes a change as a whole: what it emits is heard once it is complete, after everything that was
 * emitted before. So no listener ever meets a half-made change, whatever it does itself.
 */
export function batch<T>(line: Line, change: () => T): T {
  const { pending } = line;
  line.depth++;
  try {
    const result = change();
    if (line.depth > 1) return result;
    checkWaiters(line);
    if (pending.length === 0) return result;
    // More may be added on the way.
    for (const call of pending) {
      try {
        call();
      } catch (error) {
        line.platform.report(error);
      }
      checkWaiters(line);
    }
    pending.length = 0;
    return result;
  } finally {
    line.depth--;
  }
}

/** Asks one of the application's functions, now; what it throws is an `error` event. */
export function ask<T>(line: Line, name: string, question: () => T | undefined, fallback: T): T {
  try {
    return question() ?? fallback;
  } catch (cause) {
    emit(line, 'error', new SocketError('callback', `${name} threw`, { cause }));
    return fallback;
  }
}
