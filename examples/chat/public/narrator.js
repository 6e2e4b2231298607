/**
 * One line of words for whatever is pointed at, was pressed last, or is being played. It keeps its place:
 * nothing below it moves.
 */
import { byId } from './dom.js';

/** @typedef {ReturnType<typeof createNarrator>} Narrator */

export function createNarrator() {
  const place = byId('narrator', HTMLElement);
  let last = textOf(place);

  for (const button of document.querySelectorAll('.faults button')) {
    const tip = tipOf(button);
    for (const event of ['pointerenter', 'focus']) {
      button.addEventListener(event, () => (place.textContent = tip));
    }
    for (const event of ['pointerleave', 'blur']) {
      button.addEventListener(event, () => (place.textContent = last));
    }
    button.addEventListener('click', () => say(tip));
  }

  /**
   * @param {string} text
   * @param {'good' | 'bad' | ''} [state]
   */
  function say(text, state = '') {
    last = text;
    place.textContent = text;
    place.dataset['state'] = state;
  }

  return { say };
}

/** @param {Element} button */
const tipOf = (button) => textOf(byId(button.getAttribute('aria-describedby') ?? '', HTMLElement));

/** @param {Element} place as it is shown: in the page's source it is broken into lines */
const textOf = (place) => (place.textContent ?? '').trim().replaceAll(/\s+/g, ' ');
