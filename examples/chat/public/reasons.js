/**
 * Why nobody can tell what became of a message, in words.
 *
 * @import { SessionInfo } from '../../../src/index.js'
 * @import { Entry } from './messages.js'
 *
 * @typedef {NonNullable<SessionInfo<unknown>['reset']>['reason']} ResetReason
 */
import { count } from './format.js';

/** Without a session. */
export const HELD = 'perhaps still in the browser when the line died';
export const UNANSWERED = 'on the way when the line died';
/** With one. */
export const HUNG_UP = 'you hung up before the server had answered';
/** Either way, of what never went out. */
export const DROPPED = 'you hung up first, or too much was waiting';

/** @type {Record<ResetReason, string>} */
export const resets = {
  expired: 'you were away for longer than the server keeps a session',
  unknown: 'the server forgot the session',
  overflow: 'the server had more to tell this page than it keeps',
  lost: 'the server lost a part of the session',
  state: 'both ends disagreed about the session',
  rejected: 'the server did not let us resume the session',
  ended: 'the server ended the session',
};

/**
 * Such as “8 unconfirmed: on the way when the line died, and nobody can tell”.
 *
 * @param {readonly Entry[]} entries
 * @returns {string}
 */
export function inWords(entries) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { fate, why } of entries) {
    const words = `${fate}${why === '' ? '' : `: ${why}`}`;
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  const parts = [...counts].map(([words, some]) => `${count(some)} ${words}`);
  const isDoubtful = entries.some(({ fate }) => fate !== 'not sent');
  return `${parts.join('; ')}${isDoubtful ? ', and nobody can tell' : ''}`;
}
