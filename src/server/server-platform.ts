import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { type Clock, systemClock } from '../platform/clock.js';

/** Everything that the server asks of the world outside. Tests pass one of their own. */
export interface ServerPlatform {
  readonly clock: Clock;
  /** Milliseconds that nobody can set back: what claims and lives are measured by. */
  readonly monotonic: () => number;
  /** Anywhere in `[0, 1)`. */
  readonly random: () => number;
  /** 128 bits that nobody can guess, as text: ids, keys and tokens. */
  readonly secret: () => string;
  /** Says that a listener threw, without stopping whoever called it. */
  readonly report: (error: unknown) => void;
}

export const nodePlatform: ServerPlatform = {
  clock: systemClock,
  monotonic: () => performance.now(),
  random: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
  secret: () => randomBytes(16).toString('base64url'),
  // As an error in a listener of an EventEmitter: an uncaught exception, after what is under way.
  report(error) {
    process.nextTick(() => {
      throw error;
    });
  },
};
