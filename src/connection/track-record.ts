import type { Clock } from '../platform/clock.js';
import { isRefusal } from './close-codes.js';
import type { Status } from './machine.js';

/** How far apart attempts are that the application asks for, where the last was of no use, in milliseconds. */
const PACE = 1_000;
/** After an attempt this long ago, in milliseconds, the application's wish for another begins anew. */
const FORGIVEN_AFTER = 10_000;
/** So often the application may close what has no native socket yet, and connect again at once: components do. */
const FREE = 3;

/** How a connection has done so far: what its retries go by, and how soon the application gets its way. */
export interface TrackRecord {
  /** How many retries in a row there have been. */
  readonly retries: number;
  readonly begin: (isRedialled: boolean) => void;
  readonly open: () => void;
  /** The attempt, or what came of it, has ended. @returns what the next one would be */
  readonly lose: (code: number) => { attempt: number; uncounted: number; refusals: number };
  /** Another retry. @returns which in a row it is */
  readonly retry: () => number;
  /** A wake-up begins the next attempt, `isAnew` as if nothing had been. */
  readonly wake: (isAnew: boolean) => void;
  /**
   * The application has ended it itself.
   *
   * @param hadSocket - whether there was a native socket to close
   */
  readonly end: (hadSocket: boolean) => void;
  /**
   * The application wants a connection. Where it has asked for the last one, too, and that was of no use,
   * it would go in circles.
   *
   * @returns how long it has to wait, in milliseconds; 0 or less is not at all
   */
  readonly wish: (status: Status) => number;
}

/** @param minUptime - how long a connection must have been open to be a success, in milliseconds */
export function createTrackRecord(clock: Clock, minUptime: number): TrackRecord {
  let retries = 0;
  /** How many of them a wake-up began. */
  let uncounted = 0;
  /** How often in a row the server has refused us. */
  let refusals = 0;
  let begunAt = -Infinity;
  let openedAt = Infinity;
  /** Whether the application has asked for the present attempt, in place of another. */
  let isRedialled = false;
  /** Whether the last attempt failed, or what came of it ended at once. */
  let wasOfNoUse = false;
  /** How often it has closed where there was no native socket, since a connection opened. */
  let changesOfMind = 0;

  const uptime = (): number => clock.now() - openedAt;

  function forgive(): void {
    retries = uncounted = refusals = 0;
  }

  return {
    get retries() {
      return retries;
    },
    begin(redialled) {
      begunAt = clock.now();
      openedAt = Infinity;
      isRedialled = redialled;
    },
    open() {
      openedAt = clock.now();
      changesOfMind = 0;
    },
    lose(code) {
      wasOfNoUse = uptime() < PACE;
      if (uptime() >= minUptime) forgive();
      if (isRefusal(code)) refusals++;
      return { attempt: retries + 1, uncounted, refusals };
    },
    retry: () => ++retries,
    wake(isAnew) {
      if (isAnew) retries = uncounted = 0;
      else if (uncounted < retries) uncounted++;
    },
    end(hadSocket) {
      // Listeners of which one closes and one connects would do so for ever, within one task.
      wasOfNoUse = !hadSocket && ++changesOfMind > FREE;
    },
    wish(status) {
      const age = clock.now() - begunAt;
      const isLive = status === 'connecting' || status === 'open';
      // While it is down, and no retry has helped, this is one of them.
      const isNew = (status === 'closed' || status === 'idle') && !wasOfNoUse;
      if (isNew || uptime() >= minUptime || age >= FORGIVEN_AFTER) forgive();
      const isInCircles = isLive ? isRedialled && uptime() < PACE : wasOfNoUse;
      // Where it is held, it abandons what there is, and that may be told to a listener who wishes again.
      wasOfNoUse ||= isInCircles;
      return isInCircles ? PACE - age : 0;
    },
  };
}
