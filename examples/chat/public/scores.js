/**
 * What each line has lost, for all that is known.
 *
 * @import { Ledger } from './ledger.js'
 */
import { byId, element, setText } from './dom.js';
import { count } from './format.js';
import { everyTick } from './ticks.js';

/** Who has waited for this long, in milliseconds, and has no session, cannot know: a zero is no good news any more. */
const DOUBTFUL_AFTER = 3_000;

/**
 * @param {{ held: Ledger, plain: Ledger }} ledgers
 * @param {boolean} hasSession
 */
export function showScores({ held, plain }, hasSession) {
  showScore(byId('score-held', HTMLElement), held, hasSession);
  showScore(byId('score-plain', HTMLElement), plain, false);
}

/**
 * @param {HTMLElement} place
 * @param {Ledger} ledger
 * @param {boolean} hasSession
 */
function showScore(place, ledger, hasSession) {
  const [lost, rest] = [element('b', 'lost', '0'), element('span', '')];
  const waiting = element('span', 'muted');
  place.append(lost, ' ', rest, ' ', waiting);
  everyTick((now) => {
    const { due, lost: gone, waiting: open } = ledger.counts;
    const isDoubtful = !hasSession && now - (ledger.openSince ?? now) > DOUBTFUL_AFTER;
    place.dataset['state'] = gone > 0 ? 'bad' : isDoubtful ? 'pending' : 'good';
    setText(lost, count(gone));
    setText(rest, `lost of ${count(due)}`);
    setText(waiting, open > 0 ? `${count(open)} ${isDoubtful ? 'in doubt' : 'on their way'}` : '');
  });
}
