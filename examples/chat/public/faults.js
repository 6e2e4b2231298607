/**
 * The buttons. They go to the server by plain HTTP, past the line that they break.
 *
 * @import { Bursts } from './bursts.js'
 * @import { Line } from './socket.js'
 * @import { Narrator } from './narrator.js'
 * @import { Marks } from './timeline.js'
 * @import { Verdicts } from './verdicts.js'
 */
import { createCountdowns } from './countdowns.js';
import { byId } from './dom.js';
import { liven } from './ticks.js';

/** Of these the server does one at a time: what becomes of new lines. */
const OF_NEW_LINES = ['refuse', 'unplug'];
/** These break a line, or have broken it. */
const BREAKING = ['drop', 'black-hole', 'restart', 'crash', ...OF_NEW_LINES];

/**
 * @param {Line} socket
 * @param {string} client
 * @param {{ marks: Marks, bursts: Bursts, verdicts: Verdicts, narrator: Narrator }} views
 * @returns {(fault: string) => void} as if its button were pressed
 */
export function wireFaults(socket, client, { marks, bursts, verdicts, narrator }) {
  const heal = byId('heal', HTMLButtonElement);
  const slow = byId('slow', HTMLButtonElement);
  const countdowns = createCountdowns();

  /** @type {Map<string, HTMLButtonElement>} */
  const buttons = new Map();
  for (const button of document.querySelectorAll('button[data-fault]')) {
    if (!(button instanceof HTMLButtonElement)) continue;
    buttons.set(String(button.dataset['fault']), button);
    button.addEventListener('click', () => void press(button));
  }
  byId('burst-up', HTMLButtonElement).addEventListener('click', () => {
    marks.add('1,000 from me');
    bursts.send();
  });
  // The next line is neither slow nor black-holed; this one may still be healed.
  socket.on('close', () => slow.setAttribute('aria-pressed', 'false'));

  /** @param {HTMLButtonElement} button */
  async function press(button) {
    liven();
    const isSlowing = button === slow && slow.getAttribute('aria-pressed') === 'false';
    const fault = button === slow && !isSlowing ? 'full-speed' : String(button.dataset['fault']);
    const lasts = Number(button.dataset['lasts'] ?? 0);
    const arrived = fault === 'burst' ? bursts.expect() : undefined;
    // Before it happens: what is on its way now is part of it.
    if (BREAKING.includes(fault) && socket.status === 'open') verdicts.begin(nameOf(button));
    const problem = await order(fault, client);
    // Healed, or gone: either way there is nothing left to heal.
    if (fault === 'heal') heal.disabled = true;
    if (problem !== '') return narrator.say(problem, 'bad');
    arrived?.();
    if (fault === 'heal' && socket.status === 'open') verdicts.end();
    if (fault === 'black-hole') heal.disabled = false;
    if (OF_NEW_LINES.includes(fault)) countdowns.end(OF_NEW_LINES);
    const end = marks.add(fault === 'full-speed' ? 'full speed' : nameOf(button), lasts);
    if (lasts > 0) countdowns.begin(button, Date.now() + lasts, end);
    if (button === slow) slow.setAttribute('aria-pressed', String(isSlowing));
  }

  return (fault) => {
    const button = buttons.get(fault);
    if (button) void press(button);
  };
}

/** @param {HTMLButtonElement} button */
const nameOf = (button) => button.dataset['mark'] ?? '';

/**
 * @param {string} fault
 * @param {string} client
 * @returns {Promise<string>} what is wrong; empty when nothing is
 */
async function order(fault, client) {
  try {
    const response = await fetch(`/faults/${fault}?client=${client}`, { method: 'POST' });
    if (!response.ok) return `The server answered ${response.status}.`;
    const { found } = await response.json();
    if (found) return '';
    const isServers = fault === 'restart' || fault === 'crash';
    return isServers ? 'The server is down already.' : 'There is no line to do that to.';
  } catch {
    return 'The server is gone: npm start';
  }
}
