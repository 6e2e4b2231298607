import type { Delivery } from '../events/delivery.js';
import type { Platform } from '../platform/platform.js';

/**
 * When events are fired: once the change they tell of is complete, where the network or a timer has caused it;
 * in a task of their own, where the application has, so that none is fired from within a call of its own.
 */
export interface Tasks {
  /** Whether nothing waits for its task: then a message may be fired at once. */
  readonly areDone: boolean;
  /** Makes a call of the application's. */
  readonly calledBy: (call: () => void) => void;
  /** Fires something in its turn. */
  readonly queue: (fire: () => void) => void;
}

/** @see https://html.spec.whatwg.org/multipage/webappapis.html#queue-a-task */
export function createTasks({ clock, report }: Platform, { later }: Delivery): Tasks {
  const waiting: (() => void)[] = [];
  let isCalled = false;

  /** Fires all that waits, but for what that causes: listeners that go in circles must not hold the page. */
  function run(): void {
    for (let left = waiting.length; left > 0; left--) {
      try {
        // It stays at the head meanwhile, so that what it causes comes after all that waits.
        waiting[0]?.();
      } catch (error) {
        // Some stand-ins for EventTarget let through what a listener throws.
        report(error);
      }
      waiting.shift();
    }
    if (waiting.length > 0) clock.after(0, run);
  }

  return {
    get areDone() {
      return waiting.length === 0;
    },
    calledBy(call) {
      const outer = isCalled;
      isCalled = true;
      try {
        call();
      } finally {
        isCalled = outer;
      }
    },
    queue(fire) {
      if (!isCalled && waiting.length === 0) return later(fire);
      if (waiting.push(fire) === 1) clock.after(0, run);
    },
  };
}
