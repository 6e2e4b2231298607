/**
 * Two people who plan a walk, so that both hands are free to break things. What Ada says goes to the
 * server past the lines, by HTTP: it is said whether a line is there to bring it or not.
 */
import { byId } from './dom.js';

/** Until somebody says something again, in milliseconds. */
const CALM = 3_000;
const LIVELY = 1_000;

/** @typedef {ReturnType<typeof createConversation>} Conversation */

/** In turn: yours, hers. */
const lines = [
  'Shall we walk on Saturday?',
  'Yes! Along the coast?',
  'The coast, then. Which train?',
  'The 8:12. It is the quiet one.',
  'I will bring bread and cheese.',
  'I have apples, and a flask of tea.',
  'Does Grace come along?',
  'She does. She wants to see the seals.',
  'Are there seals in November?',
  'Most of all in November.',
  'How long is it to the lighthouse?',
  'Four hours, with a break.',
  'And if it rains?',
  'Then we are wet, and the tea is warm.',
  'I have two raincoats.',
  'Grace has none. Bring both.',
  'Is there a bus back?',
  'At five and at six. The last is at seven.',
  'Let us aim for the one at six.',
  'And eat at the harbour first.',
  'I know a place with soup.',
  'You always know a place with soup.',
  'So, 8:00 at the station?',
  '8:00. Do not be late this time.',
];

/**
 * @param {object} people
 * @param {(text: string) => void} people.say
 * @param {(text: string) => void} people.answer
 */
export function createConversation({ say, answer }) {
  const box = byId('talk', HTMLInputElement);
  let n = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;

  function next() {
    // To nobody, in a page that nobody sees.
    if (document.hidden) return;
    const words = lines[n % lines.length] ?? '';
    if (n % 2 === 0) say(words);
    else answer(words);
    n += 1;
  }

  /** @param {number} pause */
  function follow(pause) {
    clearInterval(timer);
    if (!box.checked) return;
    next();
    timer = setInterval(next, pause);
  }

  box.addEventListener('change', () => follow(CALM));

  return {
    get isOn() {
      return box.checked;
    },

    /**
     * @param {boolean} isOn
     * @param {{ isLively?: boolean }} [mood]
     */
    turn(isOn, { isLively = false } = {}) {
      box.checked = isOn;
      follow(isLively ? LIVELY : CALM);
    },
  };
}
