/**
 * The list of messages, in the order in which this page came to know them: what was read is not moved.
 *
 * @import { Outcome } from '../../../src/index.js'
 * @import { Fate } from './fates.js'
 * @import { Item, Standing } from './ledger.js'
 * @import { Said } from './socket.js'
 */
import { element, setText } from './dom.js';
import { fateOf, isOpen } from './fates.js';
import { DROPPED, HELD, UNANSWERED } from './reasons.js';

/** @typedef {{ id: string, room: string, name: string, text: string, at: number }} Message */

/**
 * @typedef {object} Entry
 * @property {Message} message
 * @property {boolean} isMine
 * @property {HTMLLIElement} item
 * @property {HTMLElement} label
 * @property {HTMLElement} plain what became of it on the plain WebSocket
 * @property {Fate} fate
 * @property {string} why nobody can tell what became of it; or it was not sent
 */

/** @typedef {{ entries: ReadonlySet<Entry>, stop: () => void }} Recording */

/** @typedef {ReturnType<typeof createMessageList>} Messages */

const MOST_SHOWN = 300;

/** @type {Record<Item['way'], Record<Standing, string>>} */
const inPlainWords = {
  out: { open: 'sent', arrived: 'arrived', lost: 'lost' },
  in: { open: 'said', arrived: 'heard', lost: 'missed' },
};
/**
 * @param {{ log: HTMLElement, list: HTMLOListElement }} places
 * @param {{ hasSession: boolean, settled: (id: string, fate: Fate) => void }} owner
 */
export function createMessageList({ log, list }, { hasSession, settled }) {
  /** @type {Map<string, Entry>} */
  const entries = new Map();
  /** @type {Set<Set<Entry>>} */
  const recordings = new Set();
  /** @type {Map<string, Item>} of what is not in the list yet, but on the plain WebSocket */
  const ahead = new Map();
  let shown = '';
  let isAtEnd = true;

  log.addEventListener('scroll', () => {
    isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  });
  // Once a frame at most, whatever has made the list longer, or its window smaller.
  const growth = new ResizeObserver(() => {
    if (isAtEnd) log.scrollTop = log.scrollHeight;
  });
  growth.observe(log);
  growth.observe(list);

  /**
   * @param {Message} message
   * @param {boolean} isMine
   * @returns {Entry}
   */
  function create(message, isMine) {
    const label = element('span', 'fate');
    const plain = element('span', 'plain');
    const name = element('b', '', isMine ? 'You' : message.name);
    const words = element('p', 'words', name, ' ', message.text);
    const item = element('li', isMine ? 'mine' : '', words, label, plain);
    item.dataset['room'] = message.room;
    item.hidden = message.room !== shown;
    const fate = /** @type {Fate} */ ('seen');
    const entry = { message, isMine, item, label, plain, fate, why: '' };
    entries.set(message.id, entry);
    const known = ahead.get(message.id);
    ahead.delete(message.id);
    if (known) compare(entry, known);
    if (entries.size > MOST_SHOWN) forgetOldest();
    return entry;
  }

  function forgetOldest() {
    for (const [id, { item, fate }] of entries) {
      if (fate !== 'seen' && fate !== 'acknowledged') continue;
      item.remove();
      entries.delete(id);
      return;
    }
  }

  /**
   * @param {Entry} entry
   * @param {Fate} fate
   * @param {string} [why]
   */
  function settle(entry, fate, why = '') {
    entry.fate = fate;
    entry.why = why;
    entry.item.dataset['fate'] = fate;
    const word = entry.isMine ? fate : 'heard';
    entry.label.textContent = why === '' ? word : `${word}: ${why}`;
    settled(entry.message.id, fate);
  }

  /**
   * @param {Entry} entry
   * @param {Item} item
   */
  function compare({ plain }, { way, standing, why }) {
    const words = inPlainWords[way][standing];
    plain.dataset['standing'] = standing;
    setText(plain, why === '' ? words : `${words}: ${why}`);
  }

  return {
    /** @param {Message} message that we are about to send, perhaps again */
    add(message) {
      const entry = entries.get(message.id) ?? create(message, true);
      list.append(entry.item);
      for (const recording of recordings) recording.add(entry);
      isAtEnd = true;
    },

    /**
     * @param {string} id
     * @param {Outcome} outcome
     */
    mark(id, outcome) {
      const entry = entries.get(id);
      if (!entry) return;
      const fate = fateOf(outcome, hasSession);
      // What came back has arrived, whatever else is not known.
      const isKnown = entry.item.dataset['seen'] !== undefined && fate !== 'acknowledged';
      if (isKnown) settle(entry, isOpen(fate) ? fate : 'seen');
      else if (fate === 'unconfirmed') settle(entry, fate, HELD);
      else settle(entry, fate, fate === 'not sent' ? DROPPED : '');
    },

    /** @param {Said} said */
    seen(said) {
      const entry = entries.get(said.id) ?? create(said, false);
      const { dataset, isConnected } = entry.item;
      if (dataset['seen'] !== undefined) return;
      dataset['seen'] = '';
      if (!isConnected) list.append(entry.item);
      // With a session, that it was acknowledged is a word of its own, which is about to come.
      if (entry.fate !== 'waiting' && entry.fate !== 'acknowledged') settle(entry, 'seen');
    },

    /**
     * @param {string} id
     * @param {Item} item what became of it on the plain WebSocket
     */
    compare(id, item) {
      const entry = entries.get(id);
      if (entry) compare(entry, item);
      else ahead.set(id, item);
      // Most of all of what nobody will ever bring here.
      if (ahead.size > MOST_SHOWN) ahead.delete(String(ahead.keys().next().value));
    },

    /** What was sent and not seen before the line broke: nobody knows. */
    doubt() {
      for (const entry of entries.values()) {
        if (entry.fate === 'sent') settle(entry, 'unconfirmed', UNANSWERED);
      }
    },

    /** @param {string} why it is not known what became of those that have just become unknown */
    explain(why) {
      for (const entry of entries.values()) {
        if (entry.fate === 'unknown' && entry.why === '') settle(entry, 'unknown', why);
      }
    },

    /**
     * Collects what is open, and what is said from now on.
     *
     * @returns {Recording}
     */
    record() {
      const recording = new Set([...entries.values()].filter(({ fate }) => isOpen(fate)));
      recordings.add(recording);
      return { entries: recording, stop: () => recordings.delete(recording) };
    },

    /** @param {Fate} wanted */
    having(wanted) {
      return [...entries.values()].filter(({ fate }) => fate === wanted);
    },

    /** @param {string} room */
    show(room) {
      shown = room;
      for (const { item } of entries.values()) item.hidden = item.dataset['room'] !== room;
      isAtEnd = true;
    },
  };
}
