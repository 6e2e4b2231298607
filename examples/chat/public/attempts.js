/**
 * Every attempt: how long it waited, what became of it, and when the next one comes.
 *
 * @import { Line } from './socket.js'
 */
import { byId, element, setText } from './dom.js';
import { duration } from './format.js';
import { everyTick } from './ticks.js';

const MOST_SHOWN = 30;

/** @param {Line} socket */
export function showAttempts(socket) {
  const list = byId('attempts', HTMLOListElement);
  let waited = 0;
  let startedAt = 0;
  /** @type {{ item: HTMLLIElement, outcome: HTMLElement } | undefined} */
  let latest;

  /**
   * @param {string} state
   * @param {string} text
   */
  function settle(state, text) {
    if (!latest) return;
    latest.item.dataset['state'] = state;
    latest.outcome.textContent = text;
  }

  socket.on('status', ({ status, attempt }) => {
    if (status !== 'connecting') return;
    startedAt = Date.now();
    const outcome = element('span', 'outcome', 'connecting…');
    const which = attempt > 0 ? `retry ${attempt}` : latest ? 'anew' : 'first';
    const number = element('span', 'number', which);
    const wait = element('span', 'wait', waited === 0 ? 'at once' : `after ${duration(waited)}`);
    latest = { item: element('li', '', number, wait, outcome), outcome };
    latest.item.dataset['state'] = 'connecting';
    list.prepend(latest.item);
    while (list.children.length > MOST_SHOWN) list.lastElementChild?.remove();
    waited = 0;
  });
  socket.on('open', () => {
    settle('open', `open in ${duration(Date.now() - startedAt)}`);
    startedAt = Date.now();
  });
  socket.on('close', ({ code, cause }) => {
    const wasOpen = latest?.item.dataset['state'] === 'open';
    const verb = wasOpen ? 'lost after' : 'failed in';
    settle(
      wasOpen ? 'lost' : 'failed',
      `${verb} ${duration(Date.now() - startedAt)}: ${code} ${cause}`,
    );
  });
  socket.on('retry', ({ delay }) => (waited = delay));

  showCountdown(socket, () => waited);
}

/**
 * @param {Line} socket
 * @param {() => number} delay how long the present wait is, in milliseconds
 */
function showCountdown(socket, delay) {
  const next = byId('next', HTMLElement);
  const [text, bar] = [byId('next-text', HTMLElement), byId('next-bar', HTMLProgressElement)];
  everyTick((now) => {
    const { status, retryAt, attempt } = socket.getSnapshot();
    const left = Math.max(0, (retryAt ?? now) - now);
    next.dataset['waiting'] = String(status === 'waiting');
    setText(text, status === 'waiting' ? `Retry ${attempt} in ${(left / 1_000).toFixed(1)} s` : '');
    bar.value = status === 'waiting' && delay() > 0 ? 1 - left / delay() : 0;
  });
  byId('now', HTMLButtonElement).addEventListener('click', () => socket.connect());
}
