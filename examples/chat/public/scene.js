/**
 * Half a minute in which both lines go through what lines go through, and are counted afterwards.
 *
 * @import { Ledger } from './ledger.js'
 * @import { Conversation } from './conversation.js'
 * @import { Narrator } from './narrator.js'
 */
import { byId, setText } from './dom.js';
import { count } from './format.js';
import { everyTick, liven } from './ticks.js';

/** @type {{ at: number, fault?: string, words: string }[]} `at` in seconds */
const steps = [
  { at: 0, words: 'You and Ada talk: each sentence goes over both lines.' },
  {
    at: 3,
    fault: 'drop',
    words: 'A train enters a tunnel: both connections are reset. Each line opens another one.',
  },
  {
    at: 8,
    fault: 'restart',
    words: 'You deploy: the server restarts, and nobody is there for 3 seconds. holdline waits.',
  },
  {
    at: 16,
    fault: 'black-hole',
    words:
      'A router forgets the connections and tells nobody. The plain one goes on as if it were open; holdline pings.',
  },
  {
    at: 26,
    fault: 'drop',
    words: 'Both are reset: only now does the plain one learn that it was dead.',
  },
];
/** When the talking ends, so that what is on its way has the time to arrive; and when it is over. */
const LAST_WORDS = 26;
const LENGTH = 30;

/**
 * @param {object} stage
 * @param {{ held: Ledger, plain: Ledger }} stage.ledgers
 * @param {Conversation} stage.conversation
 * @param {Narrator} stage.narrator
 * @param {(fault: string) => void} stage.press
 */
export function createScene({ ledgers, conversation, narrator, press }) {
  const play = byId('play', HTMLButtonElement);
  let startedAt = 0;
  let next = 0;
  let wasTalking = false;

  function begin() {
    liven();
    startedAt = Date.now();
    next = 0;
    wasTalking = conversation.isOn;
    for (const ledger of Object.values(ledgers)) ledger.reset();
    conversation.turn(true, { isLively: true });
    tick(startedAt);
  }

  /**
   * @param {string} words
   * @param {'good' | 'bad' | ''} [state]
   */
  function end(words, state) {
    startedAt = 0;
    conversation.turn(wasTalking);
    narrator.say(words, state);
    play.textContent = '▶ Play 30 seconds';
  }

  /** @param {number} now */
  function tick(now) {
    if (startedAt === 0) return;
    const seconds = (now - startedAt) / 1_000;
    for (let step; (step = steps[next]) && step.at <= seconds; next += 1) {
      if (step.fault !== undefined) press(step.fault);
      narrator.say(step.words);
    }
    if (seconds >= LAST_WORDS && conversation.isOn) conversation.turn(false);
    setText(play, `■ Stop · ${Math.ceil(LENGTH - seconds)} s`);
    if (seconds >= LENGTH) end(verdict(ledgers), ledgers.held.counts.lost === 0 ? 'good' : 'bad');
  }

  everyTick(tick);
  play.addEventListener('click', () => {
    if (startedAt === 0) begin();
    else end('Stopped.');
  });
}

/** @param {{ held: Ledger, plain: Ledger }} ledgers */
function verdict({ held, plain }) {
  const [ours, theirs] = [held.counts, plain.counts];
  const open = ours.waiting === 0 ? '' : `, ${count(ours.waiting)} on their way`;
  return [
    `In these 30 seconds holdline lost ${count(ours.lost)} of ${count(ours.due)}${open};`,
    `the plain WebSocket lost ${count(theirs.lost)} of ${count(theirs.due)}, and told nobody.`,
  ].join(' ');
}
