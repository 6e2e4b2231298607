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
  report(error: unknown): void;
}

export const systemPlatform: Platform = {
  clock: systemClock,
  lifecycle: pageLifecycle,
  random: () => Math.random(),
  location: pageLocation,
  webSocket: () => (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket,
  report(error) {
    // Node has no reportError: there it is the uncaught exception that it would have been.
    const { reportError = rethrow } = globalThis as Partial<typeof globalThis>;
    reportError(error);
  },
};

function rethrow(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
