/**
 * The list of messages. What the server has seen stands in the server's order; what it has not, below.
 *
 * @import { Outcome } from '../../../src/index.js'
 * @import { Fate } from './fates.js'
 * @import { Said } from './socket.js'
 */
import { element } from './dom.js';
import { fateOf, isOpen } from './fates.js';
import { clock } from './format.js';
import { DROPPED, HELD, UNANSWERED } from './reasons.js';

/** @typedef {{ id: string, room: string, name: string, text: string, at: number }} Message */

/**
 * @typedef {object} Entry
 * @property {Message} message
 * @property {HTMLLIElement} item
 * @property {HTMLElement} label
 * @property {Fate} fate
 * @property {string} why nobody can tell what became of it; or it was not sent
 */

/** @typedef {{ entries: ReadonlySet<Entry>, stop: () => void }} Recording */

/** @typedef {ReturnType<typeof createMessageList>} Messages */

const MOST_SHOWN = 300;
/** What the server has not shown us yet. */
const UNSEEN = ['queued', 'sent', 'waiting'].map((fate) => `[data-fate=${fate}]:not([data-seen])`);

/**
 * @param {HTMLOListElement} list
 * @param {boolean} hasSession
 */
export function createMessageList(list, hasSession) {
  /** @type {Map<string, Entry>} */
  const entries = new Map();
  /** @type {Set<Set<Entry>>} */
  const recordings = new Set();
  let shown = '';
  let isAtEnd = true;

  list.addEventListener('scroll', () => {
    isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  });
  // The list is what gives way when the window shrinks, or when something below it appears.
  new ResizeObserver(() => keepTheEndInView()).observe(list);

  function keepTheEndInView() {
    if (isAtEnd) scrollToEnd();
  }

  function scrollToEnd() {
    list.scrollTop = list.scrollHeight;
    isAtEnd = true;
  }

  /**
   * @param {Message} message
   * @param {boolean} isMine
   * @returns {Entry}
   */
  function create(message, isMine) {
    const label = element('span', 'fate');
    const time = element('time', '', clock(message.at));
    const by = isMine ? '' : element('span', 'by', element('b', '', message.name), ' ', time);
    const fate = isMine ? element('span', 'foot', time, ' ', label) : '';
    const item = element('li', isMine ? 'mine' : '', by, element('p', '', message.text), fate);
    item.dataset['room'] = message.room;
    item.hidden = message.room !== shown;
    const entry = { message, item, label, fate: /** @type {Fate} */ ('seen'), why: '' };
    entries.set(message.id, entry);
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
    entry.label.textContent = fate;
    entry.label.title = why;
    keepTheEndInView();
  }

  return {
    /** @param {Message} message that we are about to send, perhaps again */
    add(message) {
      const entry = entries.get(message.id) ?? create(message, true);
      list.append(entry.item);
      for (const recording of recordings) recording.add(entry);
      scrollToEnd();
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
      if (isConnected && dataset['seen'] !== undefined) return;
      dataset['seen'] = '';
      list.insertBefore(entry.item, list.querySelector(UNSEEN.join()));
      // With a session, that it was acknowledged is a word of its own, which is about to come.
      if (entry.fate === 'waiting' || entry.fate === 'acknowledged') keepTheEndInView();
      else settle(entry, 'seen');
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
      scrollToEnd();
    },
  };
}
