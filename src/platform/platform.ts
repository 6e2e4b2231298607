import { type Clock, systemClock } from './clock.js';
import { type Lifecycle, pageLifecycle } from './lifecycle.js';
import { type PageLocation, pageLocation } from './location.js';
import { globalWebSocket, type WebSocketConstructor } from './websocket.js';

/** Everything that holdline asks of the world outside. Tests pass one of their own. */
export interface Platform {
  readonly clock: Clock;
  readonly lifecycle: Lifecycle;
  /** Anywhere in `[0, 1)`. */
  random(): number;
  location(): PageLocation;
  webSocket(): WebSocketConstructor | undefined;
  /** Says that a listener threw, without stopping whoever called it. */
  report(error: unknown): void;
}

export const systemPlatform: Platform = {
  clock: systemClock,
  lifecycle: pageLifecycle,
  random: () => Math.random(),
  location: pageLocation,
  webSocket: globalWebSocket,
  report(error) {
    if (typeof reportError === 'function') reportError(error);
    // Node has no reportError: an uncaught exception is what it would have been.
    else
      queueMicrotask(() => {
        throw error;
      });
  },
};
