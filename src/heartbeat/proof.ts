import type { SocketError } from '../base/errors.js';
import { createEchoes, type Echoes } from './echoes.js';
import { createStrikes } from './strikes.js';

/** So many connections in a row without one answer, and the server is not what it was. */
const UNPROVEN_AFTER = 2;

/** What the pings have shown of the server: whether it answers them, and whether it bears them. */
export interface Proof {
  readonly echoes: Echoes;
  /** Whether it has answered in time once: from then on it must. */
  readonly isProven: boolean;
  /** Whether it bears no pings. */
  readonly isStruckOut: boolean;
  /** Whether silence kills. */
  readonly mustAnswer: () => boolean;
  /** There is a connection. */
  readonly begin: () => void;
  /** There is none any more. @param hasDied - by itself: only then it may be put down to a ping */
  readonly end: (hasDied: boolean) => void;
  readonly answered: () => void;
  /** The connection is given up, since there was no answer. */
  readonly gaveUp: () => void;
  /**
   * The connection has closed.
   *
   * @param isAfterPing - so soon after one that it may be why
   * @returns whether that is to be put down to the ping
   */
  readonly closed: (code: number, isAfterPing: boolean) => boolean;
  /** It bears pings, or is to be tried again. */
  readonly forgetStrikes: () => void;
}

/** @param silenced - told once when the server turns out to bear no pings */
export function createProof(
  expectReply: boolean | 'auto',
  silenced: (error: SocketError) => void,
): Proof {
  const echoes = createEchoes();
  const strikes = createStrikes(silenced);
  let isProven = false;
  /** Whether it has answered on this connection. */
  let hasAnswered = false;
  /** Whether there has been a connection since the last close. */
  let isStarted = false;
  /** How many connections in a row were given up without one answer. */
  let mute = 0;

  return {
    echoes,
    get isProven() {
      return isProven;
    },
    get isStruckOut() {
      return strikes.areOut;
    },
    mustAnswer: () => (expectReply === 'auto' ? isProven || echoes.areAnswers : expectReply),
    begin() {
      hasAnswered = false;
      isStarted = true;
      echoes.reset();
    },
    end(hasDied) {
      isStarted &&= hasDied;
    },
    answered() {
      isProven = hasAnswered = true;
      mute = 0;
      strikes.forget();
    },
    gaveUp() {
      if (!hasAnswered && ++mute >= UNPROVEN_AFTER) isProven = false;
    },
    closed(code, isAfterPing) {
      // An attempt that never came to be open has nothing to do with pings.
      if (!isStarted) return false;
      isStarted = false;
      return strikes.closed(code, isAfterPing && !isProven && !echoes.areAnswers);
    },
    forgetStrikes: strikes.forget,
  };
}
