/**
 * The buttons. They go to the server by plain HTTP, past the line that they break.
 *
 * @import { Bursts } from './bursts.js'
 * @import { Line } from './socket.js'
 * @import { Timeline } from './timeline.js'
 */
import { byId, setText } from './dom.js';
import { everyFrame } from './frames.js';

/**
 * @param {Line} socket
 * @param {string} client
 * @param {{ timeline: Timeline, bursts: Bursts }} views
 */
export function wireFaults(socket, client, { timeline, bursts }) {
  const heal = byId('heal', HTMLButtonElement);
  const slow = byId('slow', HTMLButtonElement);

  for (const button of document.querySelectorAll('button[data-fault]')) {
    if (button instanceof HTMLButtonElement) {
      button.addEventListener('click', () => void press(button));
    }
  }
  byId('burst-up', HTMLButtonElement).addEventListener('click', () => {
    timeline.mark('1,000 from me');
    bursts.send();
  });
  // A new line is neither slow nor black-holed; the old one may still be healed.
  socket.on('open', () => slow.setAttribute('aria-pressed', 'false'));

  /** @param {HTMLButtonElement} button */
  async function press(button) {
    const isSlowing = button === slow && slow.getAttribute('aria-pressed') === 'false';
    const fault = button === slow && !isSlowing ? 'full-speed' : button.dataset['fault'];
    const lasts = Number(button.dataset['lasts'] ?? 0);
    const problem = await order(String(fault), client);
    byId('fault-problem', HTMLElement).textContent = problem;
    if (problem !== '') return;
    timeline.mark(fault === 'full-speed' ? 'full speed' : (button.dataset['mark'] ?? ''), lasts);
    if (lasts > 0) countDown(button, Date.now() + lasts);
    if (button === slow) slow.setAttribute('aria-pressed', String(isSlowing));
    if (fault === 'black-hole' || fault === 'heal') heal.disabled = fault === 'heal';
  }
}

/**
 * @param {string} fault
 * @param {string} client
 * @returns {Promise<string>} what is wrong; empty when nothing is
 */
async function order(fault, client) {
  try {
    const { ok, status } = await fetch(`/faults/${fault}?client=${client}`, { method: 'POST' });
    if (status === 409) return 'There is no line to send anything on.';
    return ok ? '' : `The server answered ${status}.`;
  } catch {
    return 'The server is not there. Start it again: npm start';
  }
}

/** @type {Map<HTMLButtonElement, number>} until when its fault lasts */
const lasting = new Map();

/**
 * @param {HTMLButtonElement} button
 * @param {number} until
 */
function countDown(button, until) {
  if (lasting.size === 0) everyFrame(showRemaining);
  lasting.set(button, until);
}

/** @param {number} now */
function showRemaining(now) {
  for (const [button, until] of lasting) {
    const left = Math.max(0, Math.ceil((until - now) / 1_000));
    const badge = button.querySelector('.left');
    if (badge) setText(badge, left > 0 ? `${left} s` : '');
  }
}
