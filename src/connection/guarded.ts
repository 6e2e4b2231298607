import { ignore } from '../base/abort.js';
import { ask } from '../base/ask.js';
import type { SocketError } from '../base/errors.js';
import { having, rule } from '../base/rules.js';
import type { Lifecycle } from '../platform/lifecycle.js';

/** Takes a lifecycle: an object with its three functions. */
export const lifecycleRule = /* @__PURE__ */ rule<Lifecycle | undefined>(
  /* @__PURE__ */ having('isOnline', 'isHidden', 'watch'),
);

/**
 * An application's own lifecycle, so that it can do no harm: what it throws is told as an error, and costs no
 * more. What it says before `watch` has returned is passed over, since how things stand is for the other two to
 * say; and so is what it says after it was told to stop.
 */
export function guarded(lifecycle: Lifecycle, failed: (error: SocketError) => void): Lifecycle {
  return {
    isOnline: () => ask('lifecycle.isOnline', () => lifecycle.isOnline(), true, failed),
    isHidden: () => ask('lifecycle.isHidden', () => lifecycle.isHidden(), false, failed),
    watch(listener) {
      let isWatched = false;
      const watch = (): (() => void) =>
        lifecycle.watch((event) => {
          if (isWatched) listener(event);
        });
      const stop = ask('lifecycle.watch', watch, ignore, failed);
      isWatched = true;
      return () => {
        isWatched = false;
        ask<unknown>('what lifecycle.watch returned', stop, undefined, failed);
      };
    },
  };
}
