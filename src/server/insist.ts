import type { Clock } from '../platform/clock.js';

/** How long a step that failed waits, at first and at most, in milliseconds. */
const FIRST_WAIT = 50;
const LONGEST_WAIT = 2_000;

/**
 * Makes a step of the store until there is an answer: where one fails, nobody knows whether it was made, and it is made
 * again as it was.
 *
 * @param isWanted - asked before each but the first
 * @param failed - told of each failure
 * @returns `undefined` once it is not wanted any more
 */
export async function insist<Answer>(
  clock: Clock,
  step: () => Promise<Answer>,
  isWanted: () => boolean,
  failed: (cause: unknown) => void,
): Promise<Answer | undefined> {
  for (let wait = FIRST_WAIT; ; wait = Math.min(2 * wait, LONGEST_WAIT)) {
    try {
      return await step();
    } catch (cause) {
      failed(cause);
    }
    await new Promise<void>((resolve) => clock.after(wait, resolve));
    if (!isWanted()) return undefined;
  }
}
