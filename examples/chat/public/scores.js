/**
 * What each line has lost, for all that is known.
 *
 * @import { Ledger } from './ledger.js'
 */
import { byId, element, setText } from './dom.js';
import { count } from './format.js';
import { everyTick } from './ticks.js';

/** @param {{ held: Ledger, plain: Ledger }} ledgers */
export function showScores({ held, plain }) {
  showScore(byId('score-held', HTMLElement), held);
  showScore(byId('score-plain', HTMLElement), plain);
}

/**
 * @param {HTMLElement} place
 * @param {Ledger} ledger
 */
function showScore(place, ledger) {
  const [lost, rest] = [element('b', 'lost', '0'), element('span', '')];
  const waiting = element('span', 'muted');
  place.append(lost, ' ', rest, ' ', waiting);
  everyTick(() => {
    const { due, lost: gone, waiting: open } = ledger.counts;
    place.dataset['state'] = gone > 0 ? 'bad' : 'good';
    setText(lost, count(gone));
    setText(rest, `lost of ${count(due)}`);
    setText(waiting, open > 0 ? `${count(open)} on their way` : '');
  });
}
