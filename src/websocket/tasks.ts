import type { Delivery } from '../events/delivery.js';
import type { Clock } from '../platform/clock.js';

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
export function createTasks(clock: Clock, { later }: Delivery): Tasks {
  const waiting: (() => void)[] = [];
  let isCalled = false;

  function run(): void {
    // It stays at the head meanwhile: what it causes comes after all that waits.
    waiting[0]?.();
    waiting.shift();
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
