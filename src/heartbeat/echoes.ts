/** How soon an echo comes, in milliseconds: what comes later is somebody else's ping. */
const PROMPT = 1_000;
/** So many pings, each echoed once and promptly, are no chance. */
const ENOUGH = 3;
/** How long after a ping that was echoed the next one follows, in milliseconds: longer each time. */
const CONFIRM = 2_000;

/**
 * Tells a server that sends our own ping back from others whose pings look the same: on a server that
 * passes messages on to everybody, those come late, or more than once, or not at all. The pings that
 * confirm it follow quickly and at different distances, so that nobody's rhythm fits them.
 */
export interface Echoes {
  /** Whether an echo is an answer on this connection. */
  readonly areAnswers: boolean;
  /** How long after a ping the next one is to follow, in milliseconds. */
  readonly gap: (interval: number) => number;
  /** Another ping goes out. */
  readonly pinged: () => void;
  /** Our ping came back, so long after it. @returns whether that is the answer */
  readonly heard: (after: number) => boolean;
  readonly reset: () => void;
}

export function createEchoes(): Echoes {
  let areAnswers = false;
  /** How many pings in a row were echoed as they should be. */
  let streak = 0;
  /** Since the last ping: how often it came back, and whether in time. */
  let count = 0;
  let isPrompt = false;
  return {
    get areAnswers() {
      return areAnswers;
    },
    gap: (interval) =>
      count === 1 && isPrompt ? Math.min(interval, CONFIRM + streak * PROMPT) : interval,
    pinged() {
      streak = count === 1 && isPrompt ? streak + 1 : 0;
      count = 0;
      areAnswers ||= streak >= ENOUGH;
    },
    heard(after) {
      count++;
      isPrompt = after <= PROMPT;
      return areAnswers && count === 1;
    },
    reset() {
      areAnswers = false;
      streak = count = 0;
    },
  };
}
