import { nextRealTask } from '../platform/real-time.js';

/**
 * How many promises may settle, one after the other, before the next event. Browsers give each event a task of its
 * own, and have done all promises before it; a timer would do the same, but stand still where a test has faked it.
 */
const PROMISES = 20;

/** How many promises may settle, one after the other, before nothing is taken to follow any more. */
const SETTLED = 200;

/** After so many events the event loop turns: who answers for ever would keep the runner from saying so. */
const BREATH = 1_000;

/** Something that happens; where it is a promise, what comes next waits for it. */
export type Task = () => unknown;

/** What happens on the lines of one server, by promises alone. */
export interface Turns {
  /** A line: what is queued on it happens in order, each in a turn of its own. */
  readonly line: () => (task: Task) => void;
  /** Kept once nothing is under way, and what that has set off has had its turns. */
  readonly settled: () => Promise<void>;
}

export function createTurns(): Turns {
  let underWay = 0;
  let count = 0;
  const idle: (() => void)[] = [];

  async function run(waiting: Task[]): Promise<void> {
    for (let task = waiting[0]; task; task = waiting[0]) {
      await promises(PROMISES);
      if (++count % BREATH === 0) await nextRealTask();
      try {
        await task();
      } catch (error) {
        // The line goes on.
        void uncaught(error);
      }
      waiting.shift();
      if (--underWay === 0) idle.splice(0).forEach((resolve) => resolve());
    }
  }

  return {
    line() {
      const waiting: Task[] = [];
      return (task) => {
        underWay++;
        if (waiting.push(task) === 1) void run(waiting);
      };
    },
    async settled() {
      for (let quiet = 0; quiet < SETTLED; quiet++) {
        if (underWay > 0) {
          await new Promise<void>((resolve) => idle.push(resolve));
          quiet = 0;
        }
        await promises(1);
      }
    },
  };
}

/** Nobody waits for it: so runners see it, and pages say it. */
async function uncaught(error: unknown): Promise<never> {
  await Promise.resolve();
  throw error;
}

async function promises(count: number): Promise<void> {
  for (let left = count; left > 0; left--) await Promise.resolve();
}
