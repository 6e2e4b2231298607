import { type Clock, systemClock } from './clock.js';
import { type Lifecycle, pageLifecycle } from './lifecycle.js';
import { type PageLocation, pageLocation } from './location.js';
import type { WebSocketConstructor } from './websocket.js';

/** Everything that holdline asks of the world outside. Tests pass one of their own. */
export interface Platform {
  readonly clock: Clock;
  readonly lifecycle: Lifecycle;
  /** Anywhere in `[0, 1)`. */
  readonly random: () => number;
  location(): PageLocation;
  /** The platform's own WebSocket class, where it has one. */
  webSocket(): WebSocketConstructor | undefined;
  /** Says that a listener threw, without stopping whoever called it. */
  readonly report: (error: unknown) => void;
}

export const systemPlatform: Platform = {
  clock: systemClock,
  lifecycle: pageLifecycle,
  random: () => Math.random(),
  location: pageLocation,
  webSocket: () => (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket,
  // Node has no reportError: there it is the uncaught exception that it would have been.
  report(error) {
    const { reportError } = globalThis as Partial<typeof globalThis>;
    (typeof reportError === 'function' ? reportError : rethrow)(error);
  },
};

function rethrow(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
