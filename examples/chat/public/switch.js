/**
 * With a session, or without: two addresses, so that both can be open side by side.
 *
 * @import { Library } from './socket.js'
 */

/** Tests want to talk themselves: `?talk=off`. */
export const talksByItself = () => new URLSearchParams(location.search).get('talk') !== 'off';

/** @param {Library} library @returns {Library['sessions']} what a session takes, where there is to be one */
export function chosenSessions({ sessions }) {
  const isOff = new URLSearchParams(location.search).get('session') === 'off';
  const chosen = isOff ? undefined : sessions;
  const state = chosen ? 'on' : 'off';
  document.documentElement.dataset['session'] = state;
  for (const link of document.querySelectorAll('a[data-to]')) {
    if (!(link instanceof HTMLAnchorElement)) continue;
    if (link.dataset['to'] === state) link.setAttribute('aria-current', 'true');
    // Into the same room, which may have changed until then.
    link.addEventListener('click', () => (link.hash = location.hash));
  }
  return chosen;
}
