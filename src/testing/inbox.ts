import { afterRealTime } from '../platform/real-time.js';
import { type Match, matches, show } from './match.js';

/** How many of the latest arrivals an error shows. */
const SHOWN = 10;

interface Waiter<T> {
  readonly match: Match<T>;
  readonly take: (one: T) => void;
  readonly fail: (error: unknown) => void;
}

/** What has arrived, and those who wait for more. */
export interface Inbox<T> {
  /** Everything, in order. */
  readonly all: readonly T[];
  readonly add: (one: T) => void;
  /** Something has arrived that is of no use to anybody: those who wait now are told why. */
  readonly fail: (error: Error) => void;
  /** The first that matches and that nobody was given, be it here already. What does not match stays for others. */
  readonly next: (match?: Match<T>) => Promise<T>;
}

/**
 * @param noun - what arrives, for errors
 * @param timeout - how long to wait, in milliseconds of true time
 * @param view - how one that has arrived looks in an error
 * @param situation - what else an error is to say
 */
export function createInbox<T>(
  noun: string,
  timeout: number,
  view: (one: T) => string,
  situation: () => string,
): Inbox<T> {
  const all: T[] = [];
  const untaken: T[] = [];
  const waiters = new Set<Waiter<T>>();
  let failure: Error | undefined;

  function complaint(match: Match<T>): string {
    const which = match === undefined ? '' : ` that matches ${show(match)}`;
    const first = Math.max(0, all.length - SHOWN);
    const list = all.slice(first).map((one, index) => `\n  ${first + index + 1}. ${view(one)}`);
    const arrived = all.length > 0 ? `There were:${list.join('')}` : 'There was none.';
    return `no ${noun}${which} within ${timeout} ms. ${arrived}\n${situation()}`;
  }

  return {
    all,
    add(one) {
      all.push(one);
      for (const { match, take, fail } of waiters) {
        try {
          if (matches(match, one)) return take(one);
        } catch (error) {
          // Its own function has thrown: others may want this one.
          fail(error);
        }
      }
      untaken.push(one);
    },
    fail(error) {
      failure = error;
      for (const { fail } of waiters) fail(error);
    },
    next(match) {
      // Taken here, where it leads to the line of the test.
      const { stack = '' } = new Error();
      return new Promise((resolve, reject) => {
        const at = untaken.findIndex((one) => matches(match, one));
        if (at >= 0) return resolve(untaken.splice(at, 1)[0] as T);
        const settle = (): void => {
          waiters.delete(waiter);
          stop();
        };
        const waiter: Waiter<T> = {
          match,
          take: (one) => (settle(), resolve(one)),
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what a test has thrown
          fail: (error) => (settle(), reject(error)),
        };
        waiters.add(waiter);
        const stop = afterRealTime(timeout, () => {
          const error = new Error(complaint(match), { cause: failure });
          error.stack = stack.replace(/^Error/, () => String(error));
          waiter.fail(error);
        });
      });
    },
  };
}
