import { number, section } from '../base/rules.js';
import { guarded, lifecycleRule } from '../connection/guarded.js';
import type { Timer } from '../platform/clock.js';
import type { Lifecycle, LifecycleEvent } from '../platform/lifecycle.js';
import { systemPlatform } from '../platform/platform.js';
import type { Socket } from '../socket/socket-interface.js';

/** Options of {@link pauseWhenHidden}. */
export interface PauseWhenHiddenOptions {
  /** For how long nobody must have seen the page, in milliseconds. @defaultValue 300_000 */
  readonly after?: number | undefined;
  /** That of the socket, where it was given one of its own. @defaultValue the page's own events */
  readonly lifecycle?: Lifecycle | undefined;
}

const settle = /* @__PURE__ */ section(() => ({
  after: number(300_000, 0),
  lifecycle: lifecycleRule,
}));

/**
 * Pauses the socket once the page has been hidden for a while, and connects it when the page is shown again:
 * a tab that nobody looks at costs the server nothing. Only what it has paused itself it connects, and not
 * what was closed or connected meanwhile.
 *
 * ```ts
 * pauseWhenHidden(socket, { after: 60_000 });
 * ```
 *
 * @returns what stops it; a socket that it has paused stays paused
 * @throws {@link SocketError} `options`
 */
export function pauseWhenHidden<In, Out>(
  socket: Socket<In, Out>,
  options?: PauseWhenHiddenOptions,
): () => void {
  const { after, lifecycle: given } = settle(options);
  const { clock, report } = systemPlatform;
  const lifecycle = given ? guarded(given, report) : systemPlatform.lifecycle;
  let timer: Timer;
  /** Whether it is idle because of us, and nobody has had another idea since. */
  let isOurs = false;

  function disarm(): void {
    clock.cancel(timer);
    timer = undefined;
  }

  function look(event?: LifecycleEvent): void {
    // Some say so before it can be asked for.
    if (event === 'hidden' || (event !== 'shown' && lifecycle.isHidden())) {
      if (!isOurs) timer ??= clock.after(after, due);
      return;
    }
    disarm();
    if (isOurs) socket.connect();
  }

  function due(): void {
    // A page that was frozen may be shown already, and its timers are the first to run.
    if (!lifecycle.isHidden()) return disarm();
    const { status } = socket;
    if (status === 'idle' || status === 'closing' || status === 'closed') return;
    socket.pause();
    isOurs = true;
  }

  const stopListening = socket.on('status', ({ status }) => {
    isOurs &&= status === 'idle';
  });
  const unwatch = lifecycle.watch(look);
  look();
  return () => {
    disarm();
    stopListening();
    unwatch();
  };
}
