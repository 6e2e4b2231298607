/**
 * What may become of a message, and how far a session, or the lack of one, lets us know.
 *
 * @import { Outcome } from '../../../src/index.js'
 *
 * @typedef {'queued' | 'sent' | 'seen' | 'unconfirmed' | 'not sent'} PlainFate
 * @typedef {'waiting' | 'acknowledged' | 'seen' | 'unknown' | 'not sent'} SessionFate
 * @typedef {PlainFate | SessionFate} Fate
 */

/** @type {readonly Fate[]} these are not the last word */
const OPEN = ['queued', 'sent', 'waiting'];
/** @type {readonly Fate[]} of these the worst must be expected */
export const ASTRAY = ['unknown', 'unconfirmed', 'not sent'];

/** @type {{ [Key in Outcome]?: Fate }} */
const withSession = {
  queued: 'waiting',
  sent: 'waiting',
  acknowledged: 'acknowledged',
  unknown: 'unknown',
};
/** @type {{ [Key in Outcome]?: Fate }} */
const without = { queued: 'queued', sent: 'sent', unknown: 'unconfirmed' };

/**
 * @param {Outcome} outcome
 * @param {boolean} hasSession
 * @returns {Fate}
 */
export function fateOf(outcome, hasSession) {
  return (hasSession ? withSession : without)[outcome] ?? 'not sent';
}

/** @param {Fate} fate */
export const isOpen = (fate) => OPEN.includes(fate);

/** @param {Fate} fate */
export const isAstray = (fate) => ASTRAY.includes(fate);
