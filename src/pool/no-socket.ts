import type { MessageSource, SendOptions, Socket } from '../index.js';
import { nextTask } from '../platform/turns.js';

/** What stands for a URL that there is not yet. */
export type NoUrl = null | undefined | false;

const idle = /* @__PURE__ */ Object.freeze({
  status: 'idle',
  since: 0,
  isLate: false,
  attempt: 0,
  connects: 0,
});

const ignore = (): void => undefined;

/** What stands for a socket that there is not yet: as one that is idle, and drops what it is given. */
const noSocket = {
  status: 'idle' as const,
  subscribe: () => ignore,
  getSnapshot: () => idle,
  getServerSnapshot: () => idle,
  on: () => ignore,
  send(_: unknown, options?: SendOptions) {
    // As a socket does: once the caller has the result.
    nextTask(() => options?.onOutcome?.('closed'));
    return 'dropped' as const;
  },
};

/** `socket`, or what stands for it. */
export const orNone = <Source extends MessageSource<never> = Socket>(
  socket: Source | undefined,
): Source => socket ?? (noSocket as unknown as Source);
