/** @import { Messages } from './messages.js' */
import { byId, setText } from './dom.js';
import { ASTRAY } from './fates.js';
import { count } from './format.js';
import { everyTick } from './ticks.js';

/**
 * Whether the server has handled all that this page has said: the page may be left then.
 *
 * @param {() => number} unacknowledged
 * @param {Messages} messages
 */
export function showSaved(unacknowledged, messages) {
  const note = byId('saved', HTMLElement);
  everyTick(() => {
    const open = unacknowledged();
    const isUnsure = ASTRAY.some((fate) => messages.having(fate).length > 0);
    note.dataset['state'] = open > 0 ? 'pending' : isUnsure ? 'bad' : 'good';
    if (open > 0) setText(note, `${count(open)} not saved yet`);
    else setText(note, isUnsure ? 'not all is saved' : 'saved');
  });
}
