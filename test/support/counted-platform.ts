import type { Clock, Timer } from '../../src/platform/clock.js';
import type { LifecycleEvent } from '../../src/platform/lifecycle.js';
import type { PageLocation } from '../../src/platform/location.js';
import type { WebSocketConstructor } from '../../src/platform/websocket.js';
import { type Platform, systemPlatform } from '../../src/platform/platform.js';

/** The real platform, whose page is up to the test, and which counts what is left in it. */
export class CountedPlatform implements Platform {
  /** What listeners threw. */
  readonly reported: unknown[] = [];
  isOnline = true;
  readonly #timers = new Set<Timer>();
  readonly #watchers = new Set<(event: LifecycleEvent) => void>();

  readonly clock: Clock = {
    now: () => systemPlatform.clock.now(),
    after: (delay, callback) => {
      const timer = systemPlatform.clock.after(delay, () => {
        this.#timers.delete(timer);
        callback();
      });
      if (timer) this.#timers.add(timer);
      return timer;
    },
    cancel: (timer) => {
      this.#timers.delete(timer);
      systemPlatform.clock.cancel(timer);
    },
  };

  readonly lifecycle = {
    isOnline: (): boolean => this.isOnline,
    isHidden: (): boolean => false,
    watch: (watcher: (event: LifecycleEvent) => void): (() => void) => {
      this.#watchers.add(watcher);
      return () => void this.#watchers.delete(watcher);
    },
  };

  readonly random = systemPlatform.random;
  readonly location = (): PageLocation => systemPlatform.location();
  readonly webSocket = (): WebSocketConstructor | undefined => systemPlatform.webSocket();
  readonly report = (error: unknown): void => void this.reported.push(error);

  /** Something happens to the page. */
  tell(event: LifecycleEvent): void {
    for (const watcher of [...this.#watchers]) watcher(event);
  }

  /** What must be nothing once nobody needs it. */
  get leftovers(): { timers: number; watchers: number } {
    return { timers: this.#timers.size, watchers: this.#watchers.size };
  }
}
