/**
 * What each fault did to what was said meanwhile: green or red, and why.
 *
 * @import { Ledger } from './ledger.js'
 * @import { Messages, Recording } from './messages.js'
 * @import { Line } from './socket.js'
 */
import { byId, element, setText } from './dom.js';
import { isAstray, isOpen } from './fates.js';
import { count } from './format.js';
import { everyTick } from './ticks.js';
import { inWords, resets } from './reasons.js';

const MOST_SHOWN = 20;

/** @typedef {ReturnType<typeof showVerdicts>} Verdicts */

/**
 * @typedef {object} Trial
 * @property {string[]} faults
 * @property {Recording} recording what was open when it began, and what was said until it was over
 * @property {boolean} hasBroken whether the line did
 * @property {boolean} isOver whether it is whole again
 * @property {string} note
 * @property {HTMLLIElement} item
 * @property {HTMLElement} name
 * @property {HTMLElement} words
 * @property {HTMLElement} besides what the plain WebSocket made of the same
 */

/**
 * @param {Line} socket
 * @param {Messages} messages
 * @param {{ hasSession: boolean, plain: Ledger }} settings
 */
export function showVerdicts(socket, messages, { hasSession, plain }) {
  const list = byId('verdicts', HTMLOListElement);
  const announcement = byId('announcement', HTMLElement);
  /** @type {Trial[]} newest first */
  const trials = [];

  /** @returns {Trial | undefined} the one that is under way */
  const current = () => trials.find(({ isOver }) => !isOver);

  /** @param {string} fault another one while the line is broken is part of the same trial */
  function begin(fault) {
    const trial = current() ?? add();
    if (!trial.faults.includes(fault)) trial.faults.push(fault);
    trial.name.textContent = trial.faults.join(', ');
    return trial;
  }

  function add() {
    const [name, words] = [element('b', ''), element('span', 'words')];
    const besides = element('span', 'besides');
    const item = element('li', '', name, words, besides);
    const recording = messages.record();
    /** @type {Trial} */
    const trial = {
      ...{ faults: [], recording, hasBroken: false, isOver: false, note: '' },
      ...{ item, name, words, besides },
    };
    trials.unshift(trial);
    list.prepend(item);
    if (trials.length > MOST_SHOWN) trials.pop()?.item.remove();
    return trial;
  }

  function end() {
    const trial = current();
    if (!trial) return;
    trial.isOver = true;
    trial.recording.stop();
  }

  /** @param {string} why */
  function broke(why) {
    (current() ?? begin(why)).hasBroken = true;
  }

  let wasOpen = false;
  socket.on('open', () => {
    wasOpen = true;
    if (current()?.hasBroken) end();
  });
  socket.on('close', ({ code, cause }) => {
    // Whoever hangs up has broken nothing.
    if (wasOpen && cause !== 'client') broke(`lost, ${code}`);
    wasOpen = false;
  });
  socket.on('status', ({ status }) => {
    if (status === 'closed') end();
  });
  socket.on('session', ({ reset }) => {
    const trial = current();
    if (!reset || !trial) return;
    const lost = reset.unknown.length;
    trial.note = `${resets[reset.reason]}: ${lost === 0 ? 'nothing was under way' : `${count(lost)} unknown`}`;
  });

  everyTick(() => {
    for (const trial of trials) {
      const { state, words } = verdictOn(trial, hasSession);
      const hasSettled = trial.item.dataset['state'] === 'pending' && state !== 'pending';
      trial.item.dataset['state'] = state;
      setText(trial.words, words);
      setText(trial.besides, besides(trial.recording, plain));
      if (hasSettled) announcement.textContent = `${trial.faults.join(', ')}: ${words}`;
    }
  });

  return { begin, end };
}

/**
 * @param {Recording} recording
 * @param {Ledger} plain
 */
function besides({ entries }, plain) {
  const lost = [...entries].filter(({ message }) => plain.standingOf(message.id) === 'lost').length;
  return lost === 0 ? '' : `plain WebSocket: ${count(lost)} of ${count(entries.size)} lost`;
}

/**
 * @param {Trial} trial
 * @param {boolean} hasSession
 * @returns {{ state: 'pending' | 'good' | 'bad' | 'none', words: string }}
 */
function verdictOn({ recording, isOver, note }, hasSession) {
  const entries = [...recording.entries];
  const total = count(entries.length);
  const arrived = entries.filter(({ fate }) => fate === 'seen' || fate === 'acknowledged').length;
  const known = `${count(arrived)} of ${total} ${hasSession ? 'acknowledged' : 'seen'}`;
  const open = entries.filter(({ fate }) => isOpen(fate)).length;
  const astray = entries.filter(({ fate }) => isAstray(fate));
  const extra = note === '' || astray.length > 0 ? '' : ` · ${note}`;
  if (!isOver || open > 0) {
    const rest = open > 0 ? `, ${count(open)} ${hasSession ? 'waiting' : 'on their way'}` : '';
    const lost = astray.length > 0 ? `, ${inWords(astray)}` : '';
    return { state: 'pending', words: `${known}${rest}${lost}` };
  }
  if (entries.length === 0) {
    return { state: 'none', words: `nothing was said meanwhile${extra}` };
  }
  if (astray.length > 0) return { state: 'bad', words: `${known}, ${inWords(astray)}` };
  return { state: 'good', words: `${known}${extra}` };
}
