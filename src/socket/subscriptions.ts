import { refuse } from '../base/rules.js';
import type { Delivery } from '../events/delivery.js';
import { createListeners, type Listeners, type ListenOptions } from '../events/listeners.js';
import type { LineEvents } from './events.js';

/** Events and messages, and those who listen to them. */
export interface Subscriptions {
  /** @throws {@link SocketError} `options` */
  readonly on: (
    event: unknown,
    listener: (payload: never) => void,
    options?: ListenOptions,
  ) => () => void;
  /** Tells the listeners of `event`, in its turn. */
  readonly emit: <Event extends keyof LineEvents<unknown>>(
    event: Event,
    payload: LineEvents<unknown>[Event],
  ) => void;
  /** Hands a message to the listeners, now: to all, and to those of its type. */
  readonly deliver: (message: unknown) => void;
}

const EVENTS: readonly unknown[] = [
  'open',
  'message',
  'status',
  'close',
  'retry',
  'drop',
  'latency',
  'error',
];

export function createSubscriptions(
  report: (error: unknown) => void,
  { later }: Delivery,
): Subscriptions {
  const listeners = createListeners(report);
  /** Those who want messages of one `type` only, by that; none where nobody does. */
  let byType: Listeners | undefined;
  return {
    on(event, listener, options) {
      const name = String(event);
      const [prefix, type] = name.split(/:(.*)/s);
      if (prefix === 'message' && type !== undefined) {
        byType ??= createListeners(report);
        return byType.add(type, listener as (payload: unknown) => void, options);
      }
      if (!EVENTS.includes(event)) refuse('event', event);
      return listeners.add(name, listener as (payload: unknown) => void, options);
    },
    emit: (event, payload) => later(() => listeners.call(event, payload)),
    deliver(message) {
      listeners.call('message', message);
      if (!byType) return;
      const type = (message as { type?: unknown } | null)?.type;
      if (typeof type === 'string') byType.call(type, message);
    },
  };
}
