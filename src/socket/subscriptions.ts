import { ignore } from '../base/abort.js';
import { refuse } from '../base/rules.js';
import type { Delivery } from '../events/delivery.js';
import { type Listener, Listeners, type ListenOptions } from '../events/listeners.js';
import type { LineEvents } from './events.js';

/** Events and messages, and those who listen to them. */
export interface Subscriptions {
  /** @throws {@link SocketError} `options` */
  readonly on: (event: unknown, listener: Listener, options?: ListenOptions) => () => void;
  /** Tells the listeners of `event`, in its turn. */
  readonly emit: <Event extends keyof LineEvents<unknown>>(
    event: Event,
    payload: LineEvents<unknown>[Event],
  ) => void;
  /** Hands a message to the listeners, now: to all, and to those of its type. */
  readonly deliver: (message: unknown) => void;
}

const EVENTS = [
  'open',
  'message',
  'status',
  'close',
  'retry',
  'drop',
  'unknown',
  'session',
  'goaway',
  'latency',
  'error',
] as const;

/** @param typeOf - reads the type of a message */
export function createSubscriptions(
  report: (error: unknown) => void,
  { later }: Delivery,
  typeOf: (message: unknown) => unknown,
): Subscriptions {
  const messages = new Listeners(report);
  const byEvent = new Map<unknown, Listeners>();
  for (const event of EVENTS) byEvent.set(event, new Listeners(report));
  byEvent.set('message', messages);
  /** Those who want messages of one type only, by that. */
  const byType = new Map<string, Listeners>();

  function onType(type: string, listener: Listener, options?: ListenOptions): () => void {
    const listeners = byType.get(type) ?? new Listeners(report);
    // Types come and go, and must not pile up.
    const remove = listeners.add(listener, options, () => {
      if (listeners.isEmpty && byType.get(type) === listeners) byType.delete(type);
    });
    if (!listeners.isEmpty) byType.set(type, listeners);
    return remove;
  }

  return {
    on(event, listener, options) {
      const [prefix, type] = String(event).split(/:(.*)/s);
      if (prefix === 'message' && type !== undefined) return onType(type, listener, options);
      const listeners = byEvent.get(event) ?? refuse('event', event, true);
      return listeners.add(listener, options, ignore);
    },
    emit: (event, payload) => later(() => byEvent.get(event)?.call(payload)),
    deliver(message) {
      messages.call(message);
      if (byType.size === 0) return;
      try {
        const type = typeOf(message);
        if (typeof type === 'string') byType.get(type)?.call(message);
      } catch (error) {
        // The application's own function, or a getter; listeners are seen to where they are called.
        report(error);
      }
    },
  };
}
